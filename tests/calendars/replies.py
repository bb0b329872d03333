"""Answers as calendars send them, for the tests of the inbound door."""

from datetime import datetime
from email.message import EmailMessage

UID = "8f14e45f-ceea-4a7e-9c3b-1d5d7a0c2b11"
GOOGLE = """\
BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:REPLY
BEGIN:VEVENT
DTSTART:20260308T180000Z
DTEND:20260308T183000Z
DTSTAMP:{stamp}
ORGANIZER;CN=Coffee:mailto:hello@notes.example
UID:{uid}
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={partstat};CN={attendee};X-NUM-GUESTS=0:mailto:{attendee}
CREATED:20260301T080000Z
DESCRIPTION:
LAST-MODIFIED:20260301T090000Z
LOCATION:Café Lindo\\, 5 Elm Street
SEQUENCE:{sequence}
STATUS:CONFIRMED
SUMMARY:Coffee
TRANSP:OPAQUE
END:VEVENT
END:VCALENDAR
"""
APPLE = """\
BEGIN:VCALENDAR
CALSCALE:GREGORIAN
PRODID:-//Apple Inc.//macOS 15.1//EN
VERSION:2.0
METHOD:REPLY
BEGIN:VEVENT
UID:{uid}
SUMMARY:Coffee
DTSTART:20260308T180000Z
DTEND:20260308T183000Z
SEQUENCE:{sequence}
DTSTAMP:{stamp}
ORGANIZER;CN="Coffee":mailto:hello@notes.example
ATTENDEE;CN="Ana";EMAIL="{attendee}";PARTSTAT={partstat}:mailto:{attendee}
COMMENT:On my way\\; see you
END:VEVENT
END:VCALENDAR
"""
OUTLOOK = """\
BEGIN:VCALENDAR
METHOD:REPLY
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
BEGIN:VTIMEZONE
TZID:UTC
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:+0000
TZOFFSETTO:+0000
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
ATTENDEE;PARTSTAT={partstat};CN=Ana:mailto:{attendee}
COMMENT;LANGUAGE=en-US:\\n
ORGANIZER:mailto:hello@notes.example
UID:{uid}
SUMMARY;LANGUAGE=en-US:Accepted: Coffee
DTSTART;TZID=UTC:20260308T180000
DTEND;TZID=UTC:20260308T183000
CLASS:PRIVATE
PRIORITY:5
DTSTAMP:{stamp}
TRANSP:OPAQUE
STATUS:CONFIRMED
SEQUENCE:{sequence}
LOCATION;LANGUAGE=en-US:
X-MICROSOFT-CDO-APPT-SEQUENCE:0
END:VEVENT
END:VCALENDAR
"""
CALENDARS = {"google": GOOGLE, "apple": APPLE, "outlook": OUTLOOK}


def answer(
    stamp: datetime,
    *,
    uid: str = UID,
    partstat: str = "ACCEPTED",
    attendee: str = "ana@example.org",
    sequence: int = 0,
    calendar: str = GOOGLE,
) -> bytes:
    """Return the file in which a calendar answers."""
    text = calendar.format(
        stamp=f"{stamp:%Y%m%dT%H%M%SZ}", uid=uid, partstat=partstat, attendee=attendee, sequence=sequence
    )
    return text.replace("\n", "\r\n").encode()


def letter(ics: bytes, sender: str = "Ana <ana@example.org>", method: str = "REPLY") -> EmailMessage:
    """Return the letter in which it comes (RFC 6047)."""
    message = EmailMessage()
    message["From"], message["To"] = sender, "hello@notes.example"
    message["Subject"] = "Accepted: Coffee"
    message.set_content("Ana has accepted this invitation.\n")
    message.add_alternative(
        ics.decode(), subtype="calendar", cte="base64", params={"method": method, "component": "VEVENT"}
    )
    message.add_attachment(ics, maintype="application", subtype="ics", filename="invite.ics")
    return message
