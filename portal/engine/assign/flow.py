"""The exact answer on few enough pairs: the cheapest flow from members through peers, by OR-Tools.

Measured on 10,000 members, 3,800 places and 200,000 pairs: 0.08 s, where SciPy's sparse matching on repeated columns
takes 0.21 s, and on 8,600 places 0.10 s against 1.33 s; with 100,000 members, 18,000 places and 2,000,000 pairs 1.4 s
against 4.9 s.
"""

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python.max_flow import SimpleMaxFlow
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from portal.engine.assign.pairs import Pairs
from portal.engine.assign.values import NOBODY


def best_total(pairs: Pairs, room: NDArray[np.int64], *, most: bool) -> NDArray[np.int64]:
    """Return for each member the index of their pair in `pairs`, or -1, so that the sum of the values is largest.

    With `most`, as many members as possible have somebody, and the sum is largest among those answers.
    """
    net = SimpleMinCostFlow()
    nodes, here = _numbered(pairs)
    heads = nodes + pairs.peer
    sink = nodes + len(room)
    arcs = net.add_arcs_with_capacity_and_unit_cost(here, heads, np.ones(len(here), np.int64), -pairs.value)
    peers = np.arange(nodes, sink)
    net.add_arcs_with_capacity_and_unit_cost(peers, np.full(len(room), sink), room, np.zeros(len(room), np.int64))
    net.set_nodes_supplies(np.arange(nodes), np.ones(nodes, np.int64))
    net.set_node_supply(sink, -nodes)
    if not most:
        one, nothing = np.ones(nodes, np.int64), np.zeros(nodes, np.int64)
        net.add_arcs_with_capacity_and_unit_cost(np.arange(nodes), np.full(nodes, sink), one, nothing)
    answer = net.solve_max_flow_with_min_cost() if most else net.solve()
    if answer != net.OPTIMAL:
        raise ArithmeticError(f"the flow found no answer: {answer}")
    return _chosen(pairs, net.flows(arcs))


def most_people(
    pairs: Pairs, room: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return for each member the index of a pair, as many members as possible, and a proof that it cannot be more.

    The proof is a cover (members, peers): each pair touches it, and it has room for no more people than were placed.
    """
    net = SimpleMaxFlow()
    nodes, here = _numbered(pairs)
    source, sink = nodes + len(room), nodes + len(room) + 1
    arcs = net.add_arcs_with_capacity(here, nodes + pairs.peer, np.ones(len(here), np.int64))
    net.add_arcs_with_capacity(np.arange(nodes, source), np.full(len(room), sink), room)
    net.add_arcs_with_capacity(np.full(nodes, source), np.arange(nodes), np.ones(nodes, np.int64))
    if net.solve(source, sink) != net.OPTIMAL:
        raise ArithmeticError("the flow found no answer")
    reached = np.zeros(sink + 1, bool)
    reached[net.get_source_side_min_cut()] = True
    members = np.zeros(pairs.members, bool)
    members[pairs.member] = ~reached[here]
    return _chosen(pairs, net.flows(arcs)), members, reached[nodes:source]


def _numbered(pairs: Pairs) -> tuple[int, NDArray[np.int64]]:
    """Only members who have a pair become nodes."""
    present = np.zeros(pairs.members, np.int64)
    present[pairs.member] = 1
    number = np.cumsum(present) - 1
    return int(present.sum()), number[pairs.member]


def _chosen(pairs: Pairs, flows: NDArray[np.int64]) -> NDArray[np.int64]:
    used = np.flatnonzero(flows)
    chosen = np.full(pairs.members, NOBODY)
    chosen[pairs.member[used]] = used
    return chosen
