"""Answers from calendars: those of the usual programs are read, everything else is no answer and takes no time."""

import time
from datetime import datetime

import pytest

from portal.calendars.reply import LONGEST, NoReply, read_reply
from portal.domain.invitation import Partstat, Reply
from tests.calendars.readers import objections
from tests.calendars.replies import APPLE, CALENDARS, GOOGLE, UID, answer

ANA = "ana@example.org"


@pytest.mark.parametrize("partstat", ["ACCEPTED", "TENTATIVE", "DECLINED"])
@pytest.mark.parametrize("program", CALENDARS)
def test_the_answers_of_the_usual_calendars_are_read(program: str, partstat: str, now: datetime) -> None:
    ics = answer(now, partstat=partstat, sequence=3, calendar=CALENDARS[program])
    assert read_reply(ics) == Reply(UID, 3, now, ANA, Partstat(partstat))


def test_what_the_tests_take_for_an_answer_is_one_for_others_too(now: datetime) -> None:
    assert objections(answer(now, calendar=APPLE)) == []


def test_an_answer_without_a_sequence_is_to_the_first_invitation(now: datetime) -> None:
    assert read_reply(answer(now).replace(b"SEQUENCE:0\r\n", b"")).sequence == 0


def test_small_letters_and_folded_lines_are_the_same(now: datetime) -> None:
    folded = answer(now).replace(b"ATTENDEE;", b"attendee;\r\n ").replace(b"PARTSTAT=ACCEPTED", b"partstat=accepted")
    assert read_reply(folded) == read_reply(answer(now))


def changed(old: str, new: str, now: datetime) -> bytes:
    whole = answer(now)
    assert old.encode() in whole
    return whole.replace(old.encode(), new.encode())


HOSTILE = {
    "a request": ("METHOD:REPLY", "METHOD:REQUEST"),
    "a counter-proposal": ("METHOD:REPLY", "METHOD:COUNTER"),
    "two methods": ("METHOD:REPLY", "METHOD:REPLY\r\nMETHOD:REQUEST"),
    "no method": ("METHOD:REPLY\r\n", ""),
    "no uid": ("UID:", "X-UID:"),
    "a uid that is none of ours": (f"UID:{UID}", "UID:abc@example.org"),
    "two uids": (f"UID:{UID}", f"UID:{UID}\r\nUID:{UID}"),
    "no date": ("DTSTAMP:", "X-DTSTAMP:"),
    "a date that is none": ("DTSTAMP:2026", "DTSTAMP:0000"),
    "a local date": ("T100000Z\r\nORG", "T100000\r\nORG"),
    "two attendees": ("CREATED:", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ben@example.org\r\nCREATED:"),
    "no attendee": ("ATTENDEE;", "X-ATTENDEE;"),
    "no answer": ("PARTSTAT=ACCEPTED", "PARTSTAT=NEEDS-ACTION"),
    "an answer nobody knows": ("PARTSTAT=ACCEPTED", "PARTSTAT=X-PERHAPS"),
    "two answers": ("PARTSTAT=ACCEPTED", "PARTSTAT=ACCEPTED,DECLINED"),
    "an answer said twice": ("PARTSTAT=ACCEPTED", "PARTSTAT=ACCEPTED;PARTSTAT=DECLINED"),
    "handed on to somebody else": ("PARTSTAT=ACCEPTED", "PARTSTAT=DELEGATED"),
    "an attendee who is no mailbox": (f":mailto:{ANA}", ":urn:uuid:1"),
    "a sequence below zero": ("SEQUENCE:0", "SEQUENCE:-1"),
    "a sequence without end": ("SEQUENCE:0", "SEQUENCE:99999999999999999999"),
    "a sequence of other digits": ("SEQUENCE:0", "SEQUENCE:٣"),
    "one that repeats each second": ("CREATED:", "RRULE:FREQ=SECONDLY\r\nCREATED:"),
    "one of several": ("CREATED:", "RECURRENCE-ID:20260308T180000Z\r\nCREATED:"),
    "two events": ("END:VCALENDAR", "BEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR"),
    "two calendars": ("END:VCALENDAR\r\n", "END:VCALENDAR\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),
    "a task": ("VEVENT", "VTODO"),
    "an event in an event": ("CREATED:", "BEGIN:VEVENT\r\nUID:x\r\nEND:VEVENT\r\nCREATED:"),
    "a part that ends another": ("END:VEVENT", "END:VTODO"),
    "a calendar that does not end": ("END:VCALENDAR\r\n", ""),
    "a nothing inside": ("SUMMARY:", "SUMMARY:\0"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_no_answer_to_one_of_ours_is_none(what: str, now: datetime) -> None:
    with pytest.raises(NoReply) as caught:
        read_reply(changed(*HOSTILE[what], now))
    assert (str(caught.value), caught.value.__cause__) == ("", None)


@pytest.mark.parametrize(
    "ics",
    [
        b"",
        b"hello",
        b"\xff\xfe" * 100,
        "METHOD:REPLY".encode("utf-16"),
        b"BEGIN:VCALENDAR\r\n" * 1000,
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + b"BEGIN:VALARM\r\n" * 3000,
        b"\r\n" * (LONGEST // 2),
        b"BEGIN:VCALENDAR\r\n " + b" " * LONGEST,
        b"BEGIN:VCALENDAR\r\nATTENDEE" + b';CN="' * 10_000 + b":x",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nATTENDEE" + b";A=B" * 15_000 + b":x\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID" + b";" * 60_000,
        b"UID:" + b"\\" * 60_000,
        GOOGLE.encode() * 100,
    ],
    ids=range(13),
)
def test_rubbish_is_no_answer_and_takes_no_time(ics: bytes) -> None:
    begun = time.perf_counter()
    with pytest.raises(NoReply):
        read_reply(ics)
    assert time.perf_counter() - begun < 1.0
