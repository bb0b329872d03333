"""What every letter of these tests ends with, and a reader of its HTML."""

from html.parser import HTMLParser

from portal.domain.notice import Kind

NUMBERS = "Help lines: call or text 555 0100; text HELLO to 55501. Emergencies: 555 0111."
NO_REPLY = "This letter cannot take a reply."
FOOT = f"""\
* * *

{NUMBERS}

{NO_REPLY}
"""
NAMED = [
    "Night Line: call or text 555 0100, night-line.example",
    "Text Line: text HELLO to 55501",
    "Line for Some: call 555 0199",
    "Emergencies: call 555 0111",
]
OPEN_FOOT = "\n".join(["* * *\n", "If it is too much right now, somebody is there:", *NAMED, f"\n{NO_REPLY}\n"])
STEPS = {
    Kind.SHORTLIST_READY,
    Kind.CHOICE_APPROVED,
    Kind.WALK_HELD,
    Kind.SWAPPED,
    Kind.ASKED_PEER,
    Kind.NEXT_ASKED,
    Kind.BOTH_YES,
    Kind.REFLECT,
    Kind.PEER_APPROVED,
    Kind.OFFER_ASKED,
    Kind.OFFER_MADE,
    Kind.READY_AGAIN,
    Kind.CALENDAR_LOOK,
    Kind.FIND_A_TIME,
    Kind.WALK_RESTS,
    Kind.WALK_GOES_ON,
    Kind.WALK_ENDING,
    Kind.KEEPSAKE,
    Kind.OPEN_HOUR,
    Kind.HOUR_OFF,
    Kind.TIME_ASKED,
    Kind.TIME_RELEASED,
    Kind.TIME_OFFERED,
    Kind.CHECK_IN,
    Kind.CHECK_IN_SET,
    Kind.THREAD_LINE,
}
# Whose letter box it lands in may be somebody else's: the same letter whatever was chosen.
NEVER_OPENED_UP = {Kind.SIGN_IN_CODE, Kind.TRUSTED}


class Page(HTMLParser):
    """What an HTML part shows and where it leads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.shown: list[str] = []
        self.hidden = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.hidden = tag in ("style", "title") or (dict(attrs).get("style") or "").startswith("display:none")
        self.links += [value for name, value in attrs if name in ("href", "src", "background")]

    def handle_endtag(self, tag: str) -> None:
        self.hidden = False

    def handle_data(self, data: str) -> None:
        if not self.hidden and data.strip():
            self.shown.append(" ".join(data.split()))
