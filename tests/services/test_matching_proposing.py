"""A proposal for all who wait, on both databases: found once, published pair by pair, never over a newer decision."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

from portal.db import db, read, transaction
from portal.domain.account import Purpose, Role
from portal.domain.errors import NotAllowed, NotFound, Stale
from portal.domain.experience import Readiness, Stage
from portal.domain.matching.left import Left
from portal.domain.matching.together import Fairness, Mark, PairState, ProposalState
from portal.domain.matching.walk import State
from portal.domain.notice import Kind
from portal.models import (
    AuditEntry,
    Consent,
    MemberProfile,
    PairMark,
    PastSuggestion,
    PeerProfile,
    Person,
    Proposal,
    ProposedPair,
)
from portal.queries import matching as queries
from portal.queries.matching import PairView, ProposalView
from portal.services import matching
from portal.services.matching import proposing
from portal.services.matching.everyone import everyone
from portal.services.matching.proposing import Published, opening
from tests.matching_cast import (
    ALCOHOL,
    LONELINESS,
    Hill,
    add_asker,
    add_hill,
    add_peer,
    asked,
    chosen,
    invited,
    owed,
    ranks,
    seats,
    set_walk,
    steps_of,
    walk_row,
)
from tests.services.outbox import add_person


@pytest.fixture
def hill(inside: Flask, now: datetime) -> Hill:
    """Ana waits; Ben, Cleo and Dov have been there; Alice decides."""
    return add_hill(now)


def make(hill: Hill, now: datetime, fairness: Fairness = Fairness.NOBODY_OUT, key: str = "") -> int:
    stands = queries.proposal(now)
    return proposing.propose(hill.coordinator, fairness, revision=stands.revision if stands else None, key=key, now=now)


def stands(now: datetime) -> ProposalView:
    read().rollback()
    found = queries.proposal(now)
    assert found is not None
    return found


def pairs(now: datetime) -> dict[str, PairView]:
    return {pair.name: pair for pair in queries.proposed(stands(now).id, "all", first=0, count=50)}


def publish_all(hill: Hill, now: datetime) -> Published:
    return proposing.publish(stands(now).id, None, hill.coordinator, key="", now=now)


def deeds() -> list[str]:
    return list(read().scalars(select(AuditEntry.verb).order_by(AuditEntry.id)))


def test_everybody_who_waits_and_has_nobody_asked_is_in_it(hill: Hill, now: datetime) -> None:
    ben, cleo, dov = hill.peers
    with_cards, choosing = add_asker(now, "Cards"), add_asker(now, "Chose")
    for member in (with_cards, choosing):
        matching.ask(member, key="", now=now)
    matching.rank(queries.open_walk_of(choosing) or 0, choosing, [dov, cleo], revision=None, key="", now=now)
    invited(hill, now)
    held, away, suspended = (add_asker(now, name) for name in ("Held", "Away", "Suspended"))
    for member in (held, away, suspended):
        matching.ask(member, key="", now=now)
    set_walk(queries.open_walk_of(held) or 0, state=State.HELD)
    with transaction() as session:
        session.add(Consent(person_id=away, purpose=Purpose.MATCHING, wording=1, given_at=now, withdrawn_at=now))
        session.get_one(Person, suspended).suspended_at = now
    found = everyone(now)
    assert [(walk.member_id, walk.state, walk.first, walk.allowed) for walk in found.walks] == [
        (with_cards, State.SHORTLISTED, ben, None),
        (choosing, State.CHOSEN, dov, frozenset({dov, cleo})),
    ]
    assert [member.id for member in found.members] == [with_cards, choosing] == found.asks.ids.tolist()
    assert [peer.id for peer in found.peers] == [ben, cleo, dov] == found.pool.ids.tolist()


def test_a_few_are_worked_out_at_once(hill: Hill, now: datetime) -> None:
    asked(hill, now)
    make(hill, now)
    found = stands(now)
    assert (found.state, found.progress, found.fairness, found.by) == (
        ProposalState.READY,
        100,
        Fairness.NOBODY_OUT,
        "Alice",
    )
    assert found.found is not None
    assert (found.found.waiting, found.found.placed, found.found.same, found.found.proved) == (1, 1, 1, True)
    pair = pairs(now)["Ana"]
    assert (pair.peer_id, pair.was_peer_id, pair.state) == (hill.peers[0], hill.peers[0], PairState.PENDING)
    assert pair.why is not None
    assert pair.why.bars == queries.choice(pair.walk_id, now).suggestions[0].bars  # type: ignore[union-attr]


def test_nobody_is_told_of_a_proposal(hill: Hill, now: datetime) -> None:
    walk_id = asked(hill, now)
    before = (ranks(walk_id), owed(walk_id), steps_of(walk_id))
    make(hill, now)
    assert (ranks(walk_id), owed(walk_id), steps_of(walk_id)) == before


def test_nobody_is_left_out_where_the_closest_fits_would_leave_somebody(inside: Flask, now: datetime) -> None:
    """Ben is the only one for Ida, and nearer to Ana than Cleo is; he has room for one."""
    ben = add_peer(now, "Ben", capacity_halves=3)
    cleo = add_peer(now, "Cleo", topics=[LONELINESS], stage=Stage.MIDDLE, capacity_halves=3)
    ana, ida = add_asker(now, "Ana"), add_asker(now, "Ida", topics=[ALCOHOL])
    hill = Hill(ana, (ben, cleo, 0), add_person("Alice", now, Role.COORDINATOR))
    for member in (ana, ida):
        matching.ask(member, key="", now=now)
    make(hill, now)
    assert {name: pair.peer_id for name, pair in pairs(now).items()} == {"Ana": cleo, "Ida": ben}
    assert (pairs(now)["Ana"].was_peer_id, pairs(now)["Ida"].was_peer_id) == (ben, ben)
    found = stands(now).found
    assert found is not None
    assert (found.placed, found.today_placed, found.same, found.instead) == (2, 1, 1, 1)


def test_whoever_is_left_out_has_the_reason_beside(hill: Hill, now: datetime) -> None:
    told = {"Far": ["debt"], "Mute": [LONELINESS]}
    for name, topics in told.items():
        matching.ask(add_asker(now, name, topics=topics, languages=["fi"]), key="", now=now)
    with transaction() as session:
        for peer in hill.peers[1:]:
            session.get_one(PeerProfile, peer).capacity_halves = 0
        session.get_one(PeerProfile, hill.peers[0]).capacity_halves = 3
    for name in ("One", "Two"):
        matching.ask(add_asker(now - timedelta(days=1), name), key="", now=now)
    make(hill, now)
    left = {name: pair.left for name, pair in pairs(now).items()}
    assert {left["One"], left["Two"]} == {None, Left.ROOM}
    assert (left["Far"], left["Mute"]) == (Left.TOPIC, Left.LANGUAGE)


def test_publishing_asks_the_peer_of_whoever_has_chosen(hill: Hill, now: datetime) -> None:
    _ben, cleo, dov = hill.peers
    walk_id = chosen(hill, now, [dov, cleo])
    make(hill, now)
    pair = pairs(now)["Ana"]
    assert pair.peer_id in (cleo, dov)
    assert publish_all(hill, now) == Published((pair.id,), ())
    walk = walk_row(walk_id)
    assert (walk.state, walk.peer_id, walk.coordinator_id) == (State.INVITED, pair.peer_id, hill.coordinator)
    assert (steps_of(walk_id)[-1], seats()) == ("approve", [(walk_id, pair.peer_id, 3)])
    assert owed(walk_id) == [(Kind.ASKED_PEER, pair.peer_id), (Kind.CHOICE_APPROVED, hill.member)]
    assert pairs(now)["Ana"].state is PairState.PUBLISHED
    assert "pair published" in deeds()


def test_publishing_puts_the_peer_first_on_new_cards_of_whoever_has_not_chosen(hill: Hill, now: datetime) -> None:
    ben, cleo, dov = hill.peers
    walk_id = asked(hill, now)
    proposing.pin(hill.member, dov, hill.coordinator, now=now)
    make(hill, now)
    publish_all(hill, now)
    walk = walk_row(walk_id)
    assert (walk.state, walk.peer_id, seats()) == (State.SHORTLISTED, None, [])
    assert ranks(walk_id) == [(dov, None), (ben, None), (cleo, None)]
    assert owed(walk_id) == [(Kind.SHORTLIST_READY, hill.member)]
    [last] = [one for one in queries.history(walk_id) if one.by]
    assert (last.step, last.by) == ("shortlist", "Alice")


def test_whoever_leaves_the_cards_unasked_may_come_again(hill: Hill, now: datetime) -> None:
    ben, cleo, dov = hill.peers
    walk_id, later = asked(hill, now), now + timedelta(hours=1)
    eve = add_peer(now, "Eve")
    proposing.pin(hill.member, eve, hill.coordinator, now=later)
    make(hill, later)
    publish_all(hill, later)
    assert ranks(walk_id) == [(eve, None), (ben, None), (cleo, None)]
    assert everyone(later).walks[0].without == frozenset()
    assert dov in {one.peer_id for one in queries.fitting(hill.member, later, without=[ben, cleo, eve])}
    assert queries.not_again(queries.suggestions_of(walk_id), later) == frozenset()


def test_whoever_stays_on_the_cards_stays_as_they_were_suggested(hill: Hill, now: datetime) -> None:
    ben, cleo, dov = hill.peers
    walk_id, later = asked(hill, now), now + timedelta(hours=1)
    proposing.pin(hill.member, dov, hill.coordinator, now=later)
    make(hill, later)
    publish_all(hill, later)
    made = {row.peer_id: row.made_at for row in queries.suggestions_of(walk_id)}
    assert made == {dov: later, ben: now, cleo: now}
    assert list(read().scalars(select(PastSuggestion.peer_id))) == [dov]


def test_publishing_gives_first_cards_to_whoever_had_none(inside: Flask, now: datetime) -> None:
    hill = Hill(add_asker(now), (0, 0, 0), add_person("Alice", now, Role.COORDINATOR))
    walk_id = asked(hill, now)
    ben, cleo = add_peer(now, "Ben"), add_peer(now, "Cleo", readiness=Readiness.LISTEN)
    make(hill, now)
    publish_all(hill, now)
    assert (walk_row(walk_id).state, ranks(walk_id)) == (State.SHORTLISTED, [(ben, None), (cleo, None)])
    assert owed(walk_id) == [(Kind.SHORTLIST_READY, hill.member)]


def test_whoever_has_that_card_first_already_hears_nothing_new(hill: Hill, now: datetime) -> None:
    walk_id = asked(hill, now)
    before = (walk_row(walk_id).revision, steps_of(walk_id))
    make(hill, now)
    publish_all(hill, now)
    assert (walk_row(walk_id).revision, steps_of(walk_id)) == before
    assert pairs(now)["Ana"].state is PairState.PUBLISHED


def test_publishing_by_the_same_form_twice_is_once(hill: Hill, now: datetime) -> None:
    walk_id = chosen(hill, now)
    proposal_id = make(hill, now)
    pair_id = pairs(now)["Ana"].id
    for _tap in range(2):
        done = proposing.publish(proposal_id, [pair_id], hill.coordinator, key="k", now=now)
        assert done == Published((pair_id,), ())
    assert steps_of(walk_id).count("approve") == 1


def test_a_walk_that_has_moved_on_stays_as_it_is(hill: Hill, now: datetime) -> None:
    walk_id = asked(hill, now)
    proposal_id = make(hill, now)
    matching.rank(walk_id, hill.member, [hill.peers[2]], revision=None, key="", now=now)
    assert pairs(now)["Ana"].moved
    assert publish_all(hill, now) == Published((), ())
    done = proposing.publish(proposal_id, [pairs(now)["Ana"].id], hill.coordinator, key="", now=now)
    assert [one.sentence for one in done.moved_on] == ["The walk has moved on by itself since the proposal."]
    assert (pairs(now)["Ana"].state, pairs(now)["Ana"].said) == (PairState.OVERTAKEN, done.moved_on[0].sentence)
    assert (walk_row(walk_id).state, ranks(walk_id)[2]) == (State.CHOSEN, (hill.peers[2], 1))
    assert publish_all(hill, now) == Published((), ())


def test_a_peer_whose_room_went_is_told_and_the_others_go_on(hill: Hill, now: datetime) -> None:
    first = chosen(hill, now, [hill.peers[0], hill.peers[1]])
    second = asked(Hill(add_asker(now, "Ida"), hill.peers, hill.coordinator), now)
    proposing.pin(hill.member, hill.peers[0], hill.coordinator, now=now)
    make(hill, now)
    with transaction() as session:
        session.get_one(PeerProfile, hill.peers[0]).capacity_halves = 0
    found = pairs(now)
    done = publish_all(hill, now)
    assert found["Ana"].id in {one.pair_id for one in done.moved_on}
    assert (walk_row(first).state, seats()) == (State.CHOSEN, [])
    assert found["Ida"].id in {*done.pair_ids, *(one.pair_id for one in done.moved_on)}
    assert walk_row(second).state is State.SHORTLISTED


def test_one_that_cannot_be_read_does_not_keep_the_others(
    hill: Hill, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    broken, fine = chosen(hill, now), chosen(Hill(add_asker(now, "Ida"), hill.peers, hill.coordinator), now)
    make(hill, now)
    found = pairs(now)
    with transaction() as session:
        session.get_one(MemberProfile, hill.member).about = {"styles": ["nonsense"]}
    done = publish_all(hill, now)
    assert (done.pair_ids, [one.pair_id for one in done.moved_on]) == ((found["Ida"].id,), [found["Ana"].id])
    assert (walk_row(broken).state, walk_row(fine).state) == (State.CHOSEN, State.INVITED)
    assert pairs(now)["Ana"].state is PairState.PENDING
    assert [one.getMessage() for one in caplog.records] == [f"pair {found['Ana'].id}: ValueError"]


def test_where_nobody_chosen_can_be_asked_the_portal_looks_again(hill: Hill, now: datetime) -> None:
    walk_id = chosen(hill, now, [hill.peers[0]])
    make(hill, now)
    with transaction() as session:
        session.get_one(PeerProfile, hill.peers[0]).resting_since = now
    done = publish_all(hill, now)
    assert [one.sentence[:22] for one in done.moved_on] == ["Nobody who was chosen "]
    assert (walk_row(walk_id).state, steps_of(walk_id)[-2:]) == (State.SHORTLISTED, ["none_left", "shortlist"])


def test_the_order_a_member_gave_holds_while_there_is_room(inside: Flask, now: datetime) -> None:
    """Dov, whom both put first, fits less closely than Ben; he has room for one, and Ida has waited longer."""
    ben = add_peer(now, "Ben", capacity_halves=6)
    dov = add_peer(now, "Dov", readiness=Readiness.LISTEN, capacity_halves=3)
    alice = add_person("Alice", now, Role.COORDINATOR)
    for name, asked_at in (("Ana", now), ("Ida", now - timedelta(days=3))):
        chosen(Hill(add_asker(now, name), (dov, ben, 0), alice), asked_at, [dov, ben])
    make(Hill(0, (ben, dov, 0), alice), now)
    assert {name: (pair.peer_id, pair.rank) for name, pair in pairs(now).items()} == {"Ana": (ben, 2), "Ida": (dov, 1)}
    found = stands(now).found
    assert found is not None
    assert (found.placed, found.ordered, found.proved) == (2, 2, True)


def test_the_first_somebody_put_leaves_their_closer_fit_to_others(inside: Flask, now: datetime) -> None:
    """Ana put Ann before Ben, who fits her more closely; Ida fits Ben more closely than Cleo."""
    ben = add_peer(now, "Ben", topics=[ALCOHOL], capacity_halves=3)
    ann = add_peer(now, "Ann", topics=[LONELINESS], readiness=Readiness.LISTEN, stage=Stage.MIDDLE, capacity_halves=3)
    cleo = add_peer(now, "Cleo", topics=[ALCOHOL], readiness=Readiness.LISTEN, capacity_halves=3)
    alice = add_person("Alice", now, Role.COORDINATOR)
    chosen(Hill(add_asker(now, "Ana", topics=[ALCOHOL, LONELINESS]), (ann, ben, 0), alice), now, [ann, ben])
    matching.ask(add_asker(now, "Ida", topics=[ALCOHOL]), key="", now=now)
    for fairness in Fairness:
        make(Hill(0, (ann, ben, cleo), alice), now, fairness)
        assert {name: pair.peer_id for name, pair in pairs(now).items()} == {"Ana": ann, "Ida": ben}


def test_two_who_put_each_others_closest_first_both_get_their_first(inside: Flask, now: datetime) -> None:
    ben = add_peer(now, "Ben", topics=[LONELINESS], capacity_halves=3)
    dov = add_peer(now, "Dov", topics=[ALCOHOL], capacity_halves=3)
    alice = add_person("Alice", now, Role.COORDINATOR)
    for name, topics, order in (
        ("Ana", [ALCOHOL, LONELINESS], [ben, dov]),
        ("Ida", [LONELINESS, ALCOHOL], [dov, ben]),
    ):
        chosen(Hill(add_asker(now, name, topics=topics), (ben, dov, 0), alice), now, order)
    for fairness in Fairness:
        make(Hill(0, (ben, dov, 0), alice), now, fairness)
        assert {name: (pair.peer_id, pair.rank) for name, pair in pairs(now).items()} == {
            "Ana": (ben, 1),
            "Ida": (dov, 1),
        }


def test_today_goes_on_to_the_next_card_where_the_first_has_no_room(inside: Flask, now: datetime) -> None:
    ben, cleo = (add_peer(now, name, capacity_halves=3) for name in ("Ben", "Cleo"))
    alice = add_person("Alice", now, Role.COORDINATOR)
    for name in ("Ana", "Ida"):
        chosen(Hill(add_asker(now, name), (ben, cleo, 0), alice), now, [ben, cleo])
    make(Hill(0, (ben, cleo, 0), alice), now)
    found = stands(now).found
    assert found is not None
    assert (found.placed, found.today_placed) == (2, 2)
    assert [found.fit, found.worst] == pytest.approx([found.today_fit, found.today_worst])


def test_the_furthest_fit_says_whether_it_is_a_pinned_pair(hill: Hill, now: datetime) -> None:
    asked(hill, now)
    make(hill, now)
    assert not stands(now).found.worst_pinned  # type: ignore[union-attr]
    proposing.pin(hill.member, hill.peers[2], hill.coordinator, now=now)
    make(hill, now)
    assert stands(now).found.worst_pinned  # type: ignore[union-attr]


def test_a_pair_left_out_is_not_published(hill: Hill, now: datetime) -> None:
    walk_id = chosen(hill, now)
    make(hill, now)
    proposing.drop(pairs(now)["Ana"].id, hill.coordinator, now=now)
    assert publish_all(hill, now) == Published((), ())
    assert (walk_row(walk_id).state, pairs(now)["Ana"].state) == (State.CHOSEN, PairState.DROPPED)


def test_pins_are_kept_and_those_that_cannot_be_are_told(hill: Hill, now: datetime) -> None:
    ben, _cleo, dov = hill.peers
    asked(hill, now)
    ida = add_asker(now, "Ida")
    chosen(Hill(ida, hill.peers, hill.coordinator), now, [ben])
    proposing.pin(hill.member, dov, hill.coordinator, now=now)
    proposing.pin(ida, dov, hill.coordinator, now=now)
    make(hill, now)
    found = stands(now).found
    assert found is not None
    assert (pairs(now)["Ana"].peer_id, pairs(now)["Ana"].mark) == (dov, Mark.PIN)
    assert [(lost.member_id, lost.peer_id, lost.sentence) for lost in found.lost] == [
        (ida, dov, "The member chose others, and the choice is theirs.")
    ]
    assert pairs(now)["Ida"].peer_id == ben


def test_a_member_is_pinned_to_one_peer_at_a_time(hill: Hill, now: datetime) -> None:
    asked(hill, now)
    for peer in hill.peers[:2]:
        proposing.pin(hill.member, peer, hill.coordinator, now=now)
    assert queries.pins() == [(hill.member, hill.peers[1])]


def test_a_forbidden_pair_stays_forbidden_until_it_is_taken_back(hill: Hill, now: datetime) -> None:
    ben, cleo, _dov = hill.peers
    walk_id = asked(hill, now)
    proposing.forbid(hill.member, ben, hill.coordinator, now=now)
    for _run in range(2):
        make(hill, now)
        assert pairs(now)["Ana"].peer_id == cleo
    publish_all(hill, now)
    assert ben not in {peer for peer, _rank in ranks(walk_id)}
    assert [one.mark for one in queries.marks()] == [Mark.FORBID]
    proposing.unmark(hill.member, ben, hill.coordinator, now=now)
    make(hill, now + timedelta(days=14))
    assert read().scalars(select(PairMark)).all() == []
    assert {"pair forbid", "pair unmark"} <= set(deeds())


def test_a_coordinator_who_saw_something_older_is_told(hill: Hill, now: datetime) -> None:
    asked(hill, now)
    first = make(hill, now)
    seen = stands(now).revision
    proposing.drop(pairs(now)["Ana"].id, hill.coordinator, now=now)
    for revision in (None, seen, -1):
        with pytest.raises(Stale):
            proposing.propose(hill.coordinator, Fairness.CLOSEST, revision=revision, key="", now=now)
    assert stands(now).id == first


def test_running_again_closes_the_one_before(hill: Hill, now: datetime) -> None:
    asked(hill, now)
    first, second = make(hill, now), make(hill, now, Fairness.CLOSEST)
    rows = read().execute(select(Proposal.id, Proposal.open, Proposal.state).order_by(Proposal.id)).all()
    assert [tuple(row) for row in rows] == [
        (first, False, ProposalState.CLOSED),
        (second, True, ProposalState.READY),
    ]
    old = read().scalar(select(ProposedPair.id).where(ProposedPair.proposal_id == first)) or 0
    with pytest.raises(Stale):
        proposing.publish(first, [old], hill.coordinator, key="", now=now)
    with pytest.raises(Stale):
        proposing.drop(old, hill.coordinator, now=now)
    assert queries.proposed_pair(old) is None


def test_of_a_closed_proposal_only_who_was_settled_stays(hill: Hill, now: datetime) -> None:
    asked(hill, now)
    chosen(Hill(add_asker(now, "Ida"), hill.peers, hill.coordinator), now)
    make(hill, now)
    settled = pairs(now)["Ida"].id
    proposing.drop(settled, hill.coordinator, now=now)
    proposing.close(stands(now).id, hill.coordinator, now=now)
    rows = read().scalars(select(ProposedPair).order_by(ProposedPair.id)).all()
    assert [(row.id == settled, row.peer_id is None, row.was_peer_id is None, row.why) for row in rows] == [
        (False, True, True, None),
        (True, False, False, None),
    ]


def test_the_same_form_sent_twice_runs_once(hill: Hill, now: datetime) -> None:
    asked(hill, now)
    made = [proposing.propose(hill.coordinator, Fairness.CLOSEST, revision=None, key="k", now=now) for _tap in range(2)]
    assert made[0] == made[1]
    assert deeds().count("proposal make") == 1


def test_only_coordinators_have_anything_to_do_with_it(hill: Hill, now: datetime) -> None:
    asked(hill, now)
    proposal_id = make(hill, now)
    pair_id = pairs(now)["Ana"].id
    ben = hill.peers[0]
    for other in (hill.member, ben):
        for verb in (
            lambda who: proposing.propose(who, Fairness.CLOSEST, revision=None, key="", now=now),
            lambda who: proposing.publish(proposal_id, [pair_id], who, key="", now=now),
            lambda who: proposing.drop(pair_id, who, now=now),
            lambda who: proposing.pin(hill.member, ben, who, now=now),
            lambda who: proposing.forbid(hill.member, ben, who, now=now),
            lambda who: proposing.unmark(hill.member, ben, who, now=now),
            lambda who: proposing.close(proposal_id, who, now=now),
        ):
            with pytest.raises(NotAllowed):
                verb(other)
    assert (queries.marks(), pairs(now)["Ana"].state) == ((), PairState.PENDING)


def test_who_does_not_ask_or_does_not_offer_cannot_be_marked(hill: Hill, now: datetime) -> None:
    for member, peer in ((hill.member, hill.peers[0]), (hill.peers[0], hill.peers[1])):
        with pytest.raises(NotFound):
            proposing.pin(member, peer, hill.coordinator, now=now)
    asked(hill, now)
    with pytest.raises(NotFound):
        proposing.forbid(hill.member, hill.coordinator, hill.coordinator, now=now)


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even one who waits is too many to be worked out within a page."""
    monkeypatch.setattr(opening, "SMALL", 0)


