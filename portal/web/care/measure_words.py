"""Counts, shares and medians as words; what is hidden is said to be, and never left as a gap."""

from flask_babel import format_decimal
from flask_babel import gettext as _

from portal.domain.matching.measures import Count, Hidden, Middle, Share, Told


def count_words(count: Count) -> str:
    """Return "12", "fewer than five", "five or more" or "not shown"."""
    if isinstance(count, Hidden):
        return str({Hidden.FEW: _("fewer than five"), Hidden.MANY: _("five or more")}.get(count, _("not shown")))
    return str(count)


def share_words(share: Share) -> str:
    """Return "12 of 40 (30 %)", or as much of it as tells no group under five."""
    of = share.of or 0
    if share.told is Told.EXACT:
        return str(_("%(part)s of %(all)s (%(percent)s %%)", part=share.part, all=of, percent=share.percent))
    return str(
        {
            Told.NOBODY: _("nobody yet"),
            Told.FEW_IN_ALL: _("not shown: fewer than five in all"),
            Told.NONE: _("none of %(all)s", all=of),
            Told.FEW: _("fewer than five of %(all)s", all=of),
            Told.SOME: _("some of %(all)s", all=of),
            Told.ALL_BUT_FEW: _("all but fewer than five of %(all)s", all=of),
            Told.ALL: _("all of %(all)s", all=of),
        }[share.told]
    )


def days_words(middle: Middle) -> str:
    """Return "4.5 days"."""
    if middle.value is None:
        return str(_("nobody yet") if not middle.at_least else _("not shown: fewer than five in all"))
    return str(_("%(days)s days", days=format_decimal(round(middle.value, 1))))


def basis_words(middle: Middle) -> str:
    """Return on how many people a median stands, about."""
    return "" if middle.value is None else str(_("of %(least)s or more first chats", least=middle.at_least))
