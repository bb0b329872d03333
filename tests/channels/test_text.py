"""Texts by the carrier's own client: what is taken, refused, or may have been taken; errors are codes only."""

import logging
import traceback

import pytest

from portal.channels.text import Text, answer, text_in, wrapped
from portal.domain.notice import Channel
from portal.mail.errors import Doubtful, Refused, SendingError, Unreachable
from tests.servers.twilio import ACCOUNT, NUMBER, TOKEN, Carrier, Mood, inbound_values

TO = "+12025550123"
RAW = wrapped("You have a note http://localhost/n/7", "http://localhost/texts/receipt/7")


def way(carrier: Carrier, **more: object) -> Text:
    given = {"account": ACCOUNT, "token": TOKEN, "sender": NUMBER, "base": carrier.url} | more
    return Text(**given)  # type: ignore[arg-type]


def trouble_of(carrier: Carrier, **more: object) -> SendingError:
    with way(carrier, **more).line() as line, pytest.raises(SendingError) as caught:
        line.send(TO, RAW)
    return caught.value


def test_a_text_is_handed_over_and_has_the_carriers_name(carrier: Carrier) -> None:
    with way(carrier).line() as line:
        names = [line.send(TO, RAW), line.send(TO, wrapped("Again", ""))]
    assert names == [text.sid for text in carrier.texts]
    first, second = carrier.texts
    assert (first.to, first.sender, first.body) == (TO, NUMBER, "You have a note http://localhost/n/7")
    assert (first.receipt, second.receipt) == ("http://localhost/texts/receipt/7", "")


def test_a_messaging_service_sends_in_the_place_of_a_number(carrier: Carrier) -> None:
    with way(carrier, sender="MG" + "0" * 32).line() as line:
        line.send(TO, RAW)
    assert carrier.texts[0].sender == "MG" + "0" * 32


@pytest.mark.parametrize("code", [21211, 21610, 21614])
def test_a_number_that_is_refused_is_refused_for_good(carrier: Carrier, code: int) -> None:
    carrier.refused[TO] = code
    trouble = trouble_of(carrier)
    assert isinstance(trouble, Refused)
    assert (trouble.code, trouble.permanent) == (code, True)


@pytest.mark.parametrize(("mood", "code"), [(Mood.BUSY, 20429)])
def test_a_carrier_that_is_busy_is_asked_again(carrier: Carrier, mood: Mood, code: int) -> None:
    carrier.mood = mood
    trouble = trouble_of(carrier)
    assert isinstance(trouble, Refused)
    assert (trouble.code, trouble.permanent) == (code, False)


def test_a_wrong_token_is_ours_to_mend_and_not_the_texts(carrier: Carrier) -> None:
    trouble = trouble_of(carrier, token="wrong")
    assert isinstance(trouble, Refused)
    assert (trouble.code, trouble.permanent) == (20003, False)


def test_a_carrier_that_is_away_cannot_have_taken_it(carrier: Carrier) -> None:
    carrier.mood = Mood.AWAY
    assert isinstance(trouble_of(carrier), Unreachable)


@pytest.mark.parametrize("mood", [Mood.BROKEN, Mood.DROP, Mood.HANG])
def test_a_carrier_that_breaks_off_may_have_taken_it(carrier: Carrier, mood: Mood) -> None:
    carrier.mood = mood
    assert isinstance(trouble_of(carrier, seconds=0.5), Doubtful)


def test_where_nobody_listens_it_cannot_have_been_taken(carrier: Carrier) -> None:
    carrier.stop()
    assert isinstance(trouble_of(carrier), Unreachable)


def test_no_number_and_no_word_of_the_text_is_logged_or_raised(
    carrier: Carrier, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        with way(carrier).line() as line:
            line.send(TO, RAW)
        carrier.refused[TO] = 21211
        trouble = trouble_of(carrier)
    told = caplog.text + "".join(traceback.format_exception(trouble))
    assert [canary for canary in (TO, TO[1:], "a note", "n/7", TOKEN) if canary in told] == []
    assert trouble.__cause__ is None
    assert trouble.__context__ is None


def test_a_call_of_the_carrier_is_known_by_its_signature(carrier: Carrier) -> None:
    url, values = "https://portal.example.org/texts/heard", inbound_values(TO, "STOP")
    signature = carrier.signature(url, values)
    text = way(carrier)
    assert text.signed(url, values, signature)
    assert not text.signed(url, values | {"Body": "START"}, signature)
    assert not text.signed(url.replace("heard", "other"), values, signature)
    assert not text.signed(url, values, "")
    assert not way(carrier, token="other").signed(url, values, signature)


def test_an_answer_is_xml_and_holds_no_marks_of_its_own() -> None:
    assert answer("a < b & c") == (
        '<?xml version="1.0" encoding="UTF-8"?><Response><Message>a &lt; b &amp; c</Message></Response>'
    )
    assert answer("") == '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'


def test_a_text_can_be_read_back_from_what_is_kept() -> None:
    assert text_in(wrapped("“Ana”", "https://x")) == "“Ana”"


def test_the_way_shows_no_token_when_it_is_printed(carrier: Carrier) -> None:
    assert TOKEN not in repr(way(carrier))
    assert way(carrier).channel is Channel.TEXT
