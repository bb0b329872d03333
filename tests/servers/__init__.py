"""Real servers for the tests: PostgreSQL, Valkey, an SMTP server with moods, a browser, a whole running site."""
