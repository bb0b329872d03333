"""`mail`: what it says of the sending domain, and holding the post by hand."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from portal.cli.mail import mail
from portal.queries.notice import standing
from tests.mail.test_signing import pem_of
from tests.servers.names import Names
from tests.servers.settings import environ_for
from tests.servers.smtp import Sink
from tests.servers.valkey import Valkey

Run = Callable[..., Result]


@pytest.fixture
def run(engine_url: str, valkey: Valkey, smtp: Sink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    def ran(*words: str, given: Mapping[str, str] | None = None) -> Result:
        environ = environ_for(engine_url, tmp_path, redis_url=valkey.url, smtp_url=smtp.url) | dict(given or {})
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        return CliRunner().invoke(mail, words)

    return ran


def test_the_post_is_held_and_let_out_by_hand(app: Flask, run: Run) -> None:
    assert run("hold").output == "Nothing is sent until you say: python3 -m portal mail go\n"
    with app.app_context():
        assert standing.held_since() is not None
    assert run("go").output == "Letters go out again.\n"
    with app.app_context():
        assert standing.held_since() is None


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_the_domain_is_looked_at_with_the_key_of_the_settings(run: Run, tmp_path: Path) -> None:
    key = tmp_path / "dkim.pem"
    key.write_bytes(pem_of(rsa.generate_private_key(65537, 2048)))
    names = Names({("notes.example", "TXT"): ['"v=spf1 ~all"']})
    try:
        given = {"MAIL_FROM": "hello@notes.example", "DKIM_KEY": str(key), "DKIM_SELECTOR": "spring"}
        result = run("check", "--dns", f"127.0.0.1:{names.place[1]}", given=given)
    finally:
        names.stop()
    first, second, *_ = result.output.splitlines()
    assert (result.exit_code, first) == (1, "well  SPF: notes.example says who sends for it.")
    assert second.startswith(
        "LOOK  DKIM: spring._domainkey.notes.example is not there. Add it as a TXT record: v=DKIM1;"
    )


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_name_server_that_is_no_address_is_one_sentence(run: Run) -> None:
    result = run("check", "--dns", "here")
    assert (result.exit_code, "--dns must be an address and a port" in result.output) == (2, True)
