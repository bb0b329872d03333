"""A proposal for all who wait, told to a coordinator: the whole in a few lines, and a row for everybody."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.domain.matching.found import Found
from portal.domain.matching.left import LEFT_WORDS, WAY_ON
from portal.domain.matching.shortlist import LOOSENED_ABOUT
from portal.domain.matching.together import FAIRNESS_WORDS, Fairness, Mark, PairState
from portal.domain.matching.wellbeing import KIND_WORDS, KindWord
from portal.domain.words import N_
from portal.queries.matching import Marked, PairView, ProposalView
from portal.services.matching.proposing.publishing import APART
from portal.web.care.words import waited_words, why_line
from portal.web.times import day_words, when_words

FAIRNESS_HINTS: dict[Fairness, str] = {
    Fairness.NOBODY_OUT: N_(
        "First as many people as can be have somebody, then the furthest fit is brought nearer, then all fits together."
    ),
    Fairness.CLOSEST: N_(
        "All fits together are as close as they can be, even where somebody is without anybody for now."
    ),
}
STATE_WORDS: dict[PairState, str] = {
    PairState.PENDING: N_("Nobody knows of it yet"),
    PairState.PUBLISHED: N_("Published"),
    PairState.DROPPED: N_("Left out"),
    PairState.OVERTAKEN: N_("Has moved on"),
}
MARK_WORDS: dict[Mark, str] = {Mark.PIN: N_("Kept together"), Mark.FORBID: N_("Not these two")}


def made_words(proposal: ProposalView, zone: str) -> str:
    """Return what a run aimed at, when it was worked out, and who asked for it."""
    when = when_words(proposal.ready_at or proposal.created_at, zone)
    aim = _(FAIRNESS_WORDS[proposal.fairness])
    return str(_("%(aim)s. Worked out on %(when)s, for %(name)s.", aim=aim, when=when, name=proposal.by))


def whole(found: Found) -> list[dict[str, str]]:
    """Return what a run found, in a few labelled lines."""
    lines = [
        (_("Have somebody"), _("%(placed)d of %(all)d", placed=found.placed, all=found.waiting)),
        (_("The furthest fit"), _furthest(found)),
        (_("All fits together"), _together(found)),
        (_("How certain"), _certain(found)),
        (_("Beside today"), _beside(found)),
    ]
    return [{"label": str(label), "value": str(value)} for label, value in lines]


def lost_words(found: Found, names: dict[int, str]) -> list[str]:
    """Return each pin that could not be kept, and why."""
    return [
        str(
            _(
                "%(member)s and %(peer)s: %(why)s",
                member=names.get(lost.member_id, ""),
                peer=names.get(lost.peer_id, ""),
                why=_(lost.sentence, words=_(lost.words)) if lost.words else _(lost.sentence),
            )
        )
        for lost in found.lost
    ]


def row(pair: PairView, now: datetime, care: KindWord | None = None) -> dict[str, Any]:
    """Return one member's row; `care` is what would be good for the peer first."""
    waited = now - pair.asked_at
    apart = pair.state is PairState.PENDING and pair.mark is Mark.FORBID
    open_now = pair.state is PairState.PENDING and not pair.moved and not apart and pair.peer_id is not None
    return {
        "id": pair.id,
        "walk_id": pair.walk_id,
        "member_id": pair.member_id,
        "name": pair.name,
        "peer_id": pair.peer_id,
        "peer": pair.peer,
        "why": why_line(pair.why.bars) if pair.why else "",
        "choice": _("their choice, number %(place)d", place=pair.rank) if pair.rank else "",
        "beside": _today(pair),
        "care": _(KIND_WORDS[care]) if care else "",
        "days": waited.total_seconds() / 86400,
        "waited": waited_words(waited),
        "open": open_now,
        "state": _(APART if apart else pair.said) if apart or pair.said else _state(pair),
        "mark": pair.mark,
        "mark_words": _(MARK_WORDS[pair.mark]) if pair.mark and not apart else "",
        "left": left_words(pair),
        "way_on": _(WAY_ON[pair.left]) if pair.left else "",
    }


def left_words(pair: PairView) -> list[str]:
    """Return why nobody was found for somebody, and what would open most people."""
    if pair.left is None:
        return []
    words = [str(_(LEFT_WORDS[pair.left]))]
    if pair.loosened is not None:
        sentence = LOOSENED_ABOUT[pair.loosened]
        words.append(str(_(sentence, words=_(pair.words)) if pair.words else _(sentence)))
    return words


def marked(mark: Marked, zone: str) -> dict[str, Any]:
    """Return a pinned or forbidden pair."""
    return {
        "member_id": mark.member_id,
        "peer_id": mark.peer_id,
        "ids": f"{mark.member_id}-{mark.peer_id}",
        "is_apart": mark.mark is Mark.FORBID,
        "two": _("%(member)s and %(peer)s", member=mark.member, peer=mark.peer),
        "words": _(MARK_WORDS[mark.mark]),
        "since": _("%(name)s, %(day)s", name=mark.by, day=day_words(mark.at, zone)),
    }


def _state(pair: PairView) -> str:
    return str(_(STATE_WORDS[PairState.OVERTAKEN if pair.moved else pair.state]))


def _today(pair: PairView) -> str:
    if pair.peer_id is None:
        return str(_("%(peer)s stays on the cards", peer=pair.was_peer)) if pair.was_peer_id else ""
    if pair.was_peer_id is None:
        return str(_("New: no cards yet"))
    if pair.was_peer_id == pair.peer_id:
        return str(_("The same as today"))
    return str(_("Instead of %(peer)s", peer=pair.was_peer))


def _furthest(found: Found) -> str:
    if found.worst is None:
        return str(_("Nobody fits anybody just now"))
    words = _("%(worst)d of 100", worst=round(found.worst))
    if found.worst_pinned:
        words = _("%(worst)d of 100, a pair you keep together", worst=round(found.worst))
    if found.today_worst is None:
        return str(words)
    today = _("%(today)d with today’s suggestions", today=round(found.today_worst))
    fewer = _("which reach fewer people") if found.today_placed < found.placed else ""
    return ", ".join(str(part) for part in (words, today, fewer) if part)


def _together(found: Found) -> str:
    return str(_("%(fit)d, and %(today)d with today’s suggestions", fit=round(found.fit), today=round(found.today_fit)))


def _certain(found: Found) -> str:
    if found.proved:
        words = str(_("Proved: by this aim nothing better is possible."))
    else:
        words = str(_("At most %(gap).2f %% from the best that is possible.", gap=found.gap * 100))
    if not found.ordered:
        return words
    order = ngettext(
        "The order %(num)d person gave counts as such, before our own.",
        "The order %(num)d people gave counts as such, before our own.",
        found.ordered,
    )
    return f"{words} {order}"


def _beside(found: Found) -> str:
    counts = (
        (found.same, ngettext("%(num)d stays as it is", "%(num)d stay as they are", found.same)),
        (
            found.instead,
            ngettext("%(num)d gets somebody else first", "%(num)d get somebody else first", found.instead),
        ),
        (found.new, ngettext("%(num)d gets a first suggestion", "%(num)d get a first suggestion", found.new)),
    )
    parts = [str(words) for count, words in counts if count]
    today = ngettext(
        "Today’s suggestions, first come, first served, would give %(num)d person somebody.",
        "Today’s suggestions, first come, first served, would give %(num)d people somebody.",
        found.today_placed,
    )
    return f"{'; '.join(parts)}. {today}" if parts else str(today)
