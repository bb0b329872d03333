"""The browser is real: axe finds what is wrong, ical.js reads an invitation, JavaScript can be off."""

from tests.servers.browser import Phones, axe_violations, read_by_ical_js

INVITATION = "\r\n".join(
    [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//example//EN",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        "UID:8a2c6a0e-2f0b-4c0c-9d6b-3f1d6f0f7a11",
        "DTSTAMP:20260302T100000Z",
        "DTSTART:20260305T150000Z",
        "DTEND:20260305T154500Z",
        "SEQUENCE:2",
        "STATUS:CONFIRMED",
        "SUMMARY:Coffee",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
)
GOOD = '<!doctype html><html lang="en"><title>t</title><main><h1>Hello</h1></main></html>'
SCRIPTED = "<p id=said>off</p><script>document.getElementById('said').textContent = 'on'</script>"


def test_axe_is_content_with_a_sound_page_and_names_what_is_wrong(phones: Phones) -> None:
    page = phones.open("http://localhost")
    page.set_content(GOOD)
    assert axe_violations(page) == []
    page.set_content(GOOD.replace("<h1>", '<img src="data:,"><h1>'))
    assert [line.partition(":")[0] for line in axe_violations(page)] == ["image-alt"]


def test_ical_js_reads_an_invitation(phones: Phones) -> None:
    page = phones.open("http://localhost")
    assert read_by_ical_js(page, INVITATION) == {
        "method": "REQUEST",
        "uid": "8a2c6a0e-2f0b-4c0c-9d6b-3f1d6f0f7a11",
        "sequence": 2,
        "status": "CONFIRMED",
        "summary": "Coffee",
        "start": "2026-03-05T15:00:00.000Z",
        "end": "2026-03-05T15:45:00.000Z",
    }


def test_a_phone_can_be_without_javascript(phones: Phones) -> None:
    said = {}
    for javascript in (True, False):
        page = phones.open("http://localhost", javascript=javascript)
        page.set_content(SCRIPTED)
        said[javascript] = page.locator("#said").text_content()
    assert said == {True: "on", False: "off"}
