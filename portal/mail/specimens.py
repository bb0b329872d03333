"""One letter of each kind to an invented reader: what the tests read, and the demonstration's gallery shows."""

from dataclasses import replace
from datetime import UTC, datetime

from portal.domain.account import Discretion
from portal.domain.booking.safe_coffee import Tell
from portal.domain.crisis import Way, WayKind
from portal.domain.notice import Kind
from portal.mail import letters
from portal.mail.letter import CrisisLine, Letter, Reader

# What goes by text only.
LETTERS = frozenset(Kind) - {Kind.PHONE_CODE}
LINK = "https://portal.example/chats/12"
STARTS = datetime(2026, 3, 10, 17, 30, tzinfo=UTC)
ENDS = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)
BEFORE = datetime(2026, 3, 9, 20, 0, tzinfo=UTC)
CHAT = letters.Chat(STARTS, ENDS, "Café Lindo & Co, 100% oats", "Maya <3", "Europe/London")
READER = Reader(
    language="en",
    zone="America/New_York",
    discretion=Discretion.DISCREET,
    lines=(
        CrisisLine(
            "Night Line",
            (
                Way(WayKind.CALL, "555 0100", "tel:5550100"),
                Way(WayKind.TEXT, "555 0100", "sms:5550100"),
                Way(WayKind.CHAT, "night-line.example", "https://night-line.example"),
            ),
        ),
        CrisisLine("Text Line", (Way(WayKind.TEXT, "Text HELLO to 55501", "sms:55501"),)),
        CrisisLine("Line for Some", (Way(WayKind.CALL, "555 0199", "tel:5550199"),)),
        CrisisLine("Emergencies", (Way(WayKind.CALL, "555 0111", "tel:5550111"),), emergency=True),
    ),
)


def reader(discretion: Discretion) -> Reader:
    """The same reader with another wish for discretion."""
    return replace(READER, discretion=discretion)


def every_letter(
    discretion: Discretion,
    lines: tuple[CrisisLine, ...] = READER.lines,
    entry: bytes = b"BEGIN:VCALENDAR\r\n",
    own_words: str = "",
) -> dict[Kind, Letter]:
    """One letter of each kind, with these help lines, this calendar entry and the reader's own words."""
    to, ics = replace(reader(discretion), lines=lines, own_words=own_words), entry
    return {
        Kind.SIGN_IN_CODE: letters.sign_in_code(to, "012345", 10),
        Kind.INVITATION: letters.invitation(to, CHAT, LINK, ics),
        Kind.UPDATE: letters.update(to, CHAT, BEFORE, LINK, ics),
        Kind.CANCELLATION: letters.cancellation(to, CHAT, LINK, ics),
        Kind.NOT_MADE: letters.not_made(to, CHAT, LINK),
        Kind.REMINDER_DAY: letters.reminder_day(to, (CHAT,), LINK),
        Kind.REMINDER_HOURS: letters.reminder_hours(to, (CHAT,), LINK),
        Kind.OTHER_TIME: letters.other_time(to, CHAT, (BEFORE, ENDS), LINK),
        Kind.SHORTLIST_READY: letters.shortlist_ready(to, LINK),
        Kind.CHOICE_APPROVED: letters.choice_approved(to, LINK),
        Kind.WALK_HELD: letters.walk_held(to, LINK),
        Kind.SWAPPED: letters.swapped(to, LINK),
        Kind.ASKED_PEER: letters.asked_peer(to, STARTS, LINK),
        Kind.NEXT_ASKED: letters.next_asked(to, LINK),
        Kind.BOTH_YES: letters.both_yes(to, "Maya <3", 45, LINK),
        Kind.REFLECT: letters.reflect(to, "Maya <3", LINK),
        Kind.PEER_APPROVED: letters.peer_approved(to, LINK),
        Kind.OFFER_ASKED: letters.offer_asked(to, LINK),
        Kind.OFFER_MADE: letters.offer_made(to, LINK),
        Kind.READY_AGAIN: letters.ready_again(to, LINK),
        Kind.CALENDAR_LOOK: letters.calendar_look(to, LINK),
        Kind.FIND_A_TIME: letters.find_a_time(to, LINK),
        Kind.WALK_RESTS: letters.walk_rests(to, LINK),
        Kind.WALK_GOES_ON: letters.walk_goes_on(to, LINK),
        Kind.WALK_ENDING: letters.walk_ending(to, LINK),
        Kind.OPEN_HOUR: letters.open_hour(to, "Maya <3", LINK),
        Kind.HOUR_OFF: letters.hour_off(to, "Maya <3", STARTS, ENDS, LINK),
        Kind.KEEPSAKE: letters.keepsake(to, LINK),
        Kind.TRUSTED: letters.trusted("Ana <3", "Sam", Tell.WAITS, ENDS, language="en", zone=to.zone, lines=to.lines),
        Kind.CHECK_IN: letters.check_in(to, "Maya <3", "Thinking of you.\nNo reply needed, Zephyr.", LINK),
        Kind.CHECK_IN_SET: letters.check_in_set(to, "Maya <3", LINK),
        Kind.THREAD_LINE: letters.thread_line(to, "Maya <3", LINK),
        Kind.TIME_ASKED: letters.time_asked(to, (CHAT,), BEFORE, LINK),
        Kind.TIME_RELEASED: letters.time_released(to, CHAT, (BEFORE,), LINK),
        Kind.TIME_OFFERED: letters.time_offered(to, CHAT, ENDS, BEFORE, LINK),
    }
