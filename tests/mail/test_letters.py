"""What letters say: whole, in each degree of discretion, and nothing that tells."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser

import pytest
from jinja2 import UndefinedError

from portal.domain.account import Discretion
from portal.domain.notice import Kind
from portal.mail import letters
from portal.mail.letter import Letter
from portal.mail.render import TEMPLATES, render
from portal.mail.specimens import BEFORE, CHAT, ENDS, LETTERS, LINK, READER, STARTS, every_letter, reader

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
NEWS = "News on your page"
HARMLESS = {"html", "head", "meta", "title", "style", "body", "div", "p", "a", "strong", "br", "ul", "li"}
SUBJECTS = {
    Kind.SIGN_IN_CODE: ("Your code", "Your code"),
    Kind.INVITATION: ("Coffee with Maya <3, Tue 1:30 pm", "Your coffee chat, Tue 1:30 pm"),
    Kind.UPDATE: ("A new time for coffee with Maya <3, Tue 1:30 pm", "A new time for your coffee chat, Tue 1:30 pm"),
    Kind.CANCELLATION: (
        "Coffee with Maya <3, Tue 1:30 pm, is cancelled",
        "Your coffee chat, Tue 1:30 pm, is cancelled",
    ),
    Kind.NOT_MADE: (
        "Coffee with Maya <3, Tue 1:30 pm, couldn’t take place",
        "Your coffee chat, Tue 1:30 pm, couldn’t take place",
    ),
    Kind.REMINDER_DAY: ("Coffee with Maya <3, Tue 1:30 pm", "Your coffee chat, Tue 1:30 pm"),
    Kind.REMINDER_HOURS: ("Coffee with Maya <3, Tue 1:30 pm", "Your coffee chat, Tue 1:30 pm"),
    Kind.OTHER_TIME: (
        "Another time for coffee with Maya <3, Tue 1:30 pm?",
        "Another time for your coffee chat, Tue 1:30 pm?",
    ),
    Kind.SHORTLIST_READY: ("There are people you could meet", NEWS),
    Kind.CHOICE_APPROVED: ("Somebody is being asked for you", NEWS),
    Kind.WALK_HELD: ("Your choice needs a little more time", NEWS),
    Kind.SWAPPED: ("There is a new suggestion for you", NEWS),
    Kind.ASKED_PEER: ("Somebody would like to have coffee with you", NEWS),
    Kind.NEXT_ASKED: ("The next person is being asked", NEWS),
    Kind.BOTH_YES: ("You and Maya <3 both said yes", NEWS),
    Kind.REFLECT: ("How was coffee with Maya <3?", NEWS),
    Kind.PEER_APPROVED: ("Thank you for offering your time", NEWS),
    Kind.OFFER_ASKED: ("Somebody asks who would walk with them", NEWS),
    Kind.OFFER_MADE: ("Somebody has offered to walk with you", NEWS),
    Kind.CALENDAR_LOOK: ("One of your calendars needs a look", NEWS),
    Kind.READY_AGAIN: ("Are you still ready to be asked?", NEWS),
    Kind.FIND_A_TIME: ("A time for a first chat", NEWS),
    Kind.WALK_RESTS: ("Your walk is resting", NEWS),
    Kind.WALK_GOES_ON: ("Your walk goes on", NEWS),
    Kind.WALK_ENDING: ("Your walk is coming to its end", NEWS),
    Kind.KEEPSAKE: ("Something to keep", NEWS),
    Kind.OPEN_HOUR: ("Maya <3 has an open hour", NEWS),
    Kind.HOUR_OFF: ("Maya <3’s open hour will not be", NEWS),
    Kind.TRUSTED: ("A note from Ana <3", "A note from Ana <3"),
    Kind.TIME_ASKED: ("Maya <3 asks for a time", NEWS),
    Kind.TIME_RELEASED: ("Other times with Maya <3", NEWS),
    Kind.TIME_OFFERED: ("A time with Maya <3 has come free", NEWS),
    Kind.CHECK_IN: ("Maya <3 is thinking of you", NEWS),
    Kind.CHECK_IN_SET: ("Maya <3 would like a check-in", NEWS),
    Kind.THREAD_LINE: ("A few lines from Maya <3", NEWS),
}


@pytest.mark.parametrize("discretion", [Discretion.OPEN, Discretion.DISCREET])
def test_who_may_not_move_a_chat_is_not_told_that_they_can(discretion: Discretion) -> None:
    to, theirs = reader(discretion), replace(CHAT, moves=False)
    written = (
        letters.invitation(to, theirs, LINK, b""),
        letters.update(to, theirs, BEFORE, LINK, b""),
        letters.reminder_day(to, (CHAT, theirs), LINK),
        letters.reminder_hours(to, (theirs,), LINK),
        letters.other_time(to, theirs, (BEFORE,), LINK),
    )
    for letter in written:
        for part in (letter.text, letter.html):
            assert "ask for another time" in part
            assert re.findall(r"you can move|[Ss]ee, move|Move, keep", part) == []


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


def test_an_invitation_is_complete_as_plain_text() -> None:
    letter = letters.invitation(READER, CHAT, LINK, b"ics")
    assert letter == Letter(
        subject="Your coffee chat, Tue 1:30 pm",
        text=f"""\
