"""The walk as data: its states, the steps between them, and who may take each step."""

from enum import StrEnum

from portal.domain.errors import NotAllowed, Stale
from portal.domain.words import N_


class State(StrEnum):
    """Where a walk stands."""

    ASKED = "asked"
    SHORTLISTED = "shortlisted"
    OFFERING = "offering"
    CHOSEN = "chosen"
    HELD = "held"
    INVITED = "invited"
    BOTH_YES = "both_yes"
    FIRST_COFFEE = "first_coffee"
    REFLECTION = "reflection"
    WALKING = "walking"
    RESTING = "resting"
    ENDING = "ending"
    ENDED = "ended"
    SOMEONE_ELSE = "someone_else"
    CLOSED = "closed"


class Step(StrEnum):
    """What moves a walk on."""

    SHORTLIST = "shortlist"
    RANK = "rank"
    CHOOSE_WITH_ME = "choose_with_me"
    ASK_WHO_OFFERS = "ask_who_offers"
    OFFERS_CLOSE = "offers_close"
    CHOOSE_AGAIN = "choose_again"
    APPROVE = "approve"
    HOLD = "hold"
    RELEASE = "release"
    SWAP = "swap"
    YES = "yes"
    NOT_NOW = "not_now"
    LAPSE = "lapse"
    LET_GO = "let_go"
    ASK_NEXT = "ask_next"
    NONE_LEFT = "none_left"
    BOOK = "book"
    UNBOOK = "unbook"
    HAPPENED = "happened"
    KEEP_GOING = "keep_going"
    UNSURE = "unsure"
    REST = "rest"
    WALK_ON = "walk_on"
    END = "end"
    FAREWELL = "farewell"
    SOMEONE_ELSE = "someone_else"
    STOP = "stop"


class OfferAnswer(StrEnum):
    """What a peer says to an asking without a name; neither needs a reason."""

    OFFER = "offer"
    NOT_NOW = "not_now"


class Actor(StrEnum):
    """Who takes a step; the portal itself takes those of the clock."""

    MEMBER = "member"
    PEER = "peer"
    COORDINATOR = "coordinator"
    PORTAL = "portal"


# From both yeses on, the two know of one another; before that a walk shows nobody's name and nobody's times.
TOGETHER: frozenset[State] = frozenset(
    {State.BOTH_YES, State.FIRST_COFFEE, State.REFLECTION, State.WALKING, State.RESTING, State.ENDING}
)
FINAL: frozenset[State] = frozenset({State.ENDED, State.SOMEONE_ELSE, State.CLOSED})

