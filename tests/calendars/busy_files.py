"""Small calendars for the tests of busy times, written line by line."""


def event(*lines: str, start: str = "DTSTART:20260303T090000Z", length: str = "DURATION:PT1H") -> str:
    """Return an event with these lines; an empty start or length is left out."""
    return "\r\n".join(["BEGIN:VEVENT", *filter(None, (start, length)), *lines, "END:VEVENT"])


def calendar(*parts: str) -> bytes:
    """Return a calendar that holds these parts."""
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//tests//EN", *parts, "END:VCALENDAR", ""]).encode()
