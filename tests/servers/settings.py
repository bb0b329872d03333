"""The settings of tests: real in form, secret to nobody."""

import base64
import os
from pathlib import Path

SECRET_KEY = "a key for tests only, known to everybody who reads this"
ENCRYPTION_KEYS = "test:" + base64.b64encode(b"thirty-two bytes, known to all..").decode()


def environ_for(
    database_url: str,
    var: Path,
    *,
    redis_url: str = "unix:///nowhere/valkey.sock",
    smtp_url: str = "smtp://127.0.0.1:9",
    base_url: str = "http://localhost",
    mode: str = "demo",
) -> dict[str, str]:
    """Return an environment with all settings of a site; nothing of this machine's own settings gets in."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    return kept | {
        "PORTAL_MODE": mode,
        "SECRET_KEY": SECRET_KEY,
        "ENCRYPTION_KEYS": ENCRYPTION_KEYS,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SMTP_URL": smtp_url,
        "BASE_URL": base_url,
        "PORTAL_VAR": str(var),
    }