Your coffee chat is set.

Tuesday, March 10, 1:30 pm – 2 pm (Eastern Daylight Time)
It is 5:30 pm where the other person is.
Where: Café Lindo & Co, 100% oats

The entry for your calendar comes with this letter.

If the time stops working for you, you can move it or cancel it, up to the start. No reason needed.

See, move or cancel:
https://portal.example/chats/12

{FOOT}""",
        html=letter.html,
        calendar=b"ics",
        calendar_method="REQUEST",
    )


def test_the_html_says_what_the_text_says() -> None:
    assert Page(letters.invitation(READER, CHAT, LINK, b"ics").html).shown == [
        "Your coffee chat is set.",
        "Tuesday, March 10, 1:30 pm – 2 pm (Eastern Daylight Time)",
        "It is 5:30 pm where the other person is.",
        "Where: Café Lindo & Co, 100% oats",
        "The entry for your calendar comes with this letter.",
        "If the time stops working for you, you can move it or cancel it, up to the start. No reason needed.",
        "See, move or cancel",
        NUMBERS,
        NO_REPLY,
    ]


def test_a_move_tells_both_times() -> None:
    letter = letters.update(replace(READER, lines=()), CHAT, BEFORE, LINK, b"ics")
    assert letter.calendar_method == "REQUEST"
    assert (
        letter.text
        == """\
Your coffee chat has a new time.

Tuesday, March 10, 1:30 pm – 2 pm (Eastern Daylight Time)
It is 5:30 pm where the other person is.
Where: Café Lindo & Co, 100% oats

Before, it was Monday, March 9, 4 pm (Eastern Daylight Time).

The entry in your calendar moves along with this letter.

If the new time does not work for you, you can move it again or cancel it. No reason needed.

See, move or cancel:
https://portal.example/chats/12

* * *

This letter cannot take a reply.
"""
    )


def test_who_was_never_invited_gets_no_calendar_part_with_a_cancellation() -> None:
    known, unknown = (letters.cancellation(READER, CHAT, LINK, ics) for ics in (b"ics", None))
    assert (known.calendar, known.calendar_method) == (b"ics", "CANCEL")
    assert (unknown.calendar, unknown.calendar_method) == (None, None)
    taken_out = "The entry in your calendar is taken out with this letter.\n\n"
    assert known.text.replace(taken_out, "") == unknown.text != known.text


def test_chats_of_one_day_are_told_in_order_in_one_letter() -> None:
    later = replace(CHAT, starts_at=STARTS + timedelta(hours=3), ends_at=ENDS + timedelta(hours=3), place="Phone")
    letter = letters.reminder_day(reader(Discretion.OPEN), (later, CHAT), LINK)
    assert letter.subject == "Your coffee chats, Tuesday, March 10"
    assert letter.text.startswith("""\
A note about your coffee chats.

Tuesday, March 10, 1:30 pm – 2 pm (Eastern Daylight Time)
It is 5:30 pm where the other person is.
Where: Café Lindo & Co, 100% oats

Tuesday, March 10, 4:30 pm – 5 pm (Eastern Daylight Time)
It is 8:30 pm where the other person is.
Where: Phone
""")


def test_the_other_clock_is_told_only_where_it_differs() -> None:
    near = replace(CHAT, other_zone="America/Toronto")
    assert "where the other person is" not in letters.invitation(READER, near, LINK, b"").text


def test_a_code_is_told_at_once_and_leads_nowhere() -> None:
    for discretion in Discretion:
        letter = letters.sign_in_code(reader(discretion), "012345", 10)
        assert letter.subject == "Your code"
        assert (
            letter.text
            == f"""\
Your code is 012345

Type it into the page where you asked for it, in the same browser. It works for 10 minutes.

