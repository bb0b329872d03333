"""What a row of the table says, and what follows from it for a visitor."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.web.access_policy.visitors import (
    ANYBODY,
    LED_ON,
    NOBODY,
    NOWHERE,
    STAFF,
    STRANGERS,
    Outcome,
    V,
    Visitor,
    Who,
)


@dataclass(frozen=True)
class Policy:
    """Who comes through the door, and of those, for whom each object is there; all others get a 404."""

    who: Who
    objects: str = ""
    there_for: Mapping[str, Who] = field(default_factory=dict)
    leads_on: bool = False  # open to all, and sends those on who have somewhere to be first
    says_no: bool = False  # the door opens, and what is asked of the cast here is refused with a sentence


def expected(policy: Policy, visitor: Visitor, scene: str) -> Outcome:
    """Return what the table says."""
    if policy.who != ANYBODY:
        if visitor in STRANGERS:
            return Outcome.SIGN_IN
        if visitor not in policy.who:
            if visitor is V.WITHOUT_CONSENT:
                return Outcome.WELCOME
            steps = policy.who == STAFF and visitor is V.HALF_COORDINATOR
            return Outcome.SECOND_STEP if steps else Outcome.REFUSED
    if visitor not in policy.there_for.get(scene, policy.who):
        return Outcome.HIDDEN
    return Outcome.REFUSED if policy.says_no else Outcome.IN


def fits(policy: Policy, visitor: Visitor, scene: str, outcome: Outcome) -> bool:
    """Say whether this outcome is what the table says."""
    if policy.leads_on and outcome in LED_ON:
        return True
    return outcome is expected(policy, visitor, scene)


def one(who: Who) -> Policy:
    return Policy(who)


def of(who: Who, objects: str, **there_for: Who) -> Policy:
    return Policy(who, objects, {NOWHERE: NOBODY, **there_for})
