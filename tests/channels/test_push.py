"""Signs on devices: sealed and signed as the device and its server want it; only to the open internet; codes only."""

import socket
import time
import traceback
from collections.abc import Sequence
from email.utils import formatdate

import pytest

from portal.channels.push import Push, PushLine, addressed, told, wrapped
from portal.cli.keys import new_push_key
from portal.domain.notice import Channel
from portal.mail.errors import Doubtful, Refused, SendingError, Unreachable
from tests.servers.push_service import Device, PushService

SIGNS = {
    "dot": {"title": "You have a note", "body": "", "url": "http://localhost/n/7"},
    "open": {"title": "Coffee with Maya", "body": "", "url": "http://localhost/n/7"},
}
KEY = new_push_key()


def to(*devices: Device, discretion: str = "dot") -> str:
    rows = [
        {
            "id": number,
            "endpoint": device.endpoint,
            "p256dh": device.subscription.p256dh,
            "auth": device.subscription.auth,
            "discretion": discretion,
        }
        for number, device in enumerate(devices, 1)
    ]
    return addressed(rows)


def line(service: PushService, *resolved: str, seconds: float = 10.0) -> PushLine:
    return service.way(KEY, *resolved, seconds=seconds).line()


def trouble_of(service: PushService, *devices: Device, seconds: float = 10.0) -> SendingError:
    with line(service, seconds=seconds) as open_line, pytest.raises(SendingError) as caught:
        open_line.send(to(*devices), wrapped(SIGNS))
    return caught.value


def test_a_sign_is_sealed_for_its_device_and_signed_with_the_sites_key(push_service: PushService) -> None:
    device = push_service.device()
    with line(push_service) as open_line:
        receipt = open_line.send(to(device), wrapped(SIGNS))
    assert told(receipt or "") == ([1], [])
    assert device.signs == [SIGNS["dot"]]
    assert push_service.signed_by == [Push(KEY, "hello@example.org").public_key]
    assert "You have a note" not in push_service.heads[0]


def test_each_device_gets_as_much_as_it_may_show(push_service: PushService) -> None:
    device = push_service.device()
    with line(push_service) as open_line:
        open_line.send(to(device, discretion="open"), wrapped(SIGNS))
        open_line.send(to(device, discretion="discreet"), wrapped(SIGNS))
    assert device.signs == [SIGNS["open"], SIGNS["dot"]]


def test_one_device_is_enough_and_those_that_are_gone_are_named(push_service: PushService) -> None:
    gone, here, ill = push_service.device(), push_service.device(), push_service.device()
    gone.status, ill.status = "410 Gone", "500 Internal Server Error"
    with line(push_service) as open_line:
        receipt = open_line.send(to(gone, here, ill), wrapped(SIGNS))
    assert told(receipt or "") == ([2], [1])


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone"])
def test_where_all_devices_are_gone_that_is_for_good(push_service: PushService, status: str) -> None:
    one, other = push_service.device(), push_service.device()
    one.status = other.status = status
    trouble = trouble_of(push_service, one, other)
    assert isinstance(trouble, Refused)
    assert (trouble.code, trouble.permanent, trouble.gone) == (410, True, (1, 2))


@pytest.mark.parametrize(("status", "code"), [("401 Unauthorized", 401), ("403 Forbidden", 403)])
def test_a_key_that_is_not_known_there_lets_no_device_go_but_those_that_are_gone(
    push_service: PushService, status: str, code: int
) -> None:
    gone, refuses = push_service.device(), push_service.device()
    gone.status, refuses.status = "410 Gone", status
    trouble = trouble_of(push_service, gone, refuses)
    assert isinstance(trouble, Refused)
    assert (trouble.code, trouble.permanent, trouble.gone) == (code, True, (1,))


