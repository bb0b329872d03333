"""The delivered help lines say what a person needs to know, in one tap."""

import re

import pytest

from portal.data import countries, country
from portal.domain.crisis import Country, Line, SendsHelp, Way, WayKind

LINES = [line for each in countries() for line in each.lines]
HREF = {
    WayKind.CALL: r"tel:\+?[0-9]+(,[0-9])?",
    WayKind.TEXT: r"sms:\+?[0-9]+(\?&body=[A-Z]+)?",
    WayKind.CHAT: r"https://.+",
}


def _line(country_code: str, line_id: str) -> Line:
    return next(line for line in country(country_code).lines if line.id == line_id)


def test_six_countries_are_delivered() -> None:
    assert [each.code for each in countries()] == ["AU", "CA", "GB", "IE", "NZ", "US"]


def test_an_unknown_country_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        country("XX")


def test_the_united_states_begin_with_988_then_the_text_line() -> None:
    assert [line.id for line in country("us").lines][:2] == ["us-988", "us-text-line"]
    assert country("us").emergency == Way(WayKind.CALL, "911", "tel:911")


def test_988_has_no_press_three() -> None:
    shown = " ".join(f"{way.shown} {way.note}" for way in _line("us", "us-988").ways)
    assert "3" not in shown


@pytest.mark.parametrize(
    ("line_id", "hrefs"),
    [
        ("us-988", ["tel:988", "sms:988", "https://988lifeline.org/chat/"]),
        ("us-text-line", ["sms:741741?&body=HOME"]),
        ("us-veterans", ["tel:988,1", "sms:838255", "https://www.veteranscrisisline.net/"]),
        ("us-trevor", ["tel:+18664887386", "sms:678678?&body=START", "https://www.thetrevorproject.org/get-help/"]),
        ("us-trans", ["tel:+18775658860"]),
        ("us-samhsa", ["tel:+18006624357"]),
        ("us-gambling", ["tel:+18006973738"]),
    ],
)
def test_the_numbers_of_the_plan_are_one_tap(line_id: str, hrefs: list[str]) -> None:
    assert [way.href for way in _line("us", line_id).ways] == hrefs


@pytest.mark.parametrize("each", countries(), ids=lambda each: each.code)
def test_every_country_has_a_first_line_that_never_sleeps(each: Country) -> None:
    assert each.lines[0].hours == ()
    assert each.lines[0].ways[0].kind == WayKind.CALL


def test_trans_lifeline_keeps_weekday_hours_in_its_zone() -> None:
    line = _line("us", "us-trans")
    assert {(hours.weekday, hours.start, hours.end) for hours in line.hours} == {(day, 600, 1080) for day in range(5)}
    assert (line.zone, line.sends_help) == ("America/Los_Angeles", SendsHelp.NO)


def test_line_ids_are_unique() -> None:
    assert len({line.id for line in LINES}) == len(LINES)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.id)
def test_every_line_is_complete(line: Line) -> None:
    assert all((line.name, line.audience, line.cost, line.languages, line.hours_shown))
    assert line.source.startswith("https://")
    assert (line.verified_on is None) == (line.review_by is None)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.id)
def test_every_way_opens_what_it_shows(line: Line) -> None:
    for way in line.ways:
        assert re.fullmatch(HREF[way.kind], way.href), way
        if way.kind != WayKind.CHAT:
            dialled = re.sub(r"\D", "", way.href)
            shown = re.sub(r"\D", "", way.shown.split("(")[0])
            assert shown in (dialled, dialled.removeprefix("1")), way
