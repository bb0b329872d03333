"""The steady check-in and the thread between two people: what stands in it and when the next one goes out."""

from portal.domain.checkin.line import CheckInState, LineKind

__all__ = ["CheckInState", "LineKind"]
