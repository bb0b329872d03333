"""Hostile and odd addresses: none is gone to that should not be, and each is answered by a sentence."""

import gzip
import socket
import time
import zlib
from collections.abc import Callable, Iterator

import pytest

from portal.calendars.busy import Address, Fetched, Fetcher, address_of
from portal.domain.egress import may_go_to
from portal.domain.slots.calendars import LARGEST_BYTES, Trouble, Unreadable
from tests.calendars.busy_files import calendar, event
from tests.servers.calendar_home import NAME, OPEN, Home, Said, answer

THERE = Address(NAME, "/secret.ics")
FILE = calendar(event())


@pytest.fixture(scope="module")
def one_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    made = Home(tmp_path_factory.mktemp("home"))
    yield made
    made.stop()


@pytest.fixture
def home(one_home: Home) -> Home:
    one_home.asked.clear()
    one_home.gone_to.clear()
    return one_home


def trouble_of(what: Callable[[], object]) -> Trouble:
    with pytest.raises(Unreadable) as caught:
        what()
    assert str(caught.value) == caught.value.trouble.value
    assert caught.value.trouble.sentence.endswith((".", "?"))
    return caught.value.trouble


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://calendar.example.org/secret.ics", "https://calendar.example.org/secret.ics"),
        ("  webcal://Calendar.Example.ORG/a?key=1&b=ü \n", "https://calendar.example.org/a?key=1&b=%C3%BC"),
        ("https://calendar.example.org:443#top", "https://calendar.example.org/"),
        ("https://kalender.exämple.org./x%20y@z", "https://kalender.xn--exmple-cua.org/x%20y@z"),
        ("webcals://calendar.example.org/%7Eana/cal.ics", "https://calendar.example.org/%7Eana/cal.ics"),
    ],
)
def test_an_address_is_kept_as_https_without_what_is_not_sent(typed: str, kept: str) -> None:
    assert address_of(typed).text == kept
    assert address_of(kept).text == kept


@pytest.mark.parametrize(
    ("typed", "trouble"),
    [
        ("", Trouble.NOT_ADDRESS),
        ("my calendar", Trouble.NOT_ADDRESS),
        ("calendar.example.org/secret.ics", Trouble.NOT_ADDRESS),
        ("https:///secret.ics", Trouble.NOT_ADDRESS),
        ("https://calendar.example.org:port/", Trouble.NOT_ADDRESS),
        ("https://[::1/", Trouble.NOT_ADDRESS),
        ("https://calendar..example.org/", Trouble.NOT_ADDRESS),
        ("https://-.example.org/", Trouble.NOT_ADDRESS),
        (f"https://{'a' * 64}.example.org/", Trouble.NOT_ADDRESS),
        (f"https://calendar.example.org/{'a' * 2000}", Trouble.NOT_ADDRESS),
        ("https://calendar.example.org/\r\nHost: other.example.org", Trouble.NOT_ADDRESS),
        ("https://calendar.example.org\\@127.0.0.1/", Trouble.NOT_ADDRESS),
        ("https://calendar.example.org/\x00", Trouble.NOT_ADDRESS),
        ("http://calendar.example.org/", Trouble.NOT_SECURE),
        ("file:///etc/passwd", Trouble.OTHER_KIND),
        ("ftp://calendar.example.org/", Trouble.OTHER_KIND),
        ("gopher://calendar.example.org/", Trouble.OTHER_KIND),
        ("javascript:alert(1)", Trouble.OTHER_KIND),
        ("data:text/calendar,BEGIN:VCALENDAR", Trouble.OTHER_KIND),
        ("https://ana:secret@calendar.example.org/", Trouble.PASSWORD),
        ("https://calendar.example.org@127.0.0.1/", Trouble.PASSWORD),
        ("https://calendar.example.org:8443/", Trouble.PORT),
        ("https://calendar.example.org:22/", Trouble.PORT),
        ("webcal://calendar.example.org:80/", Trouble.PORT),
        ("https://localhost/", Trouble.NO_NAME),
        ("https://127.0.0.1/", Trouble.NO_NAME),
        ("https://127.1/", Trouble.NO_NAME),
        ("https://2130706433/", Trouble.NO_NAME),
        ("https://0x7f000001/", Trouble.NO_NAME),
        ("https://0177.0.0.1/", Trouble.NO_NAME),
        ("https://example.0x7f/", Trouble.NO_NAME),
        ("https://１２７.0.0.1/", Trouble.NO_NAME),
        ("https://127。0。0。1/", Trouble.NO_NAME),
        ("https://[::1]/", Trouble.NO_NAME),
        ("https://[::ffff:127.0.0.1]/", Trouble.NO_NAME),
        ("https://93.184.215.14/", Trouble.NO_NAME),
        ("https://intranet/", Trouble.NO_NAME),
        ("https://router.local/", Trouble.PRIVATE),
        ("https://metadata.google.internal/computeMetadata/", Trouble.PRIVATE),
        ("https://printer.home.arpa/", Trouble.PRIVATE),
        ("https://a.localhost/", Trouble.PRIVATE),
    ],
)
def test_an_address_that_is_not_right_says_what_is_not(typed: str, trouble: Trouble) -> None:
    assert trouble_of(lambda: address_of(typed)) is trouble


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:2800:21f:cb07::1", "2a00:1450:4001::1"])
def test_the_open_internet_may_be_gone_to(address: str) -> None:
    assert may_go_to(address)


