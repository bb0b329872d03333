"""What became of a run, or of what was to be published, told to the coordinator who asked for it."""

from collections import Counter

from flask import flash
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.domain.matching.together import ProposalState
from portal.domain.words import N_
from portal.queries import matching as matching_queries
from portal.queries.matching import ProposalView
from portal.services.matching.proposing import Published
from portal.services.matching.proposing.publishing import APART, NOT_NOW, SETTLED, WALK_MOVED
from portal.web.care.words import with_no_letter

OF_SEVERAL: dict[str, str] = {
    APART: N_("You keep them apart."),
    NOT_NOW: N_("Something on our side did not work; these pairs stay as they are, and can be tried again."),
    WALK_MOVED: N_("Their walks have moved on by themselves since the proposal."),
}


def tell_of_run(stands: ProposalView | None, reader_id: int) -> None:
    """Say that the proposal is there, or on its way; and whose it is where two asked at once."""
    if stands is None:
        return
    if stands.by_id != reader_id:
        words = _(
            "%(name)s asked for a proposal at the same moment. It is one for both of you, and aims at what they chose.",
            name=stands.by,
        )
        flash(words, "look")
    elif stands.state is ProposalState.READY:
        flash(_("The proposal is ready. Here is what was found."), "well")
    elif stands.state in matching_queries.UNDER_WAY:
        flash(_("We have begun. Nobody else hears of it."), "plain")


def tell_of_publishing(done: Published, reader_id: int) -> None:
    """Say how many were published, and of the others why not."""
    if done.pair_ids:
        words = ngettext(
            "%(num)d published. Where there is something new to read, a letter goes out.",
            "%(num)d published. Where there is something new to read, a letter goes out.",
            len(done.pair_ids),
        )
        alone = matching_queries.proposed_pair(done.pair_ids[0]) if len(done.pair_ids) == 1 else None
        flash(with_no_letter(words, alone.member_id if alone else None), "well")
    settled = [one.pair_id for one in done.moved_on if one.sentence == SETTLED]
    if settled:
        _tell_of_settled(settled, reader_id)
    others = Counter(one.sentence for one in done.moved_on if one.sentence != SETTLED)
    for sentence, count in others.items():
        why = _(sentence if count == 1 else OF_SEVERAL.get(sentence, sentence))
        words = ngettext("%(num)d was not published. %(why)s", "%(num)d were not published. %(why)s", count, why=why)
        flash(words, "look")
    if done.later:
        flash(_("%(num)d more follow. If some are still here in some minutes, press again.", num=done.later), "plain")
    if not (done.pair_ids or done.moved_on or done.later):
        flash(_("There was nothing left to publish together. Here is how it stands."), "look")


def _tell_of_settled(pair_ids: list[int], reader_id: int) -> None:
    by = matching_queries.published_by(pair_ids)
    for (person_id, name), count in by.items():
        if person_id == reader_id:
            words = ngettext("%(num)d you had published before.", "%(num)d you had published before.", count)
        else:
            words = ngettext(
                "%(num)d was published by %(name)s a moment before you.",
                "%(num)d were published by %(name)s a moment before you.",
                count,
                name=name,
            )
        flash(words, "look")
    rest = len(pair_ids) - by.total()
    if rest:
        flash(ngettext("%(num)d was settled before.", "%(num)d were settled before.", rest), "look")
