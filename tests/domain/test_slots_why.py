"""Why a time is closed: every reason has its case, its sentence, and its place when several hold at once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.domain.slots import SENTENCES, Busy, BusyKind, Closed, Hours, Policy, Window, why_closed

NEW_YORK = "America/New_York"
HOURS = Hours(NEW_YORK, dict.fromkeys(range(7), (Window(540, 720),)), {date(2026, 4, 17): ()})
POLICY = Policy(
    rest_before_minutes=15, rest_after_minutes=15, notice_minutes=120, horizon_days=30, cap_per_day=2, cap_per_week=3
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC)


def busy(begins: str, kind: BusyKind = BusyKind.TAKEN) -> Busy:
    return Busy(utc(begins), utc(begins) + timedelta(minutes=30), kind)


@pytest.mark.parametrize(
    ("start", "in_the_way", "expected"),
    [
        ("04-15 13:00", [], None),
        ("04-15 15:30", [], None),
        ("04-15 16:00", [], Closed.OUTSIDE_HOURS),
        ("04-15 12:30", [], Closed.OUTSIDE_HOURS),
        ("04-17 13:00", [], Closed.OUTSIDE_HOURS),
        ("04-15 15:45", [], Closed.OUTSIDE_HOURS),
        ("04-15 13:10", [], Closed.OFF_GRID),
        ("04-15 13:00", [busy("04-15 13:00", BusyKind.TIME_OFF)], Closed.TIME_OFF),
        ("04-15 13:00", [busy("04-15 13:00")], Closed.TAKEN),
        ("04-15 13:00", [busy("04-15 13:29", BusyKind.CALENDAR)], Closed.CALENDAR),
        ("04-15 13:00", [busy("04-15 13:00", BusyKind.MEMBER_TAKEN)], Closed.MEMBER_TAKEN),
        ("04-15 13:00", [busy("04-15 13:30")], Closed.REST),
        ("04-15 14:00", [busy("04-15 13:30", BusyKind.MEMBER_TAKEN)], Closed.REST),
        ("04-15 13:30", [busy("04-15 13:00", BusyKind.TIME_OFF)], None),
        ("04-15 13:30", [busy("04-15 13:00", BusyKind.CALENDAR)], None),
        ("04-14 13:30", [], Closed.TOO_SOON),
        ("04-14 14:00", [], None),
        ("05-14 13:00", [], None),
        ("05-15 13:00", [], Closed.TOO_FAR),
        ("04-15 13:00", [busy("04-15 19:00"), busy("04-16 03:30")], Closed.CAP_DAY),
        ("04-15 13:00", [busy("04-14 19:00"), busy("04-16 19:00"), busy("04-18 19:00")], Closed.CAP_WEEK),
        ("04-14 11:30", [], Closed.PAST),
        ("04-13 03:00", [], Closed.PAST),
    ],
)
def test_each_rule_says_its_own_reason(start: str, in_the_way: list[Busy], expected: Closed | None) -> None:
    assert why_closed(HOURS, POLICY, in_the_way, utc(start), utc("04-14 12:00")) == expected


def test_the_members_own_chat_is_told_before_the_peers_time() -> None:
    both = [busy("04-15 13:00"), busy("04-15 13:00", BusyKind.MEMBER_TAKEN), busy("04-15 12:30")]
    assert why_closed(HOURS, POLICY, both, utc("04-15 13:00"), utc("04-14 12:00")) == Closed.MEMBER_TAKEN


def test_the_second_of_two_equal_wall_times_is_not_on_the_grid() -> None:
    night = Hours(NEW_YORK, {6: (Window(0, 180),)}, {})
    now = utc("10-30 12:00")
    assert why_closed(night, Policy(), [], utc("11-01 05:30"), now) is None
    assert why_closed(night, Policy(), [], utc("11-01 06:30"), now) == Closed.OFF_GRID


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (datetime.min.replace(tzinfo=UTC), Closed.PAST),
        (datetime.max.replace(tzinfo=UTC), Closed.TOO_FAR),
        (utc("04-15 13:00").replace(second=1), Closed.OFF_GRID),
    ],
)
@pytest.mark.parametrize("zone", [NEW_YORK, "Pacific/Apia"])
def test_a_start_from_a_hand_made_address_is_closed_like_any_other(
    start: datetime, expected: Closed, zone: str
) -> None:
    hours = Hours(zone, dict.fromkeys(range(7), (Window(0, 1440),)), {})
    assert why_closed(hours, POLICY, [], start, utc("04-14 12:00")) == expected


def test_a_start_may_be_given_in_any_zone_but_not_in_none() -> None:
    kathmandu = datetime.fromisoformat("2026-04-15T18:45:00+05:45")
    assert why_closed(HOURS, POLICY, [], kathmandu, utc("04-14 12:00")) is None
    with pytest.raises(ValueError, match="time zone"):
        why_closed(HOURS, POLICY, [], datetime(2026, 4, 15, 13), utc("04-14 12:00"))  # noqa: DTZ001  (the mistake)


def test_every_reason_has_a_calm_sentence_of_its_own() -> None:
    assert set(SENTENCES) == set(Closed)
    assert SENTENCES[Closed.CALENDAR] == SENTENCES[Closed.TAKEN]
    assert len(set(SENTENCES.values())) == len(Closed) - 1
    assert [reason for reason in Closed if reason.sentence != SENTENCES[reason]] == []
    assert [text for text in SENTENCES.values() if not text.endswith(".") or "!" in text or "%" in text] == []
