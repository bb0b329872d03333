"""Whom these tests ask for, and what must be told nowhere."""

MAIL = "robin@example.org"
SECRET = "what somebody typed about her night"
ALWAYS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
