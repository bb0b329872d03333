"""Every letter that the demo community is sent, first and after each chat has moved and is off, read by others."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal.app import create_app
from portal.domain.booking import BookingState
from portal.queries import notice as queries
from portal.services import booking
from portal.settings import load
from tests.calendars.readers import by_icaljs, entries_in, objections
from tests.servers.settings import environ_for
from tests.servers.smtp import Sink
from tests.servers.valkey import Valkey
from tests.services.outbox import cancel, deliver_due, move, rows

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
LATER = timedelta(hours=3)


def methods(smtp: Sink) -> Counter[object]:
    """Count the entries that have been sent by their method, each of which both readers read in one way."""
    entries = [entry for letter in smtp.letters for entry in entries_in(letter.raw)]
    assert [(entry, found) for entry in entries if (found := objections(entry))] == []
    return Counter(by_icaljs(entry)["method"] for entry in entries)


def test_all_letters_of_the_demo_site(demo_url: str, valkey: Valkey, smtp: Sink, tmp_path: Path) -> None:
    app = create_app(load(environ_for(demo_url, tmp_path, redis_url=valkey.url, smtp_url=smtp.url)))
    now = datetime.now(UTC)
    with app.app_context():
        deliver_due(now)
        # Each goes inline and attached, to both of the two.
        invited = methods(smtp)["REQUEST"]
        ahead = sorted({notice.booking_id for notice in rows() if notice.booking_id and _booked(notice.booking_id)})
        for booking_id in ahead:
            move(booking_id, now + timedelta(days=3), now)
        deliver_due(now)
        for booking_id in ahead:
            cancel(booking_id, now + LATER)
        deliver_due(now + timedelta(days=1))
    assert ahead != []
    assert (invited, methods(smtp)) == (4 * len(ahead), Counter(REQUEST=8 * len(ahead), CANCEL=4 * len(ahead)))


def test_every_feed_and_entry_of_the_demo_site(demo_url: str, valkey: Valkey, smtp: Sink, tmp_path: Path) -> None:
    app = create_app(load(environ_for(demo_url, tmp_path, redis_url=valkey.url, smtp_url=smtp.url)))
    now = datetime.now(UTC)
    with app.app_context():
        about = {notice.booking_id for notice in rows() if notice.booking_id}
        # A time that is asked for or held for somebody is in nobody's calendar yet.
        bookings = sorted(booking_id for booking_id in about if queries.invitations(booking_id))
        two = {chat.id: (chat.member_id, chat.peer_id) for each in bookings if (chat := queries.chat(each))}
        feeds = [
            booking.make_feed(person_id, now=now)
            for person_id in sorted({one for pair in two.values() for one in pair})
        ]
        files = [booking.read_feed(key, now=now)[0] for key in feeds]
        files += [booking.calendar_entry(chat_id, person_id) for chat_id, pair in two.items() for person_id in pair]
    assert [(ics, found) for ics in files if (found := objections(ics))] == []
    assert {by_icaljs(ics)["method"] for ics in files} == {"PUBLISH"}
    assert len(files) >= 2 * len(two) > 0


def _booked(booking_id: int) -> bool:
    booking = queries.chat(booking_id)
    return booking is not None and booking.state is BookingState.BOOKED
