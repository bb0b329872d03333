"""Workshop for iCalendar: invitations out, busy times in. Knows no database and sends nothing."""
