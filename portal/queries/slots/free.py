"""When one peer is free for one member, always as of now: two statements, and the rules of domain/slots."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from portal.domain.errors import NotFound
from portal.domain.experience import Format
from portal.domain.slots import Busy, Closed, Hours, Policy, Slot, Ways, open_slots, why_closed
from portal.queries.slots.in_the_way import busy_between
from portal.queries.slots.offers import offer_of

# A cap counts whole local weeks; without one, only what a chat may touch matters. A local date lies up to a day beside
# its UTC one.
_AROUND_CAPPED, _AROUND = timedelta(days=8), timedelta(days=3)


@dataclass(frozen=True)
class FreeTime:
    """Everything that decides about a peer's times at one moment, for one member or for nobody in particular."""

    hours: Hours
    policy: Policy
    busy: tuple[Busy, ...]
    now: datetime
    until: datetime | None = None
    way: Format | None = None
    lengths: tuple[int, ...] = ()

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """Every open slot up to the horizon, in order."""
        found = open_slots(self.hours, self.policy, self.busy, *self._dates, self.now, self.way)
        return found if self.until is None else tuple(slot for slot in found if slot.starts_at < self.until)

    def slot(self, starts_at: datetime) -> Slot:
        """Return the slot that starts then, open or not."""
        return Slot(starts_at, starts_at + timedelta(minutes=self.policy.length_minutes))

    def why_closed(self, starts_at: datetime) -> Closed | None:
        """Return what closes a start; None exactly for those of `slots`."""
        closed = why_closed(self.hours, self.policy, self.busy, starts_at, self.now, self.way)
        too_far = self.until is not None and starts_at >= self.until
        return closed or (Closed.TOO_FAR if too_far else None)

    def ways_at(self, slot: Slot) -> frozenset[Format]:
        """Return the ways to meet that the hours allow for one of `slots`; none named is every way."""
        return self._ways.at(slot)

    @cached_property
    def _ways(self) -> Ways:
        return Ways(self.hours, *self._dates)

    @property
    def _dates(self) -> tuple[date, date]:
        return _up_to_horizon(self.hours, self.policy, self.now)


def free_time(
    peer_id: int,
    member_id: int | None,
    now: datetime,
    *,
    without: int | None = None,
    until: datetime | None = None,
    minutes: int | None = None,
    way: Format | None = None,
) -> FreeTime:
    """Return a peer's time up to their horizon, or before `until`.

    `without` leaves out the booking to be moved, which keeps its length; otherwise `minutes` is one of the peer's
    lengths, and any other is NotFound. With a `way`, only hours that allow it count.
    """
    offer = offer_of(peer_id, now.date() - _AROUND)
    policy = offer.policy
    if minutes is not None and minutes != policy.length_minutes:
        if without is None and minutes not in offer.lengths:
            raise NotFound
        policy = replace(policy, length_minutes=minutes)
    around = _AROUND_CAPPED if policy.capped else _AROUND
    first, last = _up_to_horizon(offer.hours, policy, now)
    busy = busy_between(peer_id, member_id, first - around, last + around, without)
    return FreeTime(offer.hours, policy, busy, now, until, way, offer.lengths)


def open_times(peer_id: int, member_id: int | None, now: datetime, *, without: int | None = None) -> tuple[Slot, ...]:
    """Return every open slot of a peer up to their horizon, in order; of a member who looks, none beside own chats."""
    return free_time(peer_id, member_id, now, without=without).slots


def hours_and_policy(peer_id: int) -> tuple[Hours, Policy]:
    """Return a peer's hours and policy; NotFound for somebody who is no peer."""
    offer = offer_of(peer_id)
    return offer.hours, offer.policy


def busy_of(
    peer_id: int, member_id: int | None, first: date, last: date, *, without: int | None = None
) -> tuple[Busy, ...]:
    """Return what is in the way of chats that start on the local dates first to last, with the weeks around them.

    `member_id` adds the member's own chats; `without` leaves one booking out: the one that is to be moved.
    """
    return busy_between(peer_id, member_id, first - _AROUND_CAPPED, last + _AROUND_CAPPED, without)


def _up_to_horizon(hours: Hours, policy: Policy, now: datetime) -> tuple[date, date]:
    first = hours.date_of(now)
    return first, first + timedelta(days=policy.horizon_days)
