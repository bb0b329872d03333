"""Workshop for iCalendar: invitations out. Knows no database and sends nothing."""
