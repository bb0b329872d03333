"""What somebody wishes of the other, and what they tell about themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete

from portal.db import retry_once, transaction
from portal.domain.account import Role
from portal.domain.errors import BadInput
from portal.domain.experience import MUST_HAVES, YES, SharedTo, Strength, WishKind
from portal.domain.telling import checked_value
from portal.domain.words import N_
from portal.models import Trait, Wish
from portal.queries import experience as experience_queries
from portal.services.experience.profile import open_telling, told

TOO_MANY_MUSTS = N_(
    "Please keep to %(most)s musts, so that somebody can still be found. The others can be “would like”."
)
SAY_WHICH = N_("Please say which.")
YES_ONLY = frozenset({WishKind.LGBTQ, WishKind.PARENT, WishKind.VETERAN, WishKind.NOT_LOCAL})


@dataclass(frozen=True, slots=True)
class WishGiven:
    """One wish; `value` is one or several of WISH_CHOICES with commas, or own words, and not needed where it is yes."""

    kind: WishKind
    strength: Strength
    value: str = ""


@dataclass(frozen=True, slots=True)
class TraitGiven:
    """One thing told about oneself."""

    kind: WishKind
    value: str
    shown_to: SharedTo


@retry_once
def save_wishes(member_id: int, wishes: Sequence[WishGiven], *, step: int, now: datetime) -> None:
    """Keep a member's wishes in place of all earlier ones."""
    if sum(wish.strength is Strength.MUST for wish in wishes) > MUST_HAVES:
        raise BadInput("wishes", TOO_MANY_MUSTS, most=MUST_HAVES)
    given = {wish.kind: (wish.strength, _wished(wish)) for wish in wishes}
    with transaction() as session:
        telling = open_telling(session, member_id, Role.MEMBER, now=now)
        before = {wish.kind: (wish.strength, wish.value) for wish in experience_queries.wish_rows(member_id)}
        if before != given:
            session.execute(delete(Wish).where(Wish.person_id == member_id))
            session.add_all(
                Wish(person_id=member_id, kind=kind, strength=strength, value=value)
                for kind, (strength, value) in given.items()
            )
        told(session, telling, "wishes", changed=before != given, step=step, now=now)


@retry_once
def save_traits(
    person_id: int,
    role: Role,
    traits: Sequence[TraitGiven],
    matters: Sequence[WishKind] = (),
    *,
    step: int,
    now: datetime,
) -> None:
    """Keep what somebody tells about themselves, and which of it matters to them, in place of what they told before."""
    given = {trait.kind: (checked_value(trait.kind, trait.value), trait.shown_to) for trait in traits}
    given = {kind: (value, shown_to) for kind, (value, shown_to) in given.items() if value}
    counts = [str(kind) for kind in WishKind if kind in matters and kind in given]
    with transaction() as session:
        telling = open_telling(session, person_id, role, now=now)
        before = {trait.kind: (trait.value, trait.shown_to) for trait in experience_queries.trait_rows(person_id)}
        if before != given:
            session.execute(delete(Trait).where(Trait.person_id == person_id))
            session.add_all(
                Trait(person_id=person_id, kind=kind, value=value, shown_to=shown_to)
                for kind, (value, shown_to) in given.items()
            )
        counted = telling.about.get("identity_matters", [])
        if counted != counts:
            telling.about = {**telling.about, "identity_matters": counts}
        changed = before != given or counted != counts
        told(session, telling, "about me", changed=changed, step=step, now=now)


def _wished(wish: WishGiven) -> str:
    value = checked_value(wish.kind, YES if wish.kind in YES_ONLY else wish.value)
    if not value:
        raise BadInput(str(wish.kind), SAY_WHICH)
    return value
