"""What comes by mail, taken apart with care: only the sender's bare address and one calendar part ever leave here."""

import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message

LARGEST = 256 * 1024
MOST_PARTS = 12
DEEPEST = 4
# A letter with more of these than any calendar sends is not even parsed: nesting is what makes parsing slow.
MOST_BOUNDARIES = 12
MOST_TYPES = 24
CHARSETS = frozenset({"", "utf-8", "us-ascii", "ascii"})
ADDRESS = re.compile(r"[^\s<>@,;:\"()\[\]\\]{1,64}@[A-Za-z0-9.-]{1,253}")
NAMED = re.compile(r"(?:\"(?:[^\"\\<>]|\\.)*\"|[^<>@\"(),;:\\]*)\s*<([^<>]+)>")


@dataclass(frozen=True)
class Answered:
    """The sender's address as the letter gives it, and the calendar file it carries."""

    sender: str = field(repr=False)
    ics: bytes = field(repr=False)


class NothingInIt(Exception):
    """Says that a letter carries no answer of a calendar; the letter is never part of it."""


def answered(raw: bytes) -> Answered:
    """Return the answer in a letter; raises NothingInIt for every other letter, whatever it is."""
    head = raw[:LARGEST].lower()
    if len(raw) > LARGEST or head.count(b"boundary") > MOST_BOUNDARIES or head.count(b"content-type") > MOST_TYPES:
        raise NothingInIt
    try:
        letter = message_from_bytes(raw)
        return Answered(_sender(letter), _calendar(letter))
    except NothingInIt:
        raise
    except Exception:  # a foreign parser on foreign bytes: whatever it trips over, there is no answer in them
        raise NothingInIt from None


def _sender(letter: Message) -> str:
    """Return the one address in From; what could be read as two is none (Python's own parser: CVE-2023-27043)."""
    given = letter.get_all("From", [])
    if len(given) != 1:
        raise NothingInIt
    line = " ".join(str(given[0]).split())
    named = NAMED.fullmatch(line)
    address = named[1].strip() if named else line
    if not ADDRESS.fullmatch(address):
        raise NothingInIt
    return address


def _calendar(letter: Message) -> bytes:
    found = {_content(part) for part in _parts(letter, 0) if part.get_content_type() == "text/calendar"}
    if len(found) != 1:
        raise NothingInIt
    return found.pop()


def _parts(part: Message, depth: int) -> list[Message]:
    # A letter that was forwarded inside of another one is somebody else's: it is not opened.
    if part.get_content_maintype() == "message":
        return []
    if not part.is_multipart():
        return [part]
    inner = part.get_payload()
    if depth >= DEEPEST or not isinstance(inner, list):
        raise NothingInIt
    found = [leaf for each in inner if isinstance(each, Message) for leaf in _parts(each, depth + 1)]
    if len(found) > MOST_PARTS:
        raise NothingInIt
    return found


def _content(part: Message) -> bytes:
    method = part.get_param("method", "reply")
    charset = part.get_param("charset", "")
    content = part.get_payload(decode=True)
    if not isinstance(method, str) or method.lower() != "reply":
        raise NothingInIt
    if not isinstance(charset, str) or charset.lower() not in CHARSETS or not isinstance(content, bytes):
        raise NothingInIt
    return content.replace(b"\r\n", b"\n")
