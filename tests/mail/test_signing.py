"""Signatures of letters, checked by the library's own verifier against a name server's record."""

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from portal.mail.signing import Signer, read_signer
from tests.mail.test_compose import INVITING, PLAIN, raw

DOMAIN, SELECTOR = "notes.example", "portal"


@pytest.fixture(scope="module")
def signer() -> Signer:
    return read_signer(DOMAIN, SELECTOR, pem_of(rsa.generate_private_key(65537, 2048)))


def pem_of(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, password: bytes | None = None) -> bytes:
    sealed = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealed)


def holds(letter: bytes, signer: Signer) -> bool:
    def record(name: bytes, timeout: int = 5) -> bytes:
        assert name == f"{SELECTOR}._domainkey.{DOMAIN}.".encode()
        return f"v=DKIM1; k=rsa; p={signer.public_key}".encode()

    found: bool = dkim.verify(letter, dnsfunc=record)
    return found


@pytest.mark.parametrize(
    "letter",
    [raw(PLAIN), raw(INVITING), raw(PLAIN, "https://notes.example/unsubscribe/x")],
    ids=["plain", "inviting", "reminder"],
)
def test_a_signed_letter_is_the_letter_with_a_signature_that_holds(letter: bytes, signer: Signer) -> None:
    signed = signer.signed(letter)
    assert signed.endswith(letter)
    assert signed.startswith(b"DKIM-Signature:")
    assert holds(signed, signer)


@pytest.mark.parametrize(
    ("was", "became"),
    [
        (b"Subject: Your coffee chat", b"Subject: Our coffee chat"),
        (b"dot", b"dash"),
        (b"List-Unsubscribe-Post: List", b"List-Unsubscribe-Post: Lost"),
    ],
)
def test_what_is_changed_on_the_way_does_not_hold(was: bytes, became: bytes, signer: Signer) -> None:
    signed = signer.signed(raw(PLAIN, "https://notes.example/unsubscribe/x"))
    assert was in signed
    assert not holds(signed.replace(was, became), signer)


@pytest.mark.parametrize(
    "pem",
    [
        b"",
        b"no key",
        pem_of(rsa.generate_private_key(65537, 2048), b"word"),
        pem_of(ec.generate_private_key(ec.SECP256R1())),
    ],
    ids=["empty", "words", "sealed", "of another kind"],
)
def test_a_key_that_cannot_sign_is_one_sentence(pem: bytes) -> None:
    with pytest.raises(ValueError, match=r"^DKIM_KEY must be a file with an RSA key"):
        read_signer(DOMAIN, SELECTOR, pem)


def test_the_key_is_not_shown(signer: Signer) -> None:
    assert "PRIVATE" not in repr(signer)
