"""Settings that are missing or wrong stop the start with a sentence that names them."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from portal.settings import Mode, SettingsError, load
from tests.servers.settings import ENCRYPTION_KEYS, environ_for

GIVEN = environ_for("sqlite:///x.sqlite", Path("var"))


def changed(**settings: str) -> Mapping[str, str]:
    return {**GIVEN, **settings}


def test_good_settings_are_read() -> None:
    settings = load(changed(BASE_URL="https://portal.example.org/", PORTAL_MODE="production"))
    assert (settings.mode, settings.base_url, settings.secure) == (Mode.PRODUCTION, "https://portal.example.org", True)
    assert settings.sender == "hello@portal.example.org"
    assert [key_id for key_id, _ in settings.encryption_keys] == ["test"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTAL_MODE", ""),
        ("PORTAL_MODE", "debug"),
        ("SECRET_KEY", "short"),
        ("ENCRYPTION_KEYS", ""),
        ("ENCRYPTION_KEYS", "k1:bm90IGxvbmcgZW5vdWdo"),
        ("ENCRYPTION_KEYS", "k1:%%%"),
        ("ENCRYPTION_KEYS", f"{ENCRYPTION_KEYS},{ENCRYPTION_KEYS}"),
        ("DATABASE_URL", "mysql://host/name"),
        ("REDIS_URL", "http://localhost"),
        ("SMTP_URL", ""),
        ("BASE_URL", "portal.example.org"),
        ("PROXIES", "two"),
        ("INBOUND", "yes"),
        ("INBOUND", "lmtp://127.0.0.1"),
        ("INBOUND", "lmtp://127.0.0.1:mail"),
        ("INBOUND", "lmtp://0.0.0.0:8024"),
        ("INBOUND", "smtp://mail.example.org:25"),
        ("INBOUND", "maildir://mail/box"),
    ],
)
def test_a_wrong_setting_is_named_in_a_sentence(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        load(changed(**{name: value}))
    assert str(refusal.value).startswith(name)


@pytest.mark.parametrize("value", ["", "lmtp://127.0.0.1:8024", "smtp://[::1]:8025", "maildir:///srv/mail/answers"])
def test_answers_are_heard_on_this_machine_only_and_only_where_it_is_asked_for(value: str) -> None:
    assert load(changed(INBOUND=value)).inbound == value


def test_a_secret_never_stands_in_the_sentence() -> None:
    with pytest.raises(SettingsError) as refusal:
        load(changed(SECRET_KEY="hunter-two", ENCRYPTION_KEYS="k1:c2VjcmV0"))
    assert "hunter-two" not in str(refusal.value)


def test_production_insists_on_tls_and_shows_no_mailbox() -> None:
    with pytest.raises(SettingsError, match="https"):
        load(changed(PORTAL_MODE="production", BASE_URL="http://portal.example.org"))
    with pytest.raises(SettingsError, match="DEMO_MAILBOX"):
        load(changed(PORTAL_MODE="production", BASE_URL="https://portal.example.org", DEMO_MAILBOX="/mail"))


@pytest.mark.parametrize("address", ["https://portal.example.org", "https://127.example.org", "https://10.0.0.5"])
def test_a_demo_is_refused_at_the_address_of_a_real_site(address: str) -> None:
    with pytest.raises(SettingsError, match=r"^PORTAL_MODE is demo.*anybody.*production"):
        load(changed(BASE_URL=address))


@pytest.mark.parametrize(
    "address", ["https://localhost", "https://127.0.0.1:8000", "https://[::1]", "http://localhost"]
)
def test_a_demo_may_use_tls_on_this_machine(address: str) -> None:
    assert load(changed(BASE_URL=address)).demo is True


TEXTS = {
    "TEXTS_ACCOUNT": "AC" + "0" * 32,
    "TEXTS_TOKEN": "a token",
    "TEXTS_FROM": "+12025550199",
}


def test_texts_and_signs_are_off_until_they_are_set_up(tmp_path: Path) -> None:
    settings = load(environ_for("sqlite://", tmp_path))
    assert (settings.texts, settings.push_key) == (None, "")


def test_texts_go_to_the_country_of_the_help_lines_until_more_are_named(tmp_path: Path) -> None:
    environ = environ_for("sqlite://", tmp_path) | TEXTS
    texts = load(environ).texts
    assert texts is not None
    assert (texts.base_url, texts.countries) == ("https://api.twilio.com", ("US",))
    more = load(environ | {"TEXTS_COUNTRIES": "us, ca"}).texts
    assert more is not None
    assert more.countries == ("US", "CA")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TEXTS_ACCOUNT", ""),
        ("TEXTS_ACCOUNT", "somebody"),
        ("TEXTS_TOKEN", ""),
        ("TEXTS_FROM", ""),
        ("TEXTS_FROM", "555 0199"),
        ("TEXTS_BASE_URL", "http://texts.example.org"),
        ("TEXTS_COUNTRIES", "USA"),
        ("PUSH_KEY", "short"),
        ("PUSH_KEY", "?" * 43),
    ],
)
def test_half_an_account_for_texts_stops_the_start_with_a_sentence(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load(environ_for("sqlite://", tmp_path) | TEXTS | {name: value})


def test_no_token_of_the_texts_is_shown_when_the_settings_are_printed(tmp_path: Path) -> None:
    assert "a token" not in repr(load(environ_for("sqlite://", tmp_path) | TEXTS))