TRANSITIONS: dict[tuple[State, Step], State] = {
    (State.ASKED, Step.SHORTLIST): State.SHORTLISTED,
    (State.ASKED, Step.ASK_WHO_OFFERS): State.OFFERING,
    (State.ASKED, Step.STOP): State.CLOSED,
    # A newer shortlist replaces one that nobody has chosen from yet.
    (State.SHORTLISTED, Step.SHORTLIST): State.SHORTLISTED,
    (State.SHORTLISTED, Step.RANK): State.CHOSEN,
    (State.SHORTLISTED, Step.CHOOSE_WITH_ME): State.CHOSEN,
    (State.SHORTLISTED, Step.ASK_WHO_OFFERS): State.OFFERING,
    (State.SHORTLISTED, Step.STOP): State.CLOSED,
    # Peers who fit may offer; the member picks among them, and may go back to the cards at any time.
    (State.OFFERING, Step.RANK): State.CHOSEN,
    (State.OFFERING, Step.CHOOSE_AGAIN): State.SHORTLISTED,
    (State.OFFERING, Step.OFFERS_CLOSE): State.SHORTLISTED,
    (State.OFFERING, Step.NONE_LEFT): State.ASKED,
    (State.OFFERING, Step.STOP): State.CLOSED,
    # Until somebody is asked, a choice is the member's to take back.
    (State.CHOSEN, Step.CHOOSE_AGAIN): State.SHORTLISTED,
    (State.CHOSEN, Step.APPROVE): State.INVITED,
    (State.CHOSEN, Step.HOLD): State.HELD,
    # A swap offers somebody else: the member chooses again, nobody is chosen for them.
    (State.CHOSEN, Step.SWAP): State.SHORTLISTED,
    # A coordinator approves the ranking once; after that the portal may go down it by itself.
    (State.CHOSEN, Step.ASK_NEXT): State.INVITED,
    (State.CHOSEN, Step.NONE_LEFT): State.ASKED,
    (State.CHOSEN, Step.STOP): State.CLOSED,
    (State.HELD, Step.RELEASE): State.CHOSEN,
    (State.HELD, Step.SWAP): State.SHORTLISTED,
    (State.HELD, Step.STOP): State.CLOSED,
    (State.INVITED, Step.YES): State.BOTH_YES,
    (State.INVITED, Step.NOT_NOW): State.CHOSEN,
    (State.INVITED, Step.LAPSE): State.CHOSEN,
    # The two may not be brought together any more: the question is taken back before there is an answer.
    (State.INVITED, Step.LET_GO): State.CHOSEN,
    (State.INVITED, Step.HOLD): State.HELD,
    (State.INVITED, Step.SOMEONE_ELSE): State.SOMEONE_ELSE,
    (State.INVITED, Step.STOP): State.CLOSED,
    (State.BOTH_YES, Step.BOOK): State.FIRST_COFFEE,
    (State.BOTH_YES, Step.SOMEONE_ELSE): State.SOMEONE_ELSE,
    (State.BOTH_YES, Step.STOP): State.CLOSED,
    (State.FIRST_COFFEE, Step.UNBOOK): State.BOTH_YES,
    (State.FIRST_COFFEE, Step.HAPPENED): State.REFLECTION,
    (State.FIRST_COFFEE, Step.SOMEONE_ELSE): State.SOMEONE_ELSE,
    (State.FIRST_COFFEE, Step.STOP): State.CLOSED,
    (State.REFLECTION, Step.KEEP_GOING): State.WALKING,
    (State.REFLECTION, Step.UNSURE): State.REFLECTION,
    # One of them could not make it after all: the first chat is still to come.
    (State.REFLECTION, Step.UNBOOK): State.BOTH_YES,
    # They met again before both had decided: whoever was not sure is asked anew.
    (State.REFLECTION, Step.HAPPENED): State.REFLECTION,
    (State.REFLECTION, Step.SOMEONE_ELSE): State.SOMEONE_ELSE,
    (State.REFLECTION, Step.STOP): State.CLOSED,
    (State.WALKING, Step.REST): State.RESTING,
    (State.WALKING, Step.END): State.ENDING,
    (State.WALKING, Step.SOMEONE_ELSE): State.SOMEONE_ELSE,
    (State.WALKING, Step.STOP): State.CLOSED,
    (State.RESTING, Step.WALK_ON): State.WALKING,
    (State.RESTING, Step.END): State.ENDING,
    (State.RESTING, Step.SOMEONE_ELSE): State.SOMEONE_ELSE,
    (State.RESTING, Step.STOP): State.CLOSED,
    # An ending is a time of its own, and may be taken back until it is over.
    (State.ENDING, Step.WALK_ON): State.WALKING,
    (State.ENDING, Step.FAREWELL): State.ENDED,
    (State.ENDING, Step.SOMEONE_ELSE): State.SOMEONE_ELSE,
    (State.ENDING, Step.STOP): State.CLOSED,
}

_EITHER = frozenset({Actor.MEMBER, Actor.PEER})
_BOOKERS = _EITHER | {Actor.COORDINATOR}

