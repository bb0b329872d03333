"""Canaries: whoever reads over the shoulder learns from no part of a quiet letter what this place is for."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from portal.calendars.invitation import Event, request
from portal.data.crisis import countries, country
from portal.domain.account import Discretion
from portal.domain.invitation import Partstat
from portal.domain.notice import CALENDAR_KINDS, Kind
from portal.mail.compose import compose
from portal.mail.letter import Letter
from portal.mail.specimens import ENDS, LETTERS, STARTS, every_letter
from portal.services.notice.office import foot_lines

TELLING = re.compile(
    r"suicid|crisis|lifeline|samarit|veteran|struggl|too much right now|somebody is there|peer|recover|sober|addict"
    r"|relapse|setback|mental|health|therap|support(?!ed-color)|lived|experience|someone|member|coordinator|volunteer|match"
    r"|both said|said yes|chose|choice|suit you better|own words|suggest|would like|meet|maya",
    re.IGNORECASE,
)
EVENT = Event(
    uid="7b1e8f6e-0000-4000-8000-000000000001",
    sequence=1,
    stamp=STARTS,
    starts_at=STARTS,
    ends_at=ENDS,
    summary="Coffee",
    location="Juniper Café",
    organizer_address="hello@notes.example",
    organizer_name="Coffee",
    attendee_address="ana@example.org",
    partstat=Partstat.NEEDS_ACTION,
)


def whole(letter: Letter) -> str:
    """Return all that a letter holds, as any mail program could show it: headers, and each part decoded."""
    sent = datetime(2026, 3, 1, tzinfo=UTC)
    raw = compose(letter, "ana@example.org", "hello@notes.example", "<1@notes.example>", sent, "https://p.example/u/1")
    parts = list(message_from_bytes(raw, policy=policy.default).walk())
    heads = [f"{name}: {value}" for part in parts for name, value in part.items()]
    bodies = [part.get_payload(decode=True).decode() for part in parts if not part.is_multipart()]  # type: ignore[union-attr]
    return "\n".join(heads + bodies)


def letters_of(discretion: Discretion, code: str) -> dict[Kind, str]:
    """Every letter in full, with a true calendar entry and the help lines of a country."""
    written = every_letter(discretion, foot_lines(country(code)), request(EVENT))
    return {kind: whole(letter) for kind, letter in written.items()}


@pytest.mark.parametrize("discretion", [Discretion.DISCREET, Discretion.DOT])
@pytest.mark.parametrize("code", [each.code for each in countries()])
def test_no_part_of_a_quiet_letter_tells_what_this_place_is_for(discretion: Discretion, code: str) -> None:
    found = {kind: TELLING.findall(text) for kind, text in letters_of(discretion, code).items()}
    assert found == {kind: [] for kind in LETTERS}


def test_a_code_is_a_quiet_letter_whatever_was_chosen() -> None:
    assert letters_of(Discretion.OPEN, "us")[Kind.SIGN_IN_CODE] == letters_of(Discretion.DOT, "us")[Kind.SIGN_IN_CODE]


def test_the_canary_reads_every_part_and_sings_at_an_open_letter() -> None:
    openly = letters_of(Discretion.OPEN, "us")
    assert {kind for kind, text in openly.items() if TELLING.search(text) is None} == {Kind.SIGN_IN_CODE, Kind.TRUSTED}
    assert {kind for kind, text in openly.items() if "BEGIN:VEVENT" in text} == CALENDAR_KINDS


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("us", "Help lines: call or text 988; text HOME to 741741. Emergencies: 911."),
        ("gb", "Help lines: call 116 123. Emergencies: 999."),
        ("nz", "Help lines: call or text 1737. Emergencies: 111."),
    ],
)
def test_a_quiet_foot_holds_a_countrys_numbers(code: str, words: str) -> None:
    assert words in every_letter(Discretion.DISCREET, foot_lines(country(code)))[Kind.SIGN_IN_CODE].text
