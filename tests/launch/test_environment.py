"""What a start makes by itself, what it takes as given, and where it refuses to be a demo."""

import stat
from pathlib import Path

import pytest

from portal.launch.environment import LONGEST_SOCKET_PATH, Site, demo_secrets, is_demo, prepare, socket_path
from portal.launch.words import LaunchError
from portal.settings import Mode, load

ADDRESS = "http://localhost:8000"


def of(var: Path, **given: str) -> Site:
    return prepare(given, var, address=ADDRESS, mail_port=8025)


def test_nothing_given_makes_a_whole_demo(tmp_path: Path) -> None:
    site = of(tmp_path)
    settings = load(site.environ)
    assert settings.mode is Mode.DEMO
    assert settings.database_url == f"sqlite:///{tmp_path}/portal.sqlite"
    assert settings.redis_url == f"unix://{site.broker_socket}"
    assert settings.smtp_url == "smtp://127.0.0.1:8025"
    assert settings.demo_mailbox == tmp_path / "mailbox"
    assert settings.base_url == ADDRESS
    assert settings.var == tmp_path


def test_the_demo_keeps_its_secrets_where_only_the_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "secrets.env"
    first = demo_secrets(path)
    assert demo_secrets(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_demos_do_not_share_secrets(tmp_path: Path) -> None:
    assert demo_secrets(tmp_path / "a") != demo_secrets(tmp_path / "b")


def test_what_is_given_stays(tmp_path: Path) -> None:
    site = of(
        tmp_path, REDIS_URL="redis://127.0.0.1:6379/0", SMTP_URL="smtp://127.0.0.1:25", BASE_URL="http://localhost:1"
    )
    assert (site.broker_socket, site.mail_port) == (None, None)
    assert site.environ["REDIS_URL"] == "redis://127.0.0.1:6379/0"
    assert site.environ["SMTP_URL"] == "smtp://127.0.0.1:25"
    assert site.address == "http://localhost:1"
    assert "DEMO_MAILBOX" not in site.environ


@pytest.mark.parametrize(
    "given",
    [
        {"DATABASE_URL": "postgresql://db.example/portal"},
        {"DATABASE_URL": "postgresql+psycopg://db.example/portal"},
        {"SECRET_KEY": "x" * 40},
        {"ENCRYPTION_KEYS": "k1:abc"},
    ],
)
def test_a_demo_does_not_start_by_itself_where_settings_may_be_a_real_sites(given: dict[str, str]) -> None:
    with pytest.raises(LaunchError, match=rf"^{next(iter(given))} may belong to a real site.*PORTAL_MODE=production"):
        is_demo(given)


def test_a_demo_on_postgresql_is_possible_when_it_is_said() -> None:
    assert is_demo({"DATABASE_URL": "postgresql://db.example/portal", "PORTAL_MODE": "demo"}) is True


def test_production_is_never_a_demo_and_gets_no_secrets_made(tmp_path: Path) -> None:
    site = of(tmp_path, PORTAL_MODE="production", BASE_URL="https://portal.example.org")
    assert (site.demo, site.mail_port) == (False, None)
    assert {"SECRET_KEY", "ENCRYPTION_KEYS", "DATABASE_URL", "SMTP_URL", "DEMO_MAILBOX"} & site.environ.keys() == set()
    assert not (tmp_path / "secrets.env").exists()


def test_a_mode_nobody_knows_is_refused() -> None:
    with pytest.raises(LaunchError, match=r"^PORTAL_MODE must be demo or production\.$"):
        is_demo({"PORTAL_MODE": "staging"})


def test_the_broker_listens_in_var_where_the_path_is_short_enough() -> None:
    assert socket_path(Path("/srv/portal/var")) == Path("/srv/portal/var/valkey/valkey.sock")


def test_a_long_path_moves_the_socket_to_a_private_folder(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 120)
    path = socket_path(deep)
    assert len(str(path)) <= LONGEST_SOCKET_PATH
    assert socket_path(deep) == path
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.parent.rmdir()
