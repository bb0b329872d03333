"""Leads of reminders in words: how long before a chat one comes."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.domain.notice import OFFERED, Lead

WEEK, HOUR = 7, 60


def lead_words(lead: Lead) -> str:
    """Return "the day before", "2 hours before"."""
    if lead.days == WEEK:
        return str(_("a week before"))
    if lead.days == 1:
        return str(_("the day before"))
    if lead.days:
        return str(ngettext("%(num)s day before", "%(num)s days before", lead.days))
    if lead.minutes % HOUR == 0:
        return str(ngettext("%(num)s hour before", "%(num)s hours before", lead.minutes // HOUR))
    return str(ngettext("%(num)s minute before", "%(num)s minutes before", lead.minutes))


def plan_words(plan: Iterable[Lead]) -> str:
    """Return "the day before, 2 hours before", or that none come."""
    return ", ".join(lead_words(lead) for lead in plan) or str(_("None"))


def lead_choices(plan: Iterable[Lead]) -> list[tuple[str, str]]:
    """Return what can be chosen, the longest first; whatever somebody has already stays there."""
    leads = sorted({*OFFERED, *plan}, key=lambda lead: (-lead.days, -lead.minutes))
    return [(lead.code, first_in_line(lead_words(lead))) for lead in leads]


def first_in_line(words: str) -> str:
    """Return words as they stand at the beginning of a line."""
    return words[:1].upper() + words[1:]