def test_what_one_device_may_still_get_is_not_given_up_for_what_another_refuses(push_service: PushService) -> None:
    ill, refuses = push_service.device(), push_service.device()
    ill.status, refuses.status = "503 Service Unavailable", "403 Forbidden"
    assert isinstance(trouble_of(push_service, ill, refuses), Unreachable)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("Retry-After: 900", 900), ("Retry-After: soon", 0), ("Retry-After: Mon, 01 Jan 2001 00:00:00 GMT", 0), ("", 0)],
)
def test_a_server_says_how_long_it_wants_to_be_left_alone(push_service: PushService, said: str, seconds: int) -> None:
    device = push_service.device()
    device.status = f"429 Too Many Requests\r\n{said}".strip()
    trouble = trouble_of(push_service, device)
    assert (isinstance(trouble, Unreachable), trouble.wait_seconds) == (True, seconds)


def test_until_a_date_is_as_good_as_a_number(push_service: PushService) -> None:
    device = push_service.device()
    device.status = f"503 Service Unavailable\r\nRetry-After: {formatdate(time.time() + 600, usegmt=True)}"
    assert 590 <= trouble_of(push_service, device).wait_seconds <= 600


@pytest.mark.parametrize("status", ["429 Too Many Requests", "500 Internal Server Error", "503 Service Unavailable"])
def test_a_server_that_is_ill_is_asked_again(push_service: PushService, status: str) -> None:
    device = push_service.device()
    device.status = status
    assert isinstance(trouble_of(push_service, device), Unreachable)


def test_a_sign_that_is_refused_is_refused_for_good(push_service: PushService) -> None:
    device = push_service.device()
    device.status = "413 Content Too Large"
    trouble = trouble_of(push_service, device)
    assert isinstance(trouble, Refused)
    assert (trouble.code, trouble.permanent) == (413, True)


def test_a_server_that_never_answers_is_left_in_time_and_may_have_taken_it(push_service: PushService) -> None:
    push_service.hangs = True
    began = time.monotonic()
    assert isinstance(trouble_of(push_service, push_service.device(), seconds=0.5), Doubtful)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "addresses",
    [
        ("127.0.0.1",),
        ("10.1.2.3",),
        ("169.254.169.254",),
        ("::1",),
        ("::ffff:10.0.0.1",),
        ("93.184.215.14", "10.0.0.1"),
    ],
)
def test_nothing_is_sent_to_an_address_that_is_not_of_the_open_internet(
    push_service: PushService, addresses: Sequence[str]
) -> None:
    device = push_service.device()
    with line(push_service, *addresses) as open_line, pytest.raises(Unreachable):
        open_line.send(to(device), wrapped(SIGNS))
    assert push_service.gone_to == []


@pytest.mark.parametrize(
    "endpoint", ["http://push.example.org/x", "https://push.example.org:8443/x", "file:///etc/passwd"]
)
def test_nothing_is_sent_but_by_https_on_its_own_port(push_service: PushService, endpoint: str) -> None:
    device = push_service.device()
    device.endpoint = endpoint
    assert isinstance(trouble_of(push_service, device), Unreachable)
    assert push_service.gone_to == []


def test_a_server_without_the_names_certificate_gets_nothing(push_service: PushService) -> None:
    device = push_service.device()
    device.endpoint = device.endpoint.replace("push.", "other.")
    assert isinstance(trouble_of(push_service, device), Unreachable)
    assert push_service.heads == []


def test_an_endpoint_cannot_smuggle_lines_into_the_question(push_service: PushService) -> None:
    device = push_service.device()
    device.endpoint += "\r\nX-Other: yes"
    trouble_of(push_service, device)
    assert [head for head in push_service.heads if "X-Other" in head.split("\r\n", 1)[-1]] == []


def test_no_endpoint_and_no_word_is_raised(push_service: PushService) -> None:
    def nobody(_host: str) -> Sequence[str]:
        raise socket.gaierror("nothing known of push.example.org")

    device = push_service.device()
    way = Push(KEY, "hello@example.org", nobody, trust=push_service.trust)
    with way.line() as open_line, pytest.raises(Unreachable) as caught:
        open_line.send(to(device), wrapped(SIGNS))
    trace = "".join(traceback.format_exception(caught.value))
    assert [canary for canary in (device.endpoint, "push.example.org", "a note") if canary in trace] == []
    assert KEY not in repr(way)
    assert way.channel is Channel.PUSH