def test_many_wait_for_a_worker_and_a_second_coordinator_joins(many: None, hill: Hill, now: datetime) -> None:
    asked(hill, now)
    waiting = make(hill, now)
    assert (stands(now).state, stands(now).unheard) == (ProposalState.WAITING, False)
    other = add_person("Olga", now, Role.COORDINATOR)
    assert proposing.propose(other, Fairness.CLOSEST, revision=None, key="", now=now) == waiting
    proposing.work(waiting, now=now)
    assert (stands(now).state, stands(now).fairness) == (ProposalState.READY, Fairness.NOBODY_OUT)
    proposing.work(waiting, now=now)
    assert len(pairs(now)) == 1


def test_a_run_whose_worker_went_silent_is_begun_again(many: None, hill: Hill, now: datetime) -> None:
    asked(hill, now)
    proposal_id = make(hill, now)
    with transaction() as session:
        run = session.get_one(Proposal, proposal_id)
        run.state, run.beat_at = ProposalState.RUNNING, now
    soon, later = now + timedelta(seconds=119), now + timedelta(minutes=2)
    assert (proposing.pick_up(now=soon), stands(soon).unheard) == (0, False)
    assert (stands(later).unheard, proposing.pick_up(now=later)) == (True, 1)
    assert stands(later).state is ProposalState.WAITING
    proposing.work(proposal_id, now=later)
    assert stands(later).state is ProposalState.READY


