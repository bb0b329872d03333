"""A chat as one person's calendar entry: the same in the letters and to take from the page."""

from datetime import datetime

from portal.calendars.invitation import Event
from portal.domain.booking import BookingState
from portal.domain.experience import Format
from portal.domain.invitation import Partstat
from portal.domain.words import N_
from portal.mail.render import translations
from portal.models import Booking, Invitation, Person
from portal.queries import notice as queries
from portal.services.notice.office import Office

PLACES = {Format.PHONE: N_("Phone"), Format.TEXT: N_("Phone"), Format.VIDEO: N_("Online")}
# What a calendar shows: neutral, whoever looks over the shoulder, unless they chose words of their own.
SUMMARY = N_("Coffee")


def event_of(
    booking: Booking,
    entry: Invitation,
    person: Person,
    office: Office,
    *,
    now: datetime,
    summary: str = "",
) -> Event:
    """Return what this person's calendar may know of the chat, stamped with `now`; `summary_for` saves a look-up."""
    words, place = translations(person.language), place_of(booking)
    summary = summary or summary_for(person)
    return Event(
        uid=entry.uid,
        sequence=entry.sequence,
        stamp=now,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        summary=summary,
        location=words.gettext(place) if place else "",
        organizer_address=office.sender,
        organizer_name=summary,
        attendee_address=person.email,
        partstat=Partstat(entry.partstat) if entry.partstat else at_first(person.id == booking.booked_by),
        cancelled=booking.state is BookingState.CANCELLED,
        asks=office.hears_replies,
    )


def summary_for(person: Person) -> str:
    """Return what stands in this person's calendar for a chat: their own words, or the neutral ones."""
    return title_of(queries.own_words_of(person), person.language)


def title_of(own: str, language: str) -> str:
    """Return an entry's title for a reader with these words of their own; empty for none."""
    return own or translations(language).gettext(SUMMARY)


def entry_stamp(booking: Booking, entry: Invitation) -> datetime:
    """Return when the entry last changed: it is the same each time the entry is read."""
    return entry.changed_at or booking.created_at


def at_first(by_them: bool) -> Partstat:
    """Return where somebody stands when a time is set: who set it themselves has accepted it."""
    return Partstat.ACCEPTED if by_them else Partstat.NEEDS_ACTION


def place_of(booking: Booking) -> str:
    """Return where the two meet: the place they agreed on, or how they are connected."""
    return PLACES.get(booking.format, booking.place)
