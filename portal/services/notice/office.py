"""The post office of this site: the ways that notices can take, from whom they come, what stands in each foot."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.channels import Way
from portal.domain.crisis import Country
from portal.domain.notice import Channel
from portal.domain.words import N_
from portal.mail.letter import CrisisLine
from portal.mail.signing import Signer

# A worker that waits longer than this for an answer would outlive the letter's lease.
LONGEST_SECONDS = 30.0
FOOT_LINES = 3
KEY_NAME_LENGTH = 8


@dataclass(frozen=True)
class Office:
    """What the settings say about letters; services may not know the settings themselves."""

    sender: str
    base_url: str
    lines: tuple[CrisisLine, ...]
    ways: Mapping[Channel, Way]
    hears_replies: bool = False
    signer: Signer | None = None
    # Where texts go; the first country's numbers need no code of their own.
    text_countries: tuple[str, ...] = ("US",)
    # Whether the carrier of texts can call back.
    receipts: bool = False
    number_key: bytes = field(default=b"", repr=False)

    def link(self, notice_id: int) -> str:
        """Return the one link of a letter: it tells nothing, and the page behind it knows where to go."""
        return f"{self.base_url}/n/{notice_id}"

    def receipt_link(self, notice_id: int) -> str:
        """Return where the carrier tells what became of a text; empty where it cannot reach us."""
        return f"{self.base_url}/texts/receipt/{notice_id}" if self.receipts else ""

    def hash_of_number(self, number: str) -> str:
        """Return what a phone number is found by, after the name of its key; there are too few numbers for a hash
        without one."""
        return self.number_key_name + self.keyed_hash(f"number {number}")[KEY_NAME_LENGTH:]

    @property
    def number_key_name(self) -> str:
        """Tells hashes by this key from those by another one, which can be found no more."""
        return self.keyed_hash("the key of numbers")[:KEY_NAME_LENGTH]

    def keyed_hash(self, text: str) -> str:
        """Return a hash that nobody can guess from who holds only the database."""
        return hmac.new(self.number_key, text.encode(), "sha256").hexdigest()

    def unsubscribe_link(self, token: str) -> str:
        """Return the address that ends reminders (RFC 8058)."""
        return f"{self.base_url}/unsubscribe/{token}"


_open: list[Office] = []


def open_office(office: Office) -> None:
    """Use this office from now on."""
    _open[:] = [office]


def office() -> Office:
    """Return the office that is open; RuntimeError before create_app."""
    if not _open:
        raise RuntimeError("no post office is open")
    return _open[0]


def foot_lines(country: Country) -> tuple[CrisisLine, ...]:
    """Return the help lines of a letter's foot: the first of the country's, then emergencies; the page has them all."""
    lines = [CrisisLine(line.name, line.ways) for line in country.lines[:FOOT_LINES]]
    return (*lines, CrisisLine(N_("Emergencies"), (country.emergency,), emergency=True))
