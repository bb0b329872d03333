"""What these tests share."""

from datetime import datetime, timedelta

from portal.domain.experience import Format
from portal.services import booking as services
from tests.booking_cast import (
    TUESDAY_TEN,
    Pair,
)

HALF_HOUR = timedelta(minutes=30)


def book(
    pair: Pair,
    now: datetime,
    starts_at: datetime = TUESDAY_TEN,
    key: str = "",
    actor: int = 0,
    way: Format = Format.COFFEE,
) -> int:
    return services.book(pair.walk_id, actor or pair.member_id, starts_at, way, " Juniper\nCafé ", key=key, now=now)