CLOSED = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.127.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::8.8.8.8",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:2::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::1",
    "3fff::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "2606:2800:21f:cb07::1%eth0",
    "5f00::1",
    "4000::1",
    "nonsense",
    "127.1",
    "2130706433",
]


@pytest.mark.parametrize("address", CLOSED)
def test_no_other_address_is_ever_connected_to(address: str, home: Home) -> None:
    assert not may_go_to(address)
    assert trouble_of(lambda: home.fetcher(address).fetch(THERE)) is Trouble.PRIVATE
    assert trouble_of(lambda: home.fetcher(OPEN, address).fetch(THERE)) is Trouble.PRIVATE
    assert home.gone_to == []


def test_a_calendar_is_fetched_from_the_address_that_was_checked(home: Home) -> None:
    """A name that is asked twice may answer otherwise the second time (rebinding): it is asked once."""
    answers = iter([["93.184.215.14"], ["127.0.0.1"]])
    fetcher = Fetcher(lambda _name: next(answers), home.connect, home.trust)
    home.say = lambda _question: [answer(FILE, "200 OK", 'ETag: "one"', "Last-Modified: Mon, 02 Mar 2026 09:00:00 GMT")]
    assert fetcher.fetch(THERE) == Fetched(FILE, '"one"', "Mon, 02 Mar 2026 09:00:00 GMT")
    assert home.gone_to == ["93.184.215.14"]
    assert home.asked[0].splitlines()[:2] == ["GET /secret.ics HTTP/1.1", "Host: calendar.example.org"]
    assert "Cookie" not in home.asked[0]


def test_an_unchanged_calendar_is_not_sent_again(home: Home) -> None:
    home.say = lambda question: [answer(b"", "304 Not Modified")] if 'If-None-Match: "one"' in question else []
    assert home.fetcher().fetch(THERE, '"one"', "Mon, 02 Mar 2026 09:00:00 GMT").body is None
    assert "If-Modified-Since: Mon, 02 Mar 2026 09:00:00 GMT" in home.asked[0]


def test_nothing_new_without_having_been_asked_is_no_answer(home: Home) -> None:
    home.say = lambda _question: [answer(b"", "304 Not Modified")]
    assert trouble_of(lambda: home.fetcher().fetch(THERE)) is Trouble.ODD


def test_a_mark_that_could_not_be_sent_again_is_not_kept(home: Home) -> None:
    home.say = lambda _question: [answer(FILE, "200 OK", f'ETag: "{"e" * 300}"', "Last-Modified: \x01")]
    assert home.fetcher().fetch(THERE) == Fetched(FILE)


def test_the_next_address_of_a_name_is_tried(home: Home) -> None:
    def connect(address: str, seconds: float) -> socket.socket:
        if address == "8.8.8.8":
            raise ConnectionRefusedError
        return home.connect(address, seconds)

    home.say = lambda _question: [answer(FILE)]
    assert Fetcher(lambda _name: ["8.8.8.8", OPEN], connect, home.trust).fetch(THERE).body == FILE
    assert home.gone_to == [OPEN]


