"""create_app(settings): the one place where all rooms meet."""

import hmac
import logging
import os
from pathlib import Path

from flask import Flask
from flask_compress import Compress
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import queue, web
from portal.channels import Way
from portal.channels.email import Email
from portal.channels.push import Push
from portal.channels.text import Text
from portal.data import country
from portal.db import db, engine_options, init_db
from portal.domain.notice import Channel
from portal.mail.address import bare_address, host_of
from portal.mail.signing import Signer, read_signer
from portal.mail.smtp import Server, parse_server
from portal.models import Base, keyring
from portal.services.notice.office import LONGEST_SECONDS, Office, foot_lines, open_office
from portal.settings import TWILIO, Settings, SettingsError, load
from portal.web.access import init_access
from portal.web.addresses import Portal
from portal.web.cookie import Cookie
from portal.web.crisis import shown_lines
from portal.web.doors import init_doors
from portal.web.errors import init_errors
from portal.web.frame import init_frame
from portal.web.headers import init_headers
from portal.web.language import init_language
from portal.web.limits import limiter
from portal.web.numbers import RowNumber
from portal.web.sizes import init_sizes
from portal.web.static_files import init_static_files
from portal.web.styles import init_styles

ROOT = Path(__file__).resolve().parent.parent
YEAR_SECONDS = 365 * 24 * 3600
FORM_LIFE_SECONDS = 24 * 3600


def create_app(settings: Settings) -> Flask:
    """Return the web application for these settings; raises RuntimeError when a view has no door."""
    app = Portal("portal", root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.config.from_mapping(_config(settings))
    app.extensions["settings"] = settings
    app.session_interface = Cookie()
    keyring.load(dict(settings.encryption_keys))
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, settings.proxies, settings.proxies, settings.proxies)  # type: ignore[method-assign]
    init_db(app)
    queue.init_queue(settings.redis_url)
    open_office(_office(settings))
    Migrate(app, db, directory=str(ROOT / "portal" / "migrations"), metadatas=Base.metadata)
    init_language(app)
    Compress(app)
    init_sizes(app)
    forms = CSRFProtect(app)
    limiter.init_app(app)
    init_access(app)
    init_styles(app)
    init_headers(app)
    init_errors(app)
    init_frame(app)
    init_static_files(app)
    app.url_map.converters["int"] = RowNumber
    for blueprint in web.BLUEPRINTS:
        app.register_blueprint(blueprint)
    for endpoint in web.NEEDS_NO_TOKEN:
        forms.exempt(f"{app.view_functions[endpoint].__module__}.{app.view_functions[endpoint].__name__}")
    init_doors(app)
    return app


def _config(settings: Settings) -> dict[str, object]:
    home = country(settings.crisis_country)
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database_url),
        "SESSION_COOKIE_NAME": "__Host-portal" if settings.secure else "portal",
        "SESSION_COOKIE_SECURE": settings.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "SEND_FILE_MAX_AGE_DEFAULT": YEAR_SECONDS,
        "MAX_CONTENT_LENGTH": 256 * 1024,
        "WTF_CSRF_TIME_LIMIT": FORM_LIFE_SECONDS,
        "WTF_CSRF_SSL_STRICT": False,  # it asks for a Referer, which our own policy withholds; headers.py asks better
        "RATELIMIT_STORAGE_URI": settings.redis_url.replace("unix://", "redis+unix://", 1),
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
        # Pages go over slow lines: brotli makes them a tenth smaller than zstd, for a fifth of a millisecond more.
        "COMPRESS_ALGORITHM": ["br", "zstd", "gzip"],
        "COMPRESS_BR_LEVEL": 5,
        "COMPRESS_MIMETYPES": ["text/html", "text/css", "text/javascript", "application/json", "image/svg+xml"],
        "BASE_URL": settings.base_url,
        "SENDER": settings.sender,
        "LEAVE_TO": settings.leave_to,
        "DEMO": settings.demo,
        "DEMO_MAILBOX": settings.demo_mailbox,
        "CRISIS_LINES": shown_lines(home),
        "CRISIS_COUNTRY": home,
    }


def _office(settings: Settings) -> Office:
    try:
        server, sender = parse_server(settings.smtp_url), bare_address(settings.sender)
    except ValueError as error:
        sentence = "MAIL_FROM must be an e-mail address." if str(error) == "not a mailbox" else str(error)
        raise SettingsError(sentence) from None
    lines = foot_lines(country(settings.crisis_country))
    return Office(
        sender,
        settings.base_url,
        lines,
        _ways(settings, server, sender),
        hears_replies=bool(settings.inbound),
        signer=_signer(settings, sender),
        text_countries=settings.texts.countries if settings.texts else (settings.crisis_country,),
        # The carrier reaches a site by TLS; one in its place on this machine reaches it as it is.
        receipts=settings.secure or (settings.texts is not None and settings.texts.base_url != TWILIO),
        number_key=hmac.new(settings.secret_key.encode(), b"phone numbers", "sha256").digest(),
    )


def _ways(settings: Settings, server: Server, sender: str) -> dict[Channel, Way]:
    ways: dict[Channel, Way] = {Channel.EMAIL: Email(server, sender, LONGEST_SECONDS)}
    if settings.texts is not None:
        texts = settings.texts
        ways[Channel.TEXT] = Text(texts.account, texts.token, texts.sender, texts.base_url)
    if settings.push_key:
        ways[Channel.PUSH] = Push(settings.push_key, sender)
    return ways


def _signer(settings: Settings, sender: str) -> Signer | None:
    if settings.dkim_key is None:
        return None
    try:
        return read_signer(host_of(sender), settings.dkim_selector, settings.dkim_key.read_bytes())
    except OSError:
        raise SettingsError("DKIM_KEY must be a file with the key; it cannot be read.") from None
    except ValueError as error:
        raise SettingsError(str(error)) from None


def from_environment() -> Flask:
    """Return the application as the environment sets it up; what gunicorn and the commands call."""
    return create_app(load(os.environ))
