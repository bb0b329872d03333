"""Letters about the thread of two people. Lines that somebody writes are in none of them; the words of a check-in stand
in one only where its reader chose open, and never on its outside."""

from portal.domain.notice import Kind, one_line
from portal.mail.letter import Letter, Reader
from portal.mail.render import render


def check_in(reader: Reader, name: str, words: str, link: str) -> Letter:
    """To the member: the peer thinks of them, in the peer's words; `name` is the peer's."""
    return render(
        Kind.CHECK_IN, reader, name=one_line(name), words=[one_line(line) for line in words.split("\n")], link=link
    )


def check_in_set(reader: Reader, name: str, link: str) -> Letter:
    """To the peer: the member has set a check-in; `name` is the member's."""
    return render(Kind.CHECK_IN_SET, reader, name=one_line(name), link=link)


def thread_line(reader: Reader, name: str, link: str) -> Letter:
    """To either: there is something new in their thread; `name` is the other's."""
    return render(Kind.THREAD_LINE, reader, name=one_line(name), link=link)
