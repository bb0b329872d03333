"""Workshop for letters: what they say, how they look as MIME, and how SMTP takes them. Knows no database."""