@pytest.mark.parametrize(
    "location",
    [
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://localhost/",
        "http://calendar.example.org/",
        "https://calendar.example.org:8443/",
        "https://a:b@calendar.example.org/",
        "//169.254.169.254/latest",
        "file:///etc/passwd",
        "https://0x7f000001/",
        "",
    ],
)
def test_no_redirect_leads_where_an_address_may_not(location: str, home: Home) -> None:
    home.say = lambda _question: [answer(b"", "302 Found", f"Location: {location}")]
    assert trouble_of(lambda: home.fetcher().fetch(THERE)) is Trouble.WANDERS
    assert set(home.gone_to) == {OPEN}


def test_a_redirect_is_resolved_and_checked_like_the_first(home: Home) -> None:
    fetcher = Fetcher(lambda name: [OPEN] if name == NAME else ["127.0.0.1"], home.connect, home.trust)
    home.say = lambda _question: [answer(b"", "301 Moved", "Location: https://elsewhere.example.org/")]
    assert trouble_of(lambda: fetcher.fetch(THERE)) is Trouble.PRIVATE
    assert home.gone_to == [OPEN]


@pytest.mark.parametrize(("hops", "arrives"), [(3, True), (4, False)])
def test_three_redirects_are_followed_and_not_a_fourth(hops: int, arrives: bool, home: Home) -> None:
    def say(question: str) -> Said:
        at = int(question.split()[1].strip("/") or 0)
        return [answer(FILE) if at == hops else answer(b"", "307 Temporary", f"Location: /{at + 1}")]

    home.say = say
    fetcher = home.fetcher()
    if arrives:
        assert fetcher.fetch(Address(NAME, "/0")).body == FILE
    else:
        assert trouble_of(lambda: fetcher.fetch(Address(NAME, "/0"))) is Trouble.WANDERS


def test_a_server_with_the_wrong_name_or_a_stranger_s_word_is_not_believed(home: Home) -> None:
    home.say = lambda _question: [answer(FILE)]
    assert trouble_of(lambda: home.fetcher().fetch(Address("other.example.org", "/"))) is Trouble.NOT_TRUSTED
    stranger = Fetcher(lambda _name: [OPEN], home.connect)
    assert trouble_of(lambda: stranger.fetch(THERE)) is Trouble.NOT_TRUSTED
    assert home.asked == []


def gzipped_bomb() -> bytes:
    return gzip.compress(bytes(200 * LARGEST_BYTES))


def chunked(*pieces: bytes) -> bytes:
    body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return answer(b"", "200 OK", "Transfer-Encoding: chunked", length=False) + body


PACKED = "Content-Encoding: gzip"
ANSWERS: dict[str, tuple[bytes, Trouble]] = {
    "asks to sign in": (answer(b"", "401 Unauthorized"), Trouble.SIGN_IN),
    "is closed to us": (answer(b"", "403 Forbidden"), Trouble.SIGN_IN),
    "is gone": (answer(b"", "404 Not Found"), Trouble.GONE),
    "is gone for good": (answer(b"", "410 Gone"), Trouble.GONE),
    "asks for patience": (answer(b"", "429 Too Many Requests"), Trouble.AWAY),
    "has a fault": (answer(b"", "500 Oh"), Trouble.AWAY),
    "gives a part": (answer(FILE, "206 Partial Content"), Trouble.ODD),
    "says nothing": (b"", Trouble.AWAY),
    "speaks no HTTP": (b"220 mail.example.org ESMTP\r\n" * 10, Trouble.ODD),
    "sends headers without end": (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5000, Trouble.ODD),
    "sends an endless header": (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000, Trouble.ODD),
    "is too large": (answer(bytes(LARGEST_BYTES + 1)), Trouble.TOO_LARGE),
    "is too large in chunks": (chunked(*[bytes(60_000)] * 20), Trouble.TOO_LARGE),
    "is a bomb": (answer(gzipped_bomb(), "200 OK", PACKED), Trouble.TOO_LARGE),
    "is a bomb of many parts": (
        answer(gzip.compress(bytes(4096)) * 1000, "200 OK", PACKED),
        Trouble.TOO_LARGE,
    ),
    "is a bomb of the other kind": (
        answer(zlib.compress(bytes(50 * LARGEST_BYTES)), "200 OK", "Content-Encoding: deflate"),
        Trouble.TOO_LARGE,
    ),
    "is packed in a way not asked for": (answer(b"x", "200 OK", "Content-Encoding: br"), Trouble.ODD),
    "is not packed as it says": (answer(FILE, "200 OK", PACKED), Trouble.ODD),
    "is cut in its packing": (answer(gzip.compress(FILE)[:-9], "200 OK", PACKED), Trouble.CUT_SHORT),
    "is cut on the way": (answer(FILE)[:-5], Trouble.CUT_SHORT),
    "is cut in a chunk": (chunked(FILE)[:-20], Trouble.CUT_SHORT),
}


