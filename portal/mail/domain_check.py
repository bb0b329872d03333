"""Reads what the sending domain says of itself in DNS, and says in sentences what receivers will make of it: SPF
(RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489) and the name behind the server's address (RFC 1912, 2.1)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer, Resolver
from dns.reversename import from_address

from portal.mail.signing import Signer

Finding = tuple[bool, str]
ENDS_STRICTLY = ("-all", "~all")
MOST_LOOKUPS = 10
COSTLY = ("include:", "a", "mx", "ptr", "exists:", "redirect=")
SECONDS = 5.0


class NoAnswerNow(Exception):
    """The name server did not answer, which says nothing about the domain."""


@dataclass(frozen=True)
class Directory:
    """The name servers that are asked; those of this machine unless `server` (address, port) is given."""

    server: tuple[str, int] | None = None

    def texts(self, name: str) -> list[str]:
        """Return the TXT records of a name, each as one string; raises NoAnswerNow."""
        return [b"".join(record.strings).decode("ascii", "replace") for record in self._ask(name, "TXT")]

    def addresses(self, name: str) -> list[str]:
        """Return the IPv4 and IPv6 addresses of a name; raises NoAnswerNow."""
        return [record.address for kind in ("A", "AAAA") for record in self._ask(name, kind)]

    def names(self, address: str) -> list[str]:
        """Return the names behind an address; raises NoAnswerNow."""
        found = self._ask(from_address(address).to_text(), "PTR")
        return [record.target.to_text(omit_final_dot=True).lower() for record in found]

    def _ask(self, name: str, kind: str) -> list[Any]:
        resolver = Resolver(configure=self.server is None)
        if self.server is not None:
            resolver.nameservers, resolver.port = [self.server[0]], self.server[1]
        try:
            return list(resolver.resolve(name, kind, lifetime=SECONDS, search=False))
        except (NXDOMAIN, NoAnswer):
            return []
        except DNSException:
            raise NoAnswerNow from None


def look_at(domain: str, signer: Signer | None, server: str, directory: Directory) -> Iterator[Finding]:
    """Say of each record whether it is well, and what to mend where it is not; `server` hands the letters in."""
    looks: tuple[Callable[[], Finding], ...] = (
        lambda: _spf(domain, directory),
        lambda: _dkim(domain, signer, directory),
        lambda: _dmarc(domain, directory),
        lambda: _reverse(server, directory),
    )
    for look in looks:
        try:
            yield look()
        except NoAnswerNow:
            yield False, "The name server does not answer; try again later, or name another with --dns."


def _spf(domain: str, directory: Directory) -> Finding:
    found = [text for text in directory.texts(domain) if text.split(" ")[0].lower() == "v=spf1"]
    if not found:
        return False, (
            f"SPF: {domain} does not say which servers send for it. Add a TXT record such as "
            f"“v=spf1 include:the-name-your-mail-service-gives ~all”."
        )
    if len(found) > 1:
        return False, f"SPF: {domain} has {len(found)} records, so receivers read none. Make one of them."
    terms = found[0].lower().split()[1:]
    costly = sum(term.lstrip("+-~?").startswith(COSTLY) and not term.endswith("all") for term in terms)
    if costly > MOST_LOOKUPS:
        return (
            False,
            f"SPF: the record of {domain} asks for more than {MOST_LOOKUPS} look-ups: receivers stop reading.",
        )
    if not (terms and (terms[-1] in ENDS_STRICTLY or terms[-1].startswith("redirect="))):
        return False, f"SPF: the record of {domain} lets anybody send for it. End it with ~all or -all."
    return True, f"SPF: {domain} says who sends for it."


def _dkim(domain: str, signer: Signer | None, directory: Directory) -> Finding:
    if signer is None:
        return False, (
            "DKIM: letters are not signed here. If your mail service signs them, all is well; else make a key with "
            "“openssl genrsa 2048” and set DKIM_KEY to its file."
        )
    name = f"{signer.selector}._domainkey.{domain}"
    record = f"v=DKIM1; k=rsa; p={signer.public_key}"
    found = directory.texts(name)
    if not found:
        return False, f"DKIM: {name} is not there. Add it as a TXT record: {record}"
    if len(found) > 1 or _tags(found[0]).get("p", "").replace(" ", "") != signer.public_key:
        return False, f"DKIM: {name} holds another key than DKIM_KEY. It should be: {record}"
    return True, f"DKIM: {name} holds the key that letters are signed with."


def _dmarc(domain: str, directory: Directory) -> Finding:
    found = [text for text in directory.texts(f"_dmarc.{domain}") if text.upper().startswith("V=DMARC1")]
    if len(found) != 1:
        return False, (
            f"DMARC: _dmarc.{domain} is not there. Add a TXT record “v=DMARC1; p=quarantine”: large mailboxes ask."
            if not found
            else f"DMARC: _dmarc.{domain} has {len(found)} records, so receivers read none. Make one of them."
        )
    wish = _tags(found[0]).get("p", "").lower()
    if wish == "none":
        return True, f"DMARC: _dmarc.{domain} is there and asks for nothing yet (p=none); p=quarantine protects more."
    if wish in ("quarantine", "reject"):
        return True, f"DMARC: _dmarc.{domain} asks receivers to {wish} what is forged."
    return False, f"DMARC: _dmarc.{domain} says nothing that receivers know. Write “v=DMARC1; p=quarantine”."


def _reverse(server: str, directory: Directory) -> Finding:
    addresses = directory.addresses(server)
    if not addresses:
        return False, f"PTR: {server} has no address in DNS."
    for address in addresses:
        if not any(address in directory.addresses(name) for name in directory.names(address)):
            return False, (
                f"PTR: {address} of {server} has no name that leads back to it. Whoever rents out the address can "
                f"set it; where {server} passes letters on to another server, that one counts."
            )
    return True, f"PTR: each address of {server} has a name that leads back to it."


def _tags(record: str) -> dict[str, str]:
    """Return the tags of a record (RFC 6376, 3.2)."""
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs if name.strip()}
