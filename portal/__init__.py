"""Someone Who Gets It: people going through something hard meet a peer who has been through the same.

Layers outside, subjects inside, one word for one subject in every room:
domain (rules), models (tables), queries (every SELECT), services (verbs: one is one transaction),
mail and calendars (workshops: letters, iCalendar), jobs (what the queue calls), web (HTTP in, HTML out), migrations.
Subjects: account, experience, matching, slots, booking, notice, care, crisis.
Only app.py and cli.py know every room; tests/house holds who may import whom.
"""