@pytest.mark.parametrize("what", ANSWERS)
def test_an_answer_that_is_not_right_ends_in_a_sentence(what: str, home: Home) -> None:
    said, trouble = ANSWERS[what]
    home.say = lambda _question: [said]
    assert trouble_of(lambda: home.fetcher().fetch(THERE)) is trouble


@pytest.mark.parametrize(
    "said",
    [
        answer(gzip.compress(FILE[:40]) + gzip.compress(FILE[40:]), "200 OK", PACKED),
        answer(zlib.compress(FILE), "200 OK", "Content-Encoding: deflate"),
        chunked(FILE[:10], FILE[10:]) + b"0\r\n\r\n",
        answer(FILE, length=False),
        b"HTTP/1.1 100 Continue\r\n\r\n" + answer(FILE),
    ],
)
def test_a_calendar_is_taken_in_every_way_it_is_sent(said: bytes, home: Home) -> None:
    home.say = lambda _question: [said]
    assert home.fetcher().fetch(THERE).body == FILE


def dripping(question: str) -> Said:
    yield b"HTTP/1.1 200 OK\r\n"
    while question:
        time.sleep(0.05)  # the slowness itself: a server that drips is what is tried
        yield b"X-More: x\r\n"


def dripping_body(question: str) -> Said:
    yield answer(b"", "200 OK", "Content-Length: 100000", length=False)
    while question:
        time.sleep(0.05)  # the slowness itself: a server that drips is what is tried
        yield b"x"


@pytest.mark.parametrize("say", [dripping, dripping_body])
def test_what_drips_is_not_waited_for(say: Callable[[str], Said], home: Home) -> None:
    home.say = say
    began = time.monotonic()
    assert trouble_of(lambda: home.fetcher(seconds=0.6).fetch(THERE)) is Trouble.SLOW
    assert time.monotonic() - began < 3


def test_a_server_that_never_greets_and_a_resolver_that_never_answers_are_not_waited_for(home: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        quiet = Fetcher(
            lambda _name: [OPEN],
            lambda _address, seconds: socket.create_connection(silent.getsockname(), timeout=seconds),
            home.trust,
            whole_seconds=0.3,
        )
        assert trouble_of(lambda: quiet.fetch(THERE)) is Trouble.SLOW

    def never(_name: str) -> list[str]:
        time.sleep(3)  # the slowness itself: far longer than the fetcher may wait
        return [OPEN]

    assert trouble_of(lambda: Fetcher(never, home.connect, home.trust, 0.2).fetch(THERE)) is Trouble.SLOW


def test_a_name_that_is_not_found_and_a_home_that_is_away_say_so(home: Home) -> None:
    def unknown(_name: str) -> list[str]:
        raise socket.gaierror("no such name: secret.example.org")

    def refused(_address: str, _seconds: float) -> socket.socket:
        raise ConnectionRefusedError("secret.example.org")

    assert trouble_of(lambda: Fetcher(unknown, home.connect, home.trust).fetch(THERE)) is Trouble.UNKNOWN
    assert trouble_of(lambda: Fetcher(lambda _name: [OPEN], refused, home.trust).fetch(THERE)) is Trouble.AWAY


def test_the_defaults_are_those_of_the_letters() -> None:
    fetcher = Fetcher()
    assert (fetcher.connect_seconds, fetcher.whole_seconds) == (5.0, 10.0)
    assert fetcher.trust.check_hostname
