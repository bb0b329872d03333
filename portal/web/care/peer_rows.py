"""One peer as a row of the coordinators' page: how they are, their room, walks and word, and who looks after them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.domain.account import PeerState
from portal.domain.booking import FELT_WORDS
from portal.domain.matching.capacity import Phase
from portal.domain.matching.wellbeing import LAST_CHATS, STRAIN_FOR_COORDINATOR
from portal.domain.telling import readiness_is_old
from portal.queries.care import Peer
from portal.web.care.forms import NOBODY, LookAfterForm
from portal.web.care.words import NO_BREAK
from portal.web.times import day_words

DAY = timedelta(days=1)


def peer_row(
    peer: Peer, reader_id: int, coordinators: Sequence[tuple[int, str]], zone: str, now: datetime
) -> dict[str, object]:
    """Return what the page shows of a peer."""
    return {
        "id": peer.person_id,
        "name": peer.name,
        "state": _state_words(peer, zone),
        "talk_id": peer.talk.id if peer.talk else None,
        "talk_since": day_words(peer.talk.at, zone) if peer.talk else "",
        "talk_is_own": peer.person_id == reader_id,
        "kind_word": bool(peer.strains),
        "why": [_(STRAIN_FOR_COORDINATOR[strain]) for strain in peer.strains],
        "felt": ", ".join(_(FELT_WORDS[felt]) for felt in peer.felt[:LAST_CHATS]),
        "used": peer.used,
        "capacity": peer.capacity,
        "room": room_words(peer),
        "walks": walks_words(peer),
        "ready": ready_words(peer, now),
        "looked_after_by": peer.coordinator_name,
        "seen": peer.coordinator_id or NOBODY,
        "form": LookAfterForm.for_peer(peer.person_id, peer.coordinator_id, coordinators),
    }


def room_words(peer: Peer) -> str:
    """Return "1.5 of 3"; a room made smaller than its walks is said as such."""
    if peer.used > peer.capacity:
        return str(_("%(used)g, and %(all)g wished for: nothing new comes", used=peer.used / 2, all=peer.capacity / 2))
    return str(_("%(used)g of %(all)g", used=peer.used / 2, all=peer.capacity / 2)).replace(" ", NO_BREAK)


def walks_words(peer: Peer) -> str:
    """Return "1 new, 2 steady", in the order of their weight."""
    counted = (
        (peer.in_phase(Phase.NEW), ngettext("%(num)d new", "%(num)d new", peer.in_phase(Phase.NEW))),
        (peer.in_phase(Phase.STEADY), ngettext("%(num)d steady", "%(num)d steady", peer.in_phase(Phase.STEADY))),
        (peer.in_phase(Phase.TAPERING), ngettext("%(num)d ending", "%(num)d ending", peer.in_phase(Phase.TAPERING))),
        (peer.questions, ngettext("%(num)d question open", "%(num)d questions open", peer.questions)),
    )
    return ", ".join(words for count, words in counted if count) or str(_("Nobody just now"))


def ready_words(peer: Peer, now: datetime) -> str:
    """Return how old the peer's word is that they are ready; nothing where they rest."""
    if peer.resting_since is not None:
        return ""
    if peer.ready_at is None:
        return str(_("Has not said yet that they are ready"))
    days = (now - peer.ready_at) // DAY
    ago = ngettext("%(num)d day ago", "%(num)d days ago", days) if days else _("today")
    if readiness_is_old(peer.ready_at, now):
        return str(_("Ready, as they said %(ago)s; asked again", ago=ago))
    return str(_("Ready, as they said %(ago)s", ago=ago))


def _state_words(peer: Peer, zone: str) -> str:
    if peer.state is PeerState.PAUSED:
        return str(_("Paused"))
    if peer.resting_since is not None:
        return str(_("Resting since %(day)s", day=day_words(peer.resting_since, zone)))
    if not peer.ready:
        return str(_("Has not said lately that they are ready"))
    return str(_("May be asked") if peer.may_be_asked else _("Full just now"))
