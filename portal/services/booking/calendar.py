"""A chat for one person's own calendar, to take from the page; the same entry that the letters carry."""

from portal.calendars.invitation import publish
from portal.domain.errors import NotFound
from portal.queries import booking as queries
from portal.queries import notice as notice_queries
from portal.services.notice.event import entry_stamp, event_of
from portal.services.notice.office import office


def calendar_entry(booking_id: int, actor_id: int) -> bytes:
    """Return the iCalendar bytes of a chat for one of its two people; NotFound for anybody else."""
    open_to_them = queries.chat_for(actor_id, booking_id) is not None
    booking, person = notice_queries.chat(booking_id), notice_queries.person(actor_id)
    entry = queries.invitation_of(booking_id, actor_id)
    if not open_to_them or booking is None or person is None or entry is None:
        raise NotFound
    return publish(event_of(booking, entry, person, office(), now=entry_stamp(booking, entry)))
