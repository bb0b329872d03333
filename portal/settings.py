"""Settings from the environment: frozen, checked at the start, refused with a sentence when wrong."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

TWILIO = "https://api.twilio.com"


class Mode(StrEnum):
    """Demo shows invented people and lets anybody be one of them; production never does."""

    DEMO = "demo"
    PRODUCTION = "production"


class SettingsError(Exception):
    """A sentence that says which setting is missing or wrong, and what it should be."""


@dataclass(frozen=True)
class Texts:
    """The account that text messages go by (Twilio), what they come from, and the countries they go to."""

    account: str
    token: str = field(repr=False)
    sender: str
    base_url: str
    countries: tuple[str, ...]


@dataclass(frozen=True)
class Settings:
    """Everything the program takes from outside."""

    mode: Mode
    secret_key: str
    encryption_keys: tuple[tuple[str, bytes], ...]
    database_url: str
    redis_url: str
    smtp_url: str
    base_url: str
    sender: str
    leave_to: str
    var: Path
    demo_mailbox: Path | None
    proxies: int
    crisis_country: str
    inbound: str = ""
    dkim_key: Path | None = None
    dkim_selector: str = "portal"
    metrics: tuple[str, int] | None = None
    texts: "Texts | None" = None
    push_key: str = field(default="", repr=False)

    @property
    def demo(self) -> bool:
        """Say whether anybody may try the site as an invented person."""
        return self.mode is Mode.DEMO

    @property
    def secure(self) -> bool:
        """Say whether the site is reached by TLS, so that cookies may insist on it."""
        return self.base_url.startswith("https://")


def load(environ: Mapping[str, str]) -> Settings:
    """Read the settings; raises SettingsError with a sentence for the first that is wrong."""
    mode = _mode(environ)
    base_url = _url(
        environ, "BASE_URL", ("http", "https"), "the address people open, such as https://portal.example.org"
    )
    database_url = _url(environ, "DATABASE_URL", ("sqlite", "postgresql"), "postgresql://… or sqlite:///…")
    smtp_url = _url(environ, "SMTP_URL", ("smtp", "smtps"), "smtp://user:password@host:port or smtps://…")
    host = urlsplit(base_url).hostname or ""
    tls, here = base_url.startswith("https://"), _is_loopback(host)
    if mode is Mode.PRODUCTION and not tls and not here:
        raise SettingsError("BASE_URL must begin with https:// where PORTAL_MODE is production.")
    if mode is Mode.DEMO and tls and not here:
        raise SettingsError(
            "PORTAL_MODE is demo, where anybody may be anybody, and BASE_URL looks like a real site; "
            "set PORTAL_MODE=production."
        )
    mailbox = environ.get("DEMO_MAILBOX", "")
    if mailbox and mode is Mode.PRODUCTION:
        raise SettingsError("DEMO_MAILBOX shows everybody's letters; take it out where PORTAL_MODE is production.")
    return Settings(
        mode=mode,
        secret_key=_secret(environ),
        encryption_keys=_keys(environ),
        database_url=database_url,
        redis_url=_url(environ, "REDIS_URL", ("redis", "rediss", "unix"), "redis://host:port/0 or unix:///path"),
        smtp_url=smtp_url,
        base_url=base_url.rstrip("/"),
        sender=environ.get("MAIL_FROM", f"hello@{host if '.' in host else 'portal.example'}"),
        leave_to=environ.get("LEAVE_TO", "https://www.wikipedia.org/"),
        var=Path(environ.get("PORTAL_VAR", "var")),
        demo_mailbox=Path(mailbox) if mailbox else None,
        proxies=_whole_number(environ, "PROXIES", 0),
        crisis_country=environ.get("CRISIS_COUNTRY", "US"),
        inbound=_inbound(environ),
        dkim_key=Path(environ["DKIM_KEY"]) if environ.get("DKIM_KEY") else None,
        dkim_selector=_selector(environ),
        metrics=_metrics(environ),
        texts=_texts(environ, mode),
        push_key=_push_key(environ),
    )


def _mode(environ: Mapping[str, str]) -> Mode:
    given = environ.get("PORTAL_MODE", "")
    if given not in set(Mode):
        raise SettingsError("PORTAL_MODE must be production or demo.")
    return Mode(given)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _secret(environ: Mapping[str, str]) -> str:
    secret = environ.get("SECRET_KEY", "")
    if len(secret) < 32:
        raise SettingsError("SECRET_KEY is missing or shorter than 32 characters; make one with: openssl rand -hex 32")
    return secret


def _keys(environ: Mapping[str, str]) -> tuple[tuple[str, bytes], ...]:
    sentence = (
        "ENCRYPTION_KEYS must be id:key pairs with commas between, the newest first, each key 32 bytes in base64; "
        "make one with: echo k1:$(openssl rand -base64 32)"
    )
    pairs = [pair.strip().partition(":") for pair in environ.get("ENCRYPTION_KEYS", "").split(",") if pair.strip()]
    keys: list[tuple[str, bytes]] = []
    for key_id, _, text in pairs:
        try:
            key = base64.b64decode(text, altchars=b"-_" if "-" in text or "_" in text else None, validate=True)
        except (binascii.Error, ValueError):
            raise SettingsError(sentence) from None
        if not key_id.isalnum() or len(key) != 32:
            raise SettingsError(sentence)
        keys.append((key_id, key))
    if not keys or len({key_id for key_id, _ in keys}) != len(keys):
        raise SettingsError(sentence)
    return tuple(keys)


def _url(environ: Mapping[str, str], name: str, schemes: tuple[str, ...], example: str) -> str:
    url = environ.get(name, "")
    scheme = urlsplit(url).scheme.partition("+")[0]
    if scheme not in schemes:
        raise SettingsError(f"{name} is missing or not an address this program knows: {example}.")
    return url


def _inbound(environ: Mapping[str, str]) -> str:
    """Return where answers from calendars are heard, or nothing: a listener on this machine, or a folder."""
    sentence = (
        "INBOUND must be lmtp://127.0.0.1:port or smtp://127.0.0.1:port, which only this machine reaches, "
        "or maildir:///a/folder."
    )
    given = environ.get("INBOUND", "")
    try:
        place = urlsplit(given)
        listens = place.scheme in ("lmtp", "smtp") and _is_loopback(place.hostname or "") and place.port is not None
    except ValueError:
        raise SettingsError(sentence) from None
    reads = place.scheme == "maildir" and not place.netloc and place.path.startswith("/")
    if given and not (listens or reads):
        raise SettingsError(sentence)
    return given


def _selector(environ: Mapping[str, str]) -> str:
    given = environ.get("DKIM_SELECTOR", "portal")
    if not given.isascii() or not all(label.replace("-", "").isalnum() for label in given.split(".")):
        raise SettingsError("DKIM_SELECTOR must be a name such as portal or portal-2026.")
    return given


def _metrics(environ: Mapping[str, str]) -> tuple[str, int] | None:
    """Return where figures are handed out, or None: address and port."""
    given = environ.get("METRICS", "")
    if not given:
        return None
    try:
        place = urlsplit(f"//{given}")
        host, port = place.hostname or "", place.port
        ip_address(host)
    except ValueError:
        port = None
    if port is None:
        raise SettingsError("METRICS must be an address of this machine and a port, such as 127.0.0.1:9464.")
    return host, port


def _texts(environ: Mapping[str, str], mode: Mode) -> Texts | None:
    """Return the account of text messages, or nothing where none of its settings is there."""
    names = ("TEXTS_ACCOUNT", "TEXTS_TOKEN", "TEXTS_FROM")
    account, token, sender = (environ.get(name, "") for name in names)
    if not (account or token or sender):
        return None
    if not re.fullmatch("AC[0-9a-f]{32}", account):
        raise SettingsError("TEXTS_ACCOUNT must be the account's own name at Twilio: AC and 32 letters and digits.")
    if not token:
        raise SettingsError("TEXTS_TOKEN is missing: the account's token at Twilio, which also signs what it tells us.")
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}|MG[0-9a-f]{32}", sender):
        raise SettingsError("TEXTS_FROM must be a phone number such as +12025550123, or a messaging service (MG…).")
    base_url = environ.get("TEXTS_BASE_URL", TWILIO)
    host = urlsplit(base_url).hostname or ""
    if not base_url.startswith("https://") and not (_is_loopback(host) and mode is Mode.DEMO):
        raise SettingsError("TEXTS_BASE_URL must begin with https://; leave it out to use Twilio itself.")
    countries = environ.get("TEXTS_COUNTRIES", environ.get("CRISIS_COUNTRY", "US")).split(",")
    tidy = tuple(dict.fromkeys(country.strip().upper() for country in countries))
    if not all(re.fullmatch("[A-Z]{2}", country) for country in tidy):
        raise SettingsError("TEXTS_COUNTRIES must be countries of two letters with commas between, such as US,CA.")
    return Texts(account, token, sender, base_url.rstrip("/"), tidy)


def _push_key(environ: Mapping[str, str]) -> str:
    """Return the key that signs on devices are signed with, or nothing where they are off."""
    given = environ.get("PUSH_KEY", "")
    if given and not re.fullmatch("[A-Za-z0-9_-]{43}", given):
        raise SettingsError("PUSH_KEY must be a key made with: python3 -m portal keys push")
    return given


def _whole_number(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name, str(default))
    if not text.isdecimal():
        raise SettingsError(f"{name} must be a whole number.")
    return int(text)
