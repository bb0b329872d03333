"""The public places a peer likes to meet at, in an order of their own; members who are matched with them see these."""

from datetime import datetime

from portal.db import retry_once
from portal.domain.errors import BadInput
from portal.domain.notice.one_line import one_line
from portal.domain.slots import looks_like_a_home
from portal.domain.words import N_
from portal.models import MeetingPlace
from portal.queries import own_hours as queries
from portal.services import once
from portal.services.slots.own import found, own_change

PLACES_CHANGED = "places changed"
MOST_PLACES = 8
NAME_LENGTH = 60
ADDRESS_LENGTH = 160

NO_NAME = N_("Please write what the place is called.")
TOO_LONG = N_("Please use at most %(max)d characters.")
ENOUGH = N_("These are as many places as one list can hold. Please take one away first.")
A_HOME = N_(
    "This reads like somebody’s home. First chats are best in public: a café, a library, a park."
    " If it is a public place, tick the box below."
)


@retry_once
def add_place(peer_id: int, name: str, address: str, *, public: bool, key: str, now: datetime) -> int:
    """Add a place at the end of the list; `public` says that it is one although it reads like a home."""
    name, address = _checked(name, address, public=public)
    with own_change(once.form(peer_id, key, "add place", name, address), now, deed=PLACES_CHANGED) as change:
        if not change.seen_before:
            held = queries.places_of(peer_id)
            if len(held) >= MOST_PLACES:
                raise BadInput("name", ENOUGH)
            last = max((row.position for row in held), default=0)
            change.session.add(MeetingPlace(peer_id=peer_id, name=name, address=address, position=last + 1))
    return peer_id


@retry_once
def change_place(peer_id: int, place_id: int, name: str, address: str, *, public: bool, key: str, now: datetime) -> int:
    """Give a place another name or address; chats that are booked there keep what was said then."""
    name, address = _checked(name, address, public=public)
    form = once.form(peer_id, key, "change place", place_id, name, address)
    with own_change(form, now, deed=PLACES_CHANGED) as change:
        if not change.seen_before:
            row = found(queries.own_place(peer_id, place_id))
            row.name, row.address = name, address
    return peer_id


@retry_once
def move_place(peer_id: int, place_id: int, *, key: str, now: datetime) -> int:
    """Move a place up by one; the first stays where it is."""
    with own_change(once.form(peer_id, key, "move place", place_id), now, deed=PLACES_CHANGED) as change:
        if not change.seen_before:
            row = found(queries.own_place(peer_id, place_id))
            rows = queries.places_of(peer_id)
            at = rows.index(row)
            rows.insert(max(at - 1, 0), rows.pop(at))
            for position, each in enumerate(rows, start=1):
                each.position = position
    return peer_id


@retry_once
def remove_place(peer_id: int, place_id: int, *, key: str, now: datetime) -> int:
    """Take a place off the list; chats that are booked there keep it."""
    with own_change(once.form(peer_id, key, "remove place", place_id), now, deed=PLACES_CHANGED) as change:
        if not change.seen_before:
            change.session.delete(found(queries.own_place(peer_id, place_id)))
    return peer_id


def _checked(name: str, address: str, *, public: bool) -> tuple[str, str]:
    name, address = (" ".join(one_line(typed).split()) for typed in (name, address))
    if not name:
        raise BadInput("name", NO_NAME)
    if len(name) > NAME_LENGTH:
        raise BadInput("name", TOO_LONG, max=NAME_LENGTH)
    if len(address) > ADDRESS_LENGTH:
        raise BadInput("address", TOO_LONG, max=ADDRESS_LENGTH)
    if looks_like_a_home(name, address) and not public:
        raise BadInput("address", A_HOME)
    return name, address
