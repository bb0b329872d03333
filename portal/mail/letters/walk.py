"""Letters for the steps of the walk. Reasons, names of topics and stories stay on the page behind the link; unless the
reader chose open, so does what happened: those letters say that there is news, and no more."""

from datetime import datetime

from portal.domain.notice import Kind, one_line
from portal.mail import when
from portal.mail.letter import Letter, Reader
from portal.mail.render import render


def shortlist_ready(reader: Reader, link: str) -> Letter:
    """To the member: there are people to choose from."""
    return render(Kind.SHORTLIST_READY, reader, link=link)


def choice_approved(reader: Reader, link: str) -> Letter:
    """To the member: the person they chose is being asked."""
    return render(Kind.CHOICE_APPROVED, reader, link=link)


def walk_held(reader: Reader, link: str) -> Letter:
    """To the member: a coordinator takes more time; the reason is on the page."""
    return render(Kind.WALK_HELD, reader, link=link)


def swapped(reader: Reader, link: str) -> Letter:
    """To the member: a coordinator suggests somebody else; the reason is on the page."""
    return render(Kind.SWAPPED, reader, link=link)


def asked_peer(reader: Reader, answer_by: datetime, link: str) -> Letter:
    """To the peer: somebody would like to meet; the question stays open until `answer_by`."""
    # Only the day, as the pages say it: the hour is the one at which the question was put, often one at night.
    return render(Kind.ASKED_PEER, reader, day=when.day_in_full(answer_by, reader.zone, reader.language), link=link)


def next_asked(reader: Reader, link: str) -> Letter:
    """To the member: the next person is being asked; why is nobody's to tell."""
    return render(Kind.NEXT_ASKED, reader, link=link)


def both_yes(reader: Reader, name: str, minutes: int, link: str) -> Letter:
    """To each of the two: both said yes. `name` is the other's, written only where the reader chose open, as is how
    long a chat with this peer takes."""
    return render(Kind.BOTH_YES, reader, name=one_line(name), minutes=minutes, link=link)


def reflect(reader: Reader, name: str, link: str) -> Letter:
    """To each of the two, after a chat: how it was, told privately. `name` is the other's, as in both_yes."""
    return render(Kind.REFLECT, reader, name=one_line(name), link=link)


def peer_approved(reader: Reader, link: str) -> Letter:
    """To a peer whose application was approved."""
    return render(Kind.PEER_APPROVED, reader, link=link)


def offer_asked(reader: Reader, link: str) -> Letter:
    """To a peer who fits: somebody asks, without a name, who would like to walk with them."""
    return render(Kind.OFFER_ASKED, reader, link=link)


def offer_made(reader: Reader, link: str) -> Letter:
    """To the member: somebody has offered to walk with them."""
    return render(Kind.OFFER_MADE, reader, link=link)


def ready_again(reader: Reader, link: str) -> Letter:
    """To a peer, every two weeks: what they are ready for now."""
    return render(Kind.READY_AGAIN, reader, link=link)


def calendar_look(reader: Reader, link: str) -> Letter:
    """To a peer: one of their own calendars cannot be read, so its times are not known."""
    return render(Kind.CALENDAR_LOOK, reader, link=link)


def find_a_time(reader: Reader, link: str) -> Letter:
    """To each of the two, three days after both yeses without a chat: times that would suit both."""
    return render(Kind.FIND_A_TIME, reader, link=link)


def walk_rests(reader: Reader, link: str) -> Letter:
    """To the other of the two: the walk rests."""
    return render(Kind.WALK_RESTS, reader, link=link)


def walk_goes_on(reader: Reader, link: str) -> Letter:
    """To the other of the two: the walk is taken up again."""
    return render(Kind.WALK_GOES_ON, reader, link=link)


def walk_ending(reader: Reader, link: str) -> Letter:
    """To the other of the two: the walk comes to its end, at a pace of its own."""
    return render(Kind.WALK_ENDING, reader, link=link)


def open_hour(reader: Reader, name: str, link: str) -> Letter:
    """To a member: the peer they walk with offers an hour to come to without booking. `name` is the peer's."""
    return render(Kind.OPEN_HOUR, reader, name=one_line(name), link=link)


def hour_off(reader: Reader, name: str, starts_at: datetime, ends_at: datetime, link: str) -> Letter:
    """To a member who was told of an open hour: it will not be. `name` is the peer's."""
    span = when.span_in_full(starts_at, ends_at, reader.zone, reader.language)
    return render(Kind.HOUR_OFF, reader, name=one_line(name), span=span, link=link)


def keepsake(reader: Reader, link: str) -> Letter:
    """To each of the two: the walk has ended, and what they wrote for one another stays."""
    return render(Kind.KEEPSAKE, reader, link=link)
