"""The private line: a server is believed only with a certificate of its own name from somebody we trust."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from portal.mail.errors import Unreachable
from portal.mail.smtp import Server, Tls
from tests.mail.script import send
from tests.servers.ports import any_free

SENDER, TO, RAW = "hello@notes.example", "ana@example.org", b"Subject: Your code\r\n\r\ntext\r\n"
HERE = x509.IPAddress(ip_address("127.0.0.1"))

both = pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.TLS])
# The server does not count a line that was private from its first byte.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


class Kept:
    """A handler that keeps who signed in and what they sent."""

    def __init__(self) -> None:
        self.seen: list[object] = []

    def sign_in(self, _server: object, _session: object, _envelope: object, _how: str, data: object) -> AuthResult:
        self.seen.append(data)
        return AuthResult(success=True)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.seen.append(envelope.content)
        return "250 OK"


def certificate(folder: Path, *names: x509.GeneralName) -> Path:
    """A certificate for these names, signed by itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "A test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, nothing = serialization.Encoding.PEM, serialization.NoEncryption()
    path = folder / "server.pem"
    path.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, nothing) + made.public_bytes(pem))
    return path


@contextmanager
def served(tls: Tls, pem: Path, kept: Kept) -> Iterator[Server]:
    """A server that takes letters over a private line only, from who signs in."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem)
    whole = tls is Tls.TLS
    controller = Controller(
        kept,
        hostname="127.0.0.1",
        port=any_free(),
        ssl_context=context if whole else None,
        tls_context=None if whole else context,
        require_starttls=not whole,
        authenticator=kept.sign_in,
        auth_required=True,
        auth_require_tls=not whole,
    )
    controller.start()
    try:
        yield Server("127.0.0.1", controller.port, "portal", "a-secret-word", tls)
    finally:
        controller.stop()


@both
def test_a_trusted_server_gets_the_password_and_the_letter(
    tls: Tls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, pem = Kept(), certificate(tmp_path, HERE)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with served(tls, pem, kept) as server:
        send(server, SENDER, TO, RAW)
    assert kept.seen == [LoginPassword(b"portal", b"a-secret-word"), RAW]


@both
def test_a_server_nobody_vouches_for_gets_nothing(tls: Tls, tmp_path: Path) -> None:
    kept = Kept()
    with served(tls, certificate(tmp_path, HERE), kept) as server, pytest.raises(Unreachable):
        send(server, SENDER, TO, RAW)
    assert kept.seen == []


@both
def test_a_server_of_another_name_gets_nothing(tls: Tls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, pem = Kept(), certificate(tmp_path, x509.DNSName("elsewhere.example"))
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with served(tls, pem, kept) as server, pytest.raises(Unreachable):
        send(server, SENDER, TO, RAW)
    assert kept.seen == []
