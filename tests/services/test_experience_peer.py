"""A peer's offer: told, sent, approved by a coordinator, and afterwards theirs to make smaller or to rest."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import read, transaction
from portal.domain.account import PeerState, Role
from portal.domain.errors import BadInput, NotAllowed, NotFound, Stale
from portal.domain.experience import Readiness, SharedTo, Stage, WishKind
from portal.domain.notice import Kind
from portal.models import AuditEntry, Person
from portal.queries import care
from portal.queries import experience as queries
from portal.queries.experience import Application, PeerTold
from portal.services import experience as services
from portal.services.experience import Standing, TraitGiven
from tests.services.outbox import add_person, rows

PEER = Role.PEER
LATER = timedelta(days=11)


@pytest.fixture
def ben(inside: Flask, now: datetime) -> int:
    """Ben, who would like to be a peer and has told nothing yet."""
    return add_person("Ben", now, PEER)


@pytest.fixture
def alice(inside: Flask, now: datetime) -> int:
    """Alice, a coordinator."""
    return add_person("Alice", now, Role.COORDINATOR)


def told(person_id: int) -> PeerTold:
    found = queries.peer_told(person_id)
    assert found is not None
    return found


def tell(peer_id: int, now: datetime) -> None:
    services.choose_topics(peer_id, PEER, [queries.topic_ids()["debt"]], step=2, now=now)
    services.agree(peer_id, agreed=True, step=13, now=now)


def approved(peer_id: int, coordinator_id: int, now: datetime) -> None:
    tell(peer_id, now)
    services.apply_as_peer(peer_id, now=now)
    services.approve_peer(peer_id, coordinator_id, key="approve", now=now)


def deeds(person_id: int) -> list[str]:
    return list(
        read().scalars(select(AuditEntry.verb).where(AuditEntry.subject_id == person_id).order_by(AuditEntry.id))
    )


def test_a_topic_has_a_stage_and_a_readiness(ben: int, now: datetime) -> None:
    ids = queries.topic_ids()
    services.choose_topics(ben, PEER, [ids["debt"], ids["alcohol"]], step=2, now=now)
    services.set_stages(ben, PEER, {ids["debt"]: Standing(Stage.FURTHER, Readiness.NOT_NOW)}, step=3, now=now)
    services.choose_topics(ben, PEER, [ids["debt"], ids["anxiety"]], step=2, now=now)
    assert [(topic.id, topic.stage, topic.readiness) for topic in told(ben).topics] == [
        (ids["anxiety"], Stage.UNSURE, Readiness.LISTEN),
        (ids["debt"], Stage.FURTHER, Readiness.NOT_NOW),
    ]


def test_more_topics_than_a_peer_can_carry_are_refused(ben: int, now: datetime) -> None:
    with pytest.raises(BadInput):
        services.choose_topics(ben, PEER, list(queries.topic_ids().values())[:13], step=2, now=now)


def test_an_application_needs_a_topic_and_the_agreement(ben: int, now: datetime) -> None:
    with pytest.raises(NotFound):
        services.apply_as_peer(ben, now=now)
    services.save_words(ben, PEER, {"story": "It got lighter."}, step=4, now=now)
    with pytest.raises(BadInput) as no_topic:
        services.apply_as_peer(ben, now=now)
    services.choose_topics(ben, PEER, [queries.topic_ids()["debt"]], step=2, now=now)
    with pytest.raises(BadInput) as not_agreed:
        services.apply_as_peer(ben, now=now)
    assert (no_topic.value.field, not_agreed.value.field, told(ben).applied_at) == ("topics", "agreed", None)


def test_an_agreement_that_is_not_ticked_is_none(ben: int, now: datetime) -> None:
    with pytest.raises(BadInput):
        services.agree(ben, agreed=False, step=13, now=now)
    assert queries.peer_told(ben) is None


def test_an_application_waits_until_a_coordinator_says_yes(ben: int, alice: int, now: datetime) -> None:
    tell(ben, now)
    assert queries.applications() == []
    services.apply_as_peer(ben, now=now)
    services.apply_as_peer(ben, now=now + LATER)
    assert queries.applications() == [Application(ben, "Ben", "America/New_York", now)]
    assert (told(ben).state, told(ben).ready_at) == (PeerState.APPLIED, None)


def test_an_approved_peer_is_ready_and_gets_one_letter(ben: int, alice: int, now: datetime) -> None:
    tell(ben, now)
    services.apply_as_peer(ben, now=now)
    results = [services.approve_peer(ben, alice, key=key, now=now) for key in ("one", "one", "two")]
    assert results == [ben, ben, ben]
    peer = told(ben)
    assert (peer.state, peer.approved_at, peer.ready_at) == (PeerState.APPROVED, now, now)
    assert [(letter.person_id, letter.about) for letter in rows([Kind.PEER_APPROVED])] == [(ben, f"person-{ben}")]
    assert deeds(ben).count("peer approved") == 1
    assert queries.applications() == []


def test_two_coordinators_who_approve_at_once_send_one_letter(
    inside: Flask, ben: int, alice: int, now: datetime
) -> None:
    bob = add_person("Bob", now, Role.COORDINATOR)
    tell(ben, now)
    services.apply_as_peer(ben, now=now)
    start = Barrier(2)

    def approve(coordinator_id: int) -> None:
        with inside.app_context():
            start.wait()
            services.approve_peer(ben, coordinator_id, key="yes", now=now)

    threads = [Thread(target=approve, args=(coordinator_id,)) for coordinator_id in (alice, bob)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    read().rollback()
    assert len(rows([Kind.PEER_APPROVED])) == 1


def test_who_has_not_applied_cannot_be_approved(ben: int, alice: int, now: datetime) -> None:
    tell(ben, now)
    for peer_id in (ben, alice, 4711):
        with pytest.raises(NotFound):
            services.approve_peer(peer_id, alice, key="", now=now)


def test_nobody_approves_their_own_application(ben: int, now: datetime) -> None:
    tell(ben, now)
    services.apply_as_peer(ben, now=now)
    with pytest.raises(NotAllowed):
        services.approve_peer(ben, ben, key="", now=now)
    assert told(ben).state is PeerState.APPLIED


def test_skipped_formats_and_languages_rule_nobody_out(ben: int, now: datetime) -> None:
    tell(ben, now)
    services.apply_as_peer(ben, now=now)
    assert (len(told(ben).about["formats"]), told(ben).about["languages"]) == (5, ["en"])


def test_rest_and_back_are_one_tap_each_and_back_is_ready(ben: int, alice: int, now: datetime) -> None:
    approved(ben, alice, now)
    services.rest(ben, now=now + LATER)
    services.rest(ben, now=now + LATER * 2)
    assert told(ben).resting_since == now + LATER
    services.come_back(ben, now=now + LATER * 3)
    services.come_back(ben, now=now + LATER * 4)
    assert (told(ben).resting_since, told(ben).ready_at) == (None, now + LATER * 3)
    assert deeds(ben)[-2:] == ["rest begun", "rest ended"]


def test_still_ready_is_one_tap(ben: int, alice: int, now: datetime) -> None:
    approved(ben, alice, now)
    services.confirm_ready(ben, now=now + LATER)
    services.confirm_ready(ben, now=now + LATER)
    assert (told(ben).ready_at, deeds(ben)[-1], deeds(ben).count("ready confirmed")) == (
        now + LATER,
        "ready confirmed",
        1,
    )


def test_a_second_tap_of_one_form_lowers_the_room_once(ben: int, alice: int, now: datetime) -> None:
    approved(ben, alice, now)
    assert [services.lower_capacity(ben, key=key, now=now) for key in ("a", "a", "b")] == [6, 6, 4]
    assert told(ben).capacity_halves == 2


def test_room_goes_down_to_none_and_not_below(ben: int, alice: int, now: datetime) -> None:
    approved(ben, alice, now)
    services.set_capacity(ben, 3, step=12, now=now)
    assert [services.lower_capacity(ben, key=key, now=now) for key in ("a", "b", "c")] == [3, 1, 0]
    assert told(ben).capacity_halves == 0


@pytest.mark.parametrize("room", [3, 6])
def test_a_lowering_is_taken_back_in_one_tap_and_gives_no_more_than_it_took(
    ben: int, alice: int, now: datetime, room: int
) -> None:
    approved(ben, alice, now)
    services.set_capacity(ben, room, step=12, now=now)
    before = services.lower_capacity(ben, key="a", now=now)
    for halves in (30, before + 1, 4711, -1, before - 2):
        services.take_lowering_back(ben, halves, now=now)
        assert told(ben).capacity_halves == room - 2
    for _tap in range(2):
        services.take_lowering_back(ben, before, now=now)
        assert told(ben).capacity_halves == room


def test_who_approves_a_peer_looks_after_them_until_somebody_else_does(ben: int, alice: int, now: datetime) -> None:
    approved(ben, alice, now)
    bob = add_person("Bob", now, Role.COORDINATOR)
    assert [(one.name, one.peers) for one in care.carers()] == [("Alice", 1), ("Bob", 0)]
    for _tap in range(2):
        services.look_after(ben, bob, seen=alice, actor_id=alice, now=now)
    read().rollback()
    assert [(one.name, one.peers) for one in care.carers()] == [("Alice", 0), ("Bob", 1)]
    assert deeds(ben).count("peer looked after") == 2


def test_an_old_page_does_not_undo_who_looks_after_a_peer_now(ben: int, alice: int, now: datetime) -> None:
    approved(ben, alice, now)
    bob, cora = add_person("Bob", now, Role.COORDINATOR), add_person("Cora", now, Role.COORDINATOR)
    services.look_after(ben, bob, seen=alice, actor_id=alice, now=now)
    for old in (alice, None, cora):
        with pytest.raises(Stale):
            services.look_after(ben, cora, seen=old, actor_id=alice, now=now)
    read().rollback()
    assert [one.name for one in care.carers() if one.peers] == ["Bob"]


def test_only_a_coordinator_who_is_here_looks_after_an_approved_peer(ben: int, alice: int, now: datetime) -> None:
    tell(ben, now)
    services.apply_as_peer(ben, now=now)
    with pytest.raises(NotFound):
        services.look_after(ben, alice, seen=None, actor_id=alice, now=now)
    services.approve_peer(ben, alice, key="", now=now)
    gone = add_person("Bob", now, Role.COORDINATOR)
    with transaction() as session:
        session.get_one(Person, gone).suspended_at = now
    for nobody in (ben, gone, 4711):
        with pytest.raises(BadInput):
            services.look_after(ben, nobody, seen=alice, actor_id=alice, now=now)
    assert [(one.name, one.peers) for one in care.carers()] == [("Alice", 1)]


def test_a_room_that_was_not_offered_is_refused(ben: int, now: datetime) -> None:
    with pytest.raises(BadInput):
        services.set_capacity(ben, 400, step=12, now=now)


@pytest.mark.parametrize("verb", [services.rest, services.come_back, services.confirm_ready])
def test_who_is_no_peer_has_no_room_to_rest_from(alice: int, now: datetime, verb: object) -> None:
    with pytest.raises(NotFound):
        verb(alice, now=now)  # type: ignore[operator]


def test_a_line_and_limits_are_kept_with_the_answers(ben: int, now: datetime) -> None:
    services.save_words(ben, PEER, {"line": "Two dogs.", "limits": "No evenings."}, step=5, now=now)
    assert dict(told(ben).about) == {"line": "Two dogs.", "limits": "No evenings."}


def test_a_coordinator_reads_all_but_what_is_shown_to_nobody(ben: int, alice: int, now: datetime) -> None:
    given = [
        TraitGiven(WishKind.PARENT, "yes", SharedTo.NOBODY),
        TraitGiven(WishKind.VETERAN, "yes", SharedTo.COORDINATOR),
    ]
    services.save_traits(ben, PEER, given, step=10, now=now)
    profile = queries.profile_of(ben)
    assert profile is not None
    assert (profile.name, profile.member) == ("Ben", None)
    assert profile.peer is not None
    assert [trait.kind for trait in profile.peer.traits] == [WishKind.VETERAN]
    assert len(told(ben).traits) == 2


def test_a_coordinators_reading_is_recorded(ben: int, alice: int, now: datetime) -> None:
    services.note_reading(ben, alice, now=now)
    entry = read().scalars(select(AuditEntry).where(AuditEntry.verb == "read")).one()
    assert (entry.actor_id, entry.subject, entry.subject_id) == (alice, "person", ben)


def test_nobody_has_no_profile(inside: Flask) -> None:
    assert queries.profile_of(4711) is None