def test_what_nobody_has_begun_with_is_asked_for_again(many: None, hill: Hill, now: datetime) -> None:
    asked(hill, now)
    make(hill, now)
    later = now + timedelta(minutes=1)
    assert (proposing.pick_up(now=now), stands(later).unheard, proposing.pick_up(now=later)) == (0, True, 1)
    assert proposing.pick_up(now=later) == 0


def test_a_run_taken_away_writes_nothing(many: None, hill: Hill, now: datetime) -> None:
    asked(hill, now)
    proposal_id = make(hill, now)
    proposing.close(proposal_id, hill.coordinator, now=now)
    proposing.work(proposal_id, now=now)
    assert queries.proposal(now) is None
    assert read().scalars(select(ProposedPair)).all() == []


def test_a_fault_is_kept_calmly_and_can_be_run_again(
    many: None, hill: Hill, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    asked(hill, now)
    with transaction() as session:
        session.get_one(MemberProfile, hill.member).about = {"styles": ["nonsense"]}
    proposal_id = make(hill, now)
    proposing.work(proposal_id, now=now)
    assert stands(now).state is ProposalState.FAILED
    assert [one.getMessage() for one in caplog.records if "proposal" in one.getMessage()] == [
        f"proposal {proposal_id}: ValueError"
    ]
    with transaction() as session:
        session.get_one(MemberProfile, hill.member).about = {}
    proposing.work(make(hill, now), now=now)
    assert stands(now).state is ProposalState.READY


@pytest.fixture
def commits(inside: Flask) -> Iterator[list[str]]:
    """What begins and ends at the database, in order."""
    heard: list[str] = []
    listeners = [(name, lambda _connection, name=name: heard.append(name)) for name in ("begin", "commit", "rollback")]
    for name, listener in listeners:
        event.listen(db.engine, name, listener)
    yield heard
    for name, listener in listeners:
        event.remove(db.engine, name, listener)


def test_each_pair_is_published_in_a_transaction_of_its_own(hill: Hill, now: datetime, commits: list[str]) -> None:
    for name in ("Ida", "Jo", "Kit"):
        chosen(Hill(add_asker(now, name), hill.peers, hill.coordinator), now)
    make(hill, now)
    read().rollback()
    commits.clear()
    assert len(publish_all(hill, now).pair_ids) == 3
    assert commits.count("commit") == 3


def test_a_pair_of_another_proposal_is_not_there(hill: Hill, now: datetime) -> None:
    asked(hill, now)
    proposal_id = make(hill, now)
    with pytest.raises(NotFound):
        proposing.publish(proposal_id, [999], hill.coordinator, key="", now=now)
    assert proposing.publish(proposal_id, [], hill.coordinator, key="", now=now) == Published((), ())


def test_whoever_has_offered_is_not_put_behind_somebody_who_has_not(hill: Hill, now: datetime) -> None:
    ben, cleo, dov = hill.peers
    walk_id = matching.ask_who_offers(asked(hill, now), hill.member, revision=None, key="", now=now)
    matching.offer(walk_id, cleo, key="", now=now)
    matching.choose_again(walk_id, hill.member, revision=None, key="", now=now)
    proposing.pin(hill.member, dov, hill.coordinator, now=now)
    make(hill, now)
    publish_all(hill, now)
    assert ranks(walk_id) == [(cleo, None), (dov, None), (ben, None)]
    assert [card.offered for card in queries.cards(walk_id, hill.member, now)] == [True, False, False]
