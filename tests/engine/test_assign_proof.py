"""What proves an answer: prices and gains on all pairs, a cover of all pairs; what was left out at first comes back."""

import numpy as np
import pytest
from numpy.typing import NDArray

from portal.domain.matching.together import Fairness
from portal.engine.assign import NOBODY, Dense, assign, kept
from portal.engine.assign.flow import best_total, most_people
from portal.engine.assign.pairs import UNIT, Pairs, Worth
from portal.engine.assign.prices import owed, prices

NO = -np.inf


def some(seed: int, members: int, peers: int, share: float) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """A matrix with this share of pairs that may walk together, and room for nobody to three people."""
    chance = np.random.default_rng(seed)
    matrix = chance.random((members, peers)) * 100
    matrix[chance.random((members, peers)) >= share] = NO
    return matrix, chance.integers(0, 4, peers)


def all_pairs(matrix: NDArray[np.float64]) -> Pairs:
    member, peer = np.nonzero(matrix > NO)
    return Pairs(len(matrix), member, peer, Worth.of(np.zeros(len(matrix)))(member, matrix[member, peer]))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("most", [False, True])
def test_no_pair_is_worth_more_than_its_gain_and_price(seed: int, most: bool) -> None:
    matrix, room = some(seed, 50, 30, 0.4)
    pairs = all_pairs(matrix)
    lift = (int(pairs.value.max()) + 1) * 31 if most else 0
    chosen = best_total(pairs, room, most=most)
    gain, price = prices(pairs, chosen, room, lift)
    spare = pairs.value + lift - gain[pairs.member] - price[pairs.peer]
    placed = chosen[chosen != NOBODY]
    taken = np.bincount(pairs.peer[placed], minlength=30)
    assert spare.max() == 0
    assert (spare[placed] == 0).all()
    assert gain.min() >= 0
    assert price.min() >= 0
    # Complementary slackness: nobody pays for free room, nobody without a peer has gained.
    assert (price[taken < room] == 0).all()
    assert (gain[chosen == NOBODY] == 0).all()
    assert int((pairs.value[placed] + lift).sum()) == int(gain.sum()) + int((price * room).sum())
    assert owed(pairs, chosen, room, (gain, price), lift) == 0


def test_a_worse_answer_owes_what_it_lacks_at_the_best_prices() -> None:
    # 90 + 10 where 80 + 85 could be had.
    pairs = all_pairs(np.array([[90.0, 80.0], [85.0, 10.0]]))
    room = np.array([1, 1])
    best = prices(pairs, best_total(pairs, room, most=False), room, 0)
    assert owed(pairs, np.array([0, 3]), room, best, 0) == 65 * UNIT
    assert owed(pairs, np.array([1, 2]), room, best, 0) == 0


@pytest.mark.parametrize("seed", range(6))
def test_a_cover_of_all_pairs_has_room_for_no_more_than_were_placed(seed: int) -> None:
    matrix, room = some(seed, 40, 25, 0.1)
    pairs = all_pairs(matrix)
    chosen, members, peers = most_people(pairs, room)
    assert (members[pairs.member] | peers[pairs.peer]).all()
    assert int(members.sum() + room[peers].sum()) == int((chosen != NOBODY).sum())


@pytest.mark.parametrize("fairness", Fairness)
@pytest.mark.parametrize("seed", range(8))
def test_the_answer_is_the_same_however_few_pairs_are_kept_at_first(
    seed: int, fairness: Fairness, monkeypatch: pytest.MonkeyPatch
) -> None:
    matrix, room = some(seed, 90, 40, 0.6)
    bonus = np.random.default_rng(seed).integers(0, 20, 90) / 2
    ranked = {member: [(member + at) % 40 for at in (3, 1, 2)] for member in range(0, 90, 3) if seed % 2}
    whole = assign(Dense(matrix), room, bonus=bonus, fairness=fairness, ranked=ranked)
    for name, few in (("OWN_BEST", 2), ("OWN_FIRST", 1), ("PEERS_BEST", 0), ("PEERS_LEAST", 1), ("PEERS_FIRST", 0)):
        monkeypatch.setattr(kept, name, few)
    monkeypatch.setattr(kept, "LOOKED_AT_FIRST", 9)
    monkeypatch.setattr(kept, "ROWS_AT_ONCE", 7)
    answer = assign(Dense(matrix), room, bonus=bonus, fairness=fairness, ranked=ranked)
    assert (answer.placed, answer.worst if fairness is Fairness.NOBODY_OUT else None) == (
        whole.placed,
        whole.worst if fairness is Fairness.NOBODY_OUT else None,
    )
    assert answer.total == pytest.approx(whole.total, abs=1e-4)


@pytest.mark.parametrize("fairness", Fairness)
def test_the_same_question_has_the_same_answer(fairness: Fairness) -> None:
    matrix, room = some(3, 80, 40, 0.5)
    matrix = np.where(matrix > NO, np.round(matrix / 20) * 20, NO)
    first, second = (assign(Dense(matrix), room, bonus=np.zeros(80), fairness=fairness) for _ in range(2))
    assert first.peer_of.tolist() == second.peer_of.tolist()
