"""What `portal mail check` says of a sending domain, asked of a real name server."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from portal.mail.domain_check import Directory, look_at
from portal.mail.signing import Signer, read_signer
from tests.mail.test_signing import pem_of
from tests.servers.names import Names

DOMAIN, SERVER, ADDRESS = "notes.example", "out.notes.example", "192.0.2.7"
KEY_AT = ("portal._domainkey.notes.example", "TXT")
Records = Mapping[tuple[str, str], Sequence[str]]


@pytest.fixture(scope="module")
def signer() -> Signer:
    return read_signer(DOMAIN, "portal", pem_of(rsa.generate_private_key(65537, 2048)))


@pytest.fixture
def well(signer: Signer) -> dict[tuple[str, str], Sequence[str]]:
    """A domain with nothing to mend; a key is longer than one string of a record."""
    key = f"v=DKIM1; k=rsa; p={signer.public_key}"
    return {
        (DOMAIN, "TXT"): ['"v=spf1 include:sender.example ~all"', '"another=thing"'],
        KEY_AT: [f'"{key[:200]}" "{key[200:]}"'],
        ("_dmarc.notes.example", "TXT"): ['"v=DMARC1; p=quarantine"'],
        (SERVER, "A"): [ADDRESS],
        ("7.2.0.192.in-addr.arpa", "PTR"): [f"{SERVER}."],
    }


Ask = Callable[[Records], list[tuple[bool, str]]]


@pytest.fixture
def ask(signer: Signer) -> Iterator[Ask]:
    running: list[Names] = []

    def asked(records: Records) -> list[tuple[bool, str]]:
        running.append(Names(records))
        return list(look_at(DOMAIN, signer, SERVER, Directory(running[-1].place)))

    yield asked
    for names in running:
        names.stop()


def test_a_domain_with_nothing_to_mend(ask: Ask, well: Records) -> None:
    assert ask(well) == [
        (True, "SPF: notes.example says who sends for it."),
        (True, "DKIM: portal._domainkey.notes.example holds the key that letters are signed with."),
        (True, "DMARC: _dmarc.notes.example asks receivers to quarantine what is forged."),
        (True, "PTR: each address of out.notes.example has a name that leads back to it."),
    ]


def test_a_domain_that_says_nothing(ask: Ask) -> None:
    assert [(found, said.partition(":")[0]) for found, said in ask({})] == [
        (False, "SPF"),
        (False, "DKIM"),
        (False, "DMARC"),
        (False, "PTR"),
    ]


@pytest.mark.parametrize(
    ("place", "values", "sentence"),
    [
        ((DOMAIN, "TXT"), ['"v=spf1 ~all"', '"v=spf1 -all"'], "has 2 records, so receivers read none"),
        ((DOMAIN, "TXT"), ['"v=spf1 include:a.example ?all"'], "lets anybody send for it"),
        ((DOMAIN, "TXT"), ['"v=spf1 ' + "include:a.example " * 11 + '-all"'], "more than 10 look-ups"),
        (KEY_AT, ['"v=DKIM1; p=AAAA"'], "holds another key than DKIM_KEY"),
        (("_dmarc.notes.example", "TXT"), ['"v=DMARC1; p=reject"'] * 1 + ['"v=DMARC1; p=none"'], "has 2 records"),
        (("_dmarc.notes.example", "TXT"), ['"v=DMARC1; q=x"'], "says nothing that receivers know"),
        (("7.2.0.192.in-addr.arpa", "PTR"), ["other.example."], "has no name that leads back to it"),
    ],
)
def test_what_is_to_be_mended_is_named(
    ask: Ask, well: Records, place: tuple[str, str], values: list[str], sentence: str
) -> None:
    looks = [said for found, said in ask({**well, place: values}) if not found]
    assert len(looks) == 1
    assert sentence in looks[0]


def test_a_domain_that_only_watches_is_well(ask: Ask, well: Records) -> None:
    found = ask({**well, ("_dmarc.notes.example", "TXT"): ['"v=DMARC1; p=none"']})
    assert [each for each, _ in found] == [True] * 4


def test_letters_that_are_not_signed_are_named() -> None:
    names = Names({})
    try:
        found = [said for _, said in look_at(DOMAIN, None, SERVER, Directory(names.place))]
    finally:
        names.stop()
    assert "set DKIM_KEY to its file" in found[1]


def test_a_name_server_that_does_not_answer_says_nothing_about_the_domain(
    signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.mail.domain_check.SECONDS", 0.2)
    names = Names({}, silent=True)
    try:
        found = list(look_at(DOMAIN, signer, SERVER, Directory(names.place)))
    finally:
        names.stop()
    assert found == [(False, "The name server does not answer; try again later, or name another with --dns.")] * 4