If you did not ask for it, you can leave this letter alone. Nothing happens without the code.

{FOOT}"""
        )
        assert Page(letter.html).links == []


@pytest.mark.parametrize("kind", sorted(LETTERS))
def test_subjects_say_as_much_as_the_reader_wishes(kind: Kind) -> None:
    openly, quietly = SUBJECTS[kind]
    dot = openly if kind in NEVER_OPENED_UP else "You have a note"
    assert [every_letter(discretion)[kind].subject for discretion in Discretion] == [openly, quietly, dot]


@pytest.mark.parametrize("kind", sorted(LETTERS - STEPS - NEVER_OPENED_UP))
def test_just_a_dot_begins_with_words_that_tell_nothing(kind: Kind) -> None:
    quiet, dot = every_letter(Discretion.DISCREET)[kind], every_letter(Discretion.DOT)[kind]
    sign = [
        "There is a note for you.",
        "You asked for letters that say nothing at first sight. What this one is about comes further down.",
    ]
    assert dot.text == "\n\n".join([*sign, quiet.text])
    assert Page(dot.html).shown == sign + Page(quiet.html).shown


@pytest.mark.parametrize("kind", sorted(LETTERS - STEPS - NEVER_OPENED_UP))
def test_under_own_words_a_letter_begins_as_quietly_as_a_dot(kind: Kind) -> None:
    dot = every_letter(Discretion.DOT)[kind]
    own = every_letter(Discretion.DISCREET, own_words="Books are due")[kind]
    assert (own.subject, own.text) == ("Books are due", dot.text)


@pytest.mark.parametrize("discretion", Discretion)
@pytest.mark.parametrize("kind", sorted(LETTERS))
def test_what_stands_beside_a_subject_is_the_texts_first_line_and_hides_what_follows(
    kind: Kind, discretion: Discretion
) -> None:
    letter = every_letter(discretion)[kind]
    hidden = re.findall(r'<div style="display:none[^>]*>(.*?)</div>', letter.html)
    assert [unescape(each).rstrip("\u034f\u200c\xa0") for each in hidden] == [letter.text.splitlines()[0]]
    assert letter.preheader == letter.text.splitlines()[0]


def test_what_stands_beside_a_subject_says_no_more_than_the_reader_wishes() -> None:
    said = [every_letter(discretion)[Kind.REMINDER_DAY].preheader for discretion in Discretion]
    assert said == [
        "A note about your coffee with Maya <3.",
        "A note about your coffee chat.",
        "There is a note for you.",
    ]


@pytest.mark.parametrize("discretion", [Discretion.DISCREET, Discretion.DOT])
def test_a_quiet_letter_says_the_same_at_every_step_and_at_most_until_when(discretion: Discretion) -> None:
    quiet = every_letter(discretion)
    begins, ends = "There is news on your page.\n\nNo reply needed.\n\n", f"Open your page:\n{LINK}\n\n{FOOT}"
    texts = {kind: quiet[kind].text for kind in STEPS}
    until = {
        Kind.ASKED_PEER: "It is open there until Tuesday, March 10.\n\n",
        # These are held for hours, not days: the day alone would be too little to go by.
        Kind.TIME_ASKED: "It is open there until Monday, March 9, 4 pm.\n\n",
        Kind.TIME_OFFERED: "It is open there until Monday, March 9, 4 pm.\n\n",
    }
    assert texts == {kind: begins + until.get(kind, "") + ends for kind in STEPS}


def test_a_question_is_open_until_a_day_and_never_until_an_hour_of_the_night() -> None:
    at_night = letters.asked_peer(reader(Discretion.OPEN), STARTS + timedelta(hours=14), LINK)
    assert "The question stays open until Wednesday, March 11. After that" in at_night.text
    assert re.findall(r"\d [ap]m|\d:\d\d", at_night.text + at_night.html) == []


def test_how_long_a_first_chat_takes_is_the_peers_own_length() -> None:
    text = every_letter(Discretion.OPEN)[Kind.BOTH_YES].text
    assert "A first coffee chat takes 45 minutes. You do not owe anything after it." in text


def test_a_chat_by_video_says_where_the_way_in_is_found() -> None:
    video = letters.invitation(READER, replace(CHAT, place=letters.ONLINE), LINK, b"")
    way_in = "You two agree how to call; how to reach them stands on your page."
    assert f"Where: Online\n{way_in}\n" in video.text
    assert Page(video.html).shown[3:5] == ["Where: Online", way_in]
    assert way_in not in letters.invitation(READER, CHAT, LINK, b"").text


@pytest.mark.parametrize("discretion", [Discretion.DISCREET, Discretion.DOT])
def test_only_the_open_letter_names_the_other_person(discretion: Discretion) -> None:
    assert [kind for kind, one in every_letter(discretion).items() if "Maya" in one.subject + one.text + one.html] == []


@pytest.mark.parametrize("discretion", Discretion)
def test_each_letter_has_one_link_no_picture_and_the_help_lines(discretion: Discretion) -> None:
    for kind, letter in every_letter(discretion).items():
        wanted = [] if kind in NEVER_OPENED_UP else [LINK]
        page = Page(letter.html)
        assert page.links == wanted
        assert re.findall(r"https?://\S+", letter.text) == wanted
        assert set(page.tags) <= HARMLESS
        openly = discretion is Discretion.OPEN and kind not in NEVER_OPENED_UP
        assert letter.text.endswith(OPEN_FOOT if openly else FOOT)
        assert page.shown[-5:-1] == NAMED if openly else page.shown[-2:] == [NUMBERS, NO_REPLY]


@pytest.mark.parametrize("kind", sorted(LETTERS))
def test_each_kind_has_its_templates_and_a_function_of_its_name(kind: Kind) -> None:
    assert callable(getattr(letters, kind.value))
    folder = TEMPLATES / "mail" / kind.value
    assert sorted(path.name for path in folder.iterdir()) == ["body.html", "body.txt", "subject.txt"]


def test_names_are_text_and_never_markup_or_a_second_subject_line() -> None:
    chat = replace(CHAT, name="<script>\r\nBcc: x", place="<img src=x>{{ 7*7 }} %(name)s")
    letter = letters.invitation(reader(Discretion.OPEN), chat, LINK, b"")
    assert letter.subject == "Coffee with <script> Bcc: x, Tue 1:30 pm"
    assert Page(letter.html).shown[3] == "Where: <img src=x>{{ 7*7 }} %(name)s"


def test_a_letter_that_lacks_a_value_is_not_written() -> None:
    with pytest.raises(UndefinedError):
        render(Kind.INVITATION, READER)


def test_a_calendar_part_without_method_is_refused() -> None:
    with pytest.raises(ValueError, match="together"):
        Letter("s", "t", "h", b"ics", None)


def test_a_question_about_a_time_names_each_time_and_until_when() -> None:
    later = replace(CHAT, starts_at=STARTS + timedelta(days=7), ends_at=ENDS + timedelta(days=7))
    letter = letters.time_asked(reader(Discretion.OPEN), (CHAT, later), BEFORE, LINK)
    assert letter.text.startswith(
        """\
