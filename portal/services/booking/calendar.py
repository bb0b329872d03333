"""A chat for one person's own calendar, to take from the page; the same entry that the letters carry."""

from datetime import datetime

from portal.calendars.invitation import Event, publish
from portal.domain.booking import BookingState
from portal.domain.errors import NotFound
from portal.mail.render import translations
from portal.queries import booking as queries
from portal.services.notice.office import office
from portal.services.notice.write import PLACES, SUMMARY


def calendar_entry(booking_id: int, actor_id: int, language: str, *, now: datetime) -> bytes:
    """Return the iCalendar bytes of a chat for one of its two people; NotFound for anybody else."""
    chat = queries.chat_for(actor_id, booking_id)
    entry = queries.invitation_of(booking_id, actor_id)
    if chat is None or entry is None:
        raise NotFound
    words = translations(language)
    place = PLACES.get(chat.format, chat.place)
    event = Event(
        uid=entry.uid,
        sequence=entry.sequence,
        stamp=now,
        starts_at=chat.starts_at,
        ends_at=chat.ends_at,
        summary=words.gettext(SUMMARY),
        location=words.gettext(place) if place else "",
        organizer_address=office().sender,
        organizer_name=words.gettext(SUMMARY),
        attendee_address="",
        cancelled=chat.state is BookingState.CANCELLED,
    )
    return publish(event)
