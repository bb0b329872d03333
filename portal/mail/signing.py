"""Signs letters with the sending domain's key (DKIM, RFC 6376), so that receivers can tell ours from forged ones."""

import base64
from dataclasses import dataclass, field

import dkim
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

LEAST_BITS = 1024
# The two of RFC 8058 must be covered, or mail programs do not offer to end reminders.
SIGNED = (
    *(b"From", b"To", b"Subject", b"Date", b"Message-ID", b"MIME-Version", b"Content-Type"),
    *(b"Auto-Submitted", b"List-Unsubscribe", b"List-Unsubscribe-Post"),
)


@dataclass(frozen=True)
class Signer:
    """The key of a domain under one selector; `pem` is never shown."""

    domain: str
    selector: str
    pem: bytes = field(repr=False)

    def signed(self, raw: bytes) -> bytes:
        """Return the letter (CRLF lines) with its signature in front."""
        present = {line.partition(b":")[0].lower() for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n")}
        headers = [name for name in SIGNED if name.lower() in present]
        signature: bytes = dkim.sign(
            raw,
            self.selector.encode("ascii"),
            self.domain.encode("idna"),
            self.pem,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=headers,
        )
        return signature + raw

    @property
    def public_key(self) -> str:
        """The `p=` of the domain's record (RFC 6376, 3.6.1)."""
        key = _rsa(self.pem).public_key()
        return base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode("ascii")


def read_signer(domain: str, selector: str, pem: bytes) -> Signer:
    """Return the signer of this key; raises ValueError with a sentence where it cannot sign."""
    _rsa(pem)
    return Signer(domain, selector, pem)


def _rsa(pem: bytes) -> RSAPrivateKey:
    sentence = "DKIM_KEY must be a file with an RSA key in PEM, without a password, of at least 1024 bits."
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ValueError(sentence) from None
    if not isinstance(key, RSAPrivateKey) or key.key_size < LEAST_BITS:
        raise ValueError(sentence)
    return key