Maya <3 asks for a time with you.

Tuesday, March 10, 1:30 pm – 2 pm (Eastern Daylight Time)
Tuesday, March 17, 1:30 pm – 2 pm (Eastern Daylight Time)

You can say yes on the page, or not this time. Both are fine, and neither asks for a reason.

The time is kept for you both until Monday, March 9, 4 pm. After that it is free again, and that is fine too.

See and answer:
"""
    )


def test_a_time_that_is_not_to_be_had_brings_the_nearest_free_ones_and_no_reason() -> None:
    to = reader(Discretion.OPEN)
    assert letters.time_released(to, CHAT, (BEFORE,), LINK).text.startswith(
        """\
The time you asked for is not to be had.

Tuesday, March 10, 1:30 pm – 2 pm (Eastern Daylight Time)

Nobody did anything wrong, and the two of you stay together.

These times are free and near it:
Monday, March 9, 4 pm (Eastern Daylight Time)

See free times:
"""
    )
    assert "near it" not in letters.time_released(to, CHAT, (), LINK).text


def test_an_offered_time_says_what_moves_and_until_when_it_is_held() -> None:
    to = reader(Discretion.OPEN)
    assert letters.time_offered(to, CHAT, ENDS + timedelta(days=1), BEFORE, LINK).text.startswith(
        """\
A time with Maya <3 has come free.

Tuesday, March 10, 1:30 pm – 2 pm (Eastern Daylight Time)

If you take it, the chat on Wednesday, March 11, 2 pm (Eastern Daylight Time) moves to it, and so does the entry in \
your calendar.

It is held for you until Monday, March 9, 4 pm. If you leave it, somebody else is asked, and everything stays as it is.

See and answer:
"""
    )
    assert "moves to it" not in letters.time_offered(to, CHAT, None, BEFORE, LINK).text
