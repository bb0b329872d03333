"""What can go wrong, as a small family: each error carries a sentence a person can read, answered by web/errors.py."""

from collections.abc import Sequence
from datetime import datetime

from portal.domain.words import N_


class PortalError(Exception):
    """A refusal with a sentence for the person; `values` fill its %(name)s places. Never holds names or free text."""

    status = 400

    def __init__(self, sentence: str, **values: str | int) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.values = values


class NotFound(PortalError):
    """There is nothing here for this person; said the same way whether or not the thing exists."""

    status = 404

    def __init__(self) -> None:
        super().__init__(N_("The link may be old, or belong to another sign-in."))


class NotAllowed(PortalError):
    """The person is known, and this is not theirs to do."""

    status = 403


class BadInput(PortalError):
    """Something typed needs another look; `field` names where the sentence belongs."""

    status = 422

    def __init__(self, field: str, sentence: str, **values: str | int) -> None:
        super().__init__(sentence, **values)
        self.field = field


class Stale(PortalError):
    """Somebody decided in the meantime; the newer decision stands."""

    status = 409


class NoRoom(PortalError):
    """The peer's last place has just been taken, or they are resting."""

    status = 409


class TimeTaken(PortalError):
    """The time cannot be booked; `nearest` are free starts to offer instead, `reason` is a slots.Closed value."""

    status = 409

    def __init__(self, sentence: str, reason: str, nearest: Sequence[datetime] = (), **values: str | int) -> None:
        super().__init__(sentence, **values)
        self.reason = reason
        self.nearest = tuple(nearest)


class TooOften(PortalError):
    """Too many tries for now; says when to come back."""

    status = 429
