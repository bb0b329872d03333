"""A real HTTPS server on loopback that calendars live on, with a certificate from an authority of its own."""

import socket
import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from portal.calendars.busy import Fetcher

NAME = "calendar.example.org"
# An address of the open internet, as the resolver of the tests gives it; every connection ends at loopback.
OPEN = "93.184.215.14"
Said = Iterable[bytes]


def answer(body: bytes = b"", status: str = "200 OK", *headers: str, length: bool = True) -> bytes:
    """Return a whole answer of HTTP."""
    told = [f"HTTP/1.1 {status}", "Content-Type: text/calendar", *headers]
    if length:
        told.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*told, "", ""]).encode() + body


@dataclass
class Home:
    """The server; `say` gets the first lines of a question and gives the answer in pieces, `asked` keeps questions."""

    folder: Path
    names: tuple[str, ...] = (NAME,)
    asked: list[str] = field(default_factory=list)
    gone_to: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.say: Callable[[str], Said] = lambda _question: [answer()]
        self.trust = ssl.create_default_context(cadata=certificates(self.folder, self.names))
        self._private = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._private.load_cert_chain(self.folder / "calendar-home.pem")
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def fetcher(self, *resolved: str, seconds: float = 10.0) -> Fetcher:
        """Return a fetcher whose names resolve to these addresses, and whose connections all end here."""
        found = resolved or (OPEN,)
        return Fetcher(lambda _name: found, self.connect, self.trust, whole_seconds=seconds)

    def connect(self, address: str, seconds: float) -> socket.socket:
        """Note where a connection would have gone, and open it to this server."""
        self.gone_to.append(address)
        return socket.create_connection(self._listening.getsockname(), timeout=seconds)

    def stop(self) -> None:
        """Listen no more."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            Thread(target=self._answer, args=(line,), daemon=True).start()

    def _answer(self, line: socket.socket) -> None:
        try:
            with line, self._private.wrap_socket(line, server_side=True) as private:
                question = b""
                while b"\r\n\r\n" not in question:
                    question += private.recv(4096)
                self.asked.append(question.decode())
                for piece in self.say(question.decode()):
                    private.sendall(piece)
                private.unwrap()
        except OSError:
            return  # whoever asked has gone: what the fetcher does with hostile answers


def certificates(folder: Path, names: Iterable[str]) -> str:
    """Write the server's certificate and key; return the authority that vouches for it."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority_name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "An authority of the tests")])
    now = datetime.now(UTC)

    def builder(subject: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder(authority_name, subject, public, x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
        )

    identifier = x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key())
    authority = (
        builder(authority_name, authority_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(identifier, critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    made = (
        builder(x509.Name([]), key.public_key())
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=True)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "calendar-home.pem").write_bytes(private + made.public_bytes(pem))
    return authority.public_bytes(pem).decode()
