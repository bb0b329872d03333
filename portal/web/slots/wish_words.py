"""What a peer wishes for their chats, in words: one by one to choose from, and all together in a few lines."""

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.domain.slots import CHOICES, ChatWishes
from portal.web.slots.words import HOUR, WEEK_DAYS, Say, list_words, minutes_words

DAY_HOURS = 24
# For these, no choice at all is a choice: kept as None, sent as 0.
UNLIMITED = ("step_minutes", "cap_per_day", "cap_per_week", "cap_minutes_per_day", "cap_minutes_per_week")


def notice_words(hours: int) -> str:
    """Return "12 hours" or "2 days"."""
    if hours >= DAY_HOURS and hours % DAY_HOURS == 0:
        return str(ngettext("%(num)s day", "%(num)s days", hours // DAY_HOURS))
    return str(ngettext("%(num)s hour", "%(num)s hours", hours))


def ahead_words(days: int) -> str:
    """Return "3 weeks" or "60 days"."""
    if days % WEEK_DAYS == 0:
        return str(ngettext("%(num)s week", "%(num)s weeks", days // WEEK_DAYS))
    return str(ngettext("%(num)s day", "%(num)s days", days))


def wishes_words(wishes: ChatWishes) -> list[str]:
    """Return each wish as a short line; what sets no limit is not said."""
    lines = [
        _length_words(wishes),
        _rest_words(wishes),
        _("Booked at least %(notice)s before", notice=notice_words(wishes.notice_hours)),
        _("At most %(ahead)s ahead", ahead=ahead_words(wishes.horizon_days)),
    ]
    if wishes.step_minutes:
        lines.append(_("A start every %(step)s", step=minutes_words(wishes.step_minutes)))
    if wishes.cap_per_day:
        lines.append(ngettext("At most %(num)s chat a day", "At most %(num)s chats a day", wishes.cap_per_day))
    if wishes.cap_per_week:
        lines.append(ngettext("At most %(num)s chat a week", "At most %(num)s chats a week", wishes.cap_per_week))
    if wishes.cap_minutes_per_day:
        lines.append(_("At most %(time)s a day", time=minutes_words(wishes.cap_minutes_per_day)))
    if wishes.cap_minutes_per_week:
        lines.append(_("At most %(time)s a week", time=minutes_words(wishes.cap_minutes_per_week)))
    if wishes.says_yes_first:
        lines.append(_("You say yes to each chat first"))
    return [str(line) for line in lines]


def wish_choices(wishes: ChatWishes) -> dict[str, list[tuple[int, str]]]:
    """Return what may be chosen for each wish, what stands now always in it; 0 is no limit."""
    before = _("%(notice)s before")
    say: dict[str, Say] = {
        "length_minutes": minutes_words,
        "step_minutes": lambda minutes: minutes_words(minutes) if minutes else str(_("One after the other")),
        "rest_before_minutes": _or_no_rest,
        "rest_after_minutes": _or_no_rest,
        "notice_hours": lambda hours: str(before % {"notice": notice_words(hours)}),
        "horizon_days": lambda days: str(_("%(ahead)s ahead", ahead=ahead_words(days))),
        "cap_per_day": _or_any_number,
        "cap_per_week": _or_any_number,
        "cap_minutes_per_day": _or_no_limit,
        "cap_minutes_per_week": _or_no_limit,
    }
    return {
        field: [
            (each, words(each)) for each in sorted({each or 0 for each in (*CHOICES[field], getattr(wishes, field))})
        ]
        for field, words in say.items()
    }


def length_choices(wishes: ChatWishes) -> list[tuple[int, str]]:
    """Return the lengths a member may be offered."""
    lengths = sorted({*(each or 0 for each in CHOICES["length_minutes"]), *wishes.lengths})
    return [(minutes, minutes_words(minutes)) for minutes in lengths]


def _length_words(wishes: ChatWishes) -> str:
    usual = minutes_words(wishes.length_minutes)
    if not wishes.lengths_beside:
        return str(_("Chats of %(length)s", length=usual))
    others = list_words([str(minutes) for minutes in wishes.lengths_beside])
    return str(_("Chats of %(length)s; members may also choose %(others)s", length=usual, others=others))


def _rest_words(wishes: ChatWishes) -> str:
    before, after = wishes.rest_before_minutes, wishes.rest_after_minutes
    if before == after:
        return str(_("%(rest)s of rest between two", rest=minutes_words(after)) if after else _("No rest between two"))
    return str(_("Rest: %(before)s before a chat, %(after)s after", before=_short(before), after=_short(after)))


def _short(minutes: int) -> str:
    return minutes_words(minutes) if minutes else str(_("none"))


def _or_no_rest(minutes: int) -> str:
    return minutes_words(minutes) if minutes else str(_("No rest"))


def _or_any_number(chats: int) -> str:
    return str(chats) if chats else str(_("No limit"))


def _or_no_limit(minutes: int) -> str:
    if minutes and minutes % HOUR == 0:
        return str(ngettext("%(num)s hour", "%(num)s hours", minutes // HOUR))
    return minutes_words(minutes) if minutes else str(_("No limit"))