ACTORS: dict[Step, frozenset[Actor]] = {
    Step.SHORTLIST: frozenset({Actor.PORTAL, Actor.COORDINATOR, Actor.MEMBER}),
    Step.RANK: frozenset({Actor.MEMBER}),
    Step.CHOOSE_WITH_ME: frozenset({Actor.MEMBER}),
    Step.ASK_WHO_OFFERS: frozenset({Actor.MEMBER}),
    Step.OFFERS_CLOSE: frozenset({Actor.PORTAL}),
    Step.CHOOSE_AGAIN: frozenset({Actor.MEMBER}),
    Step.APPROVE: frozenset({Actor.COORDINATOR}),
    Step.HOLD: frozenset({Actor.COORDINATOR}),
    Step.RELEASE: frozenset({Actor.COORDINATOR}),
    Step.SWAP: frozenset({Actor.COORDINATOR}),
    Step.YES: frozenset({Actor.PEER}),
    Step.NOT_NOW: frozenset({Actor.PEER}),
    Step.LAPSE: frozenset({Actor.PORTAL}),
    Step.LET_GO: frozenset({Actor.PORTAL}),
    Step.ASK_NEXT: frozenset({Actor.PORTAL}),
    Step.NONE_LEFT: frozenset({Actor.PORTAL}),
    Step.BOOK: _BOOKERS,
    Step.UNBOOK: _BOOKERS | {Actor.PORTAL},
    Step.HAPPENED: _BOOKERS | {Actor.PORTAL},
    Step.KEEP_GOING: _EITHER,
    Step.UNSURE: _EITHER,
    Step.REST: _EITHER,
    Step.WALK_ON: _EITHER,
    Step.END: _EITHER,
    Step.FAREWELL: _EITHER | {Actor.PORTAL},
    Step.SOMEONE_ELSE: _BOOKERS,
    Step.STOP: frozenset({Actor.MEMBER, Actor.COORDINATOR}),
}

NOT_YET: dict[tuple[State, Step], frozenset[Actor]] = {
    # A peer who has only been asked answers "not now": it asks for no reason and leaves the member's walk open.
    (State.INVITED, Step.SOMEONE_ELSE): frozenset({Actor.PEER}),
    # Who rests or comes to an end has not asked for somebody else; a peer ends it, today if they like, and no more.
    (State.RESTING, Step.SOMEONE_ELSE): frozenset({Actor.PEER}),
    (State.ENDING, Step.SOMEONE_ELSE): frozenset({Actor.PEER}),
}

MOVED_ON = N_("This has moved on in the meantime. Nothing is lost; here is how it stands now.")
NOT_YOURS = N_("This step is for somebody else to take.")


def next_state(state: State, step: Step) -> State:
    """The state after a step; Stale where the step does not belong to this state (any more)."""
    if (state, step) not in TRANSITIONS:
        raise Stale(MOVED_ON)
    return TRANSITIONS[state, step]


def may(actor: Actor, state: State, step: Step) -> bool:
    """Whether this kind of person may take this step now."""
    allowed = ACTORS[step] - NOT_YET.get((state, step), frozenset())
    return (state, step) in TRANSITIONS and actor in allowed


def take(actor: Actor, state: State, step: Step) -> State:
    """The state after a step taken by somebody: NotAllowed where it is never theirs, Stale where it is too late."""
    if actor not in ACTORS[step]:
        raise NotAllowed(NOT_YOURS)
    after = next_state(state, step)
    if not may(actor, state, step):
        raise NotAllowed(NOT_YOURS)
    return after


def steps_for(actor: Actor, state: State) -> tuple[Step, ...]:
    """The steps somebody may take now, in the order of `Step`."""
    return tuple(step for step in Step if may(actor, state, step))


def after_no_answer(choices_left: int) -> Step:
    """What the portal does by itself after "not now" or 48 silent hours: the next choice, or a new shortlist."""
    return Step.ASK_NEXT if choices_left > 0 else Step.NONE_LEFT
