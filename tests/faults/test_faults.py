"""A short run with faults on both engines; `python -m tests.faults` is the long one."""

import pytest

from portal.launch import machine
from tests.conftest import ENGINES
from tests.faults.run import Plan, run
from tests.servers import postgresql, smtp_sink
from tests.servers.missing import lacking

SHORT = Plan(chats=60, seconds=25.0, seed=5, between=1.0, hurried=True)


@pytest.mark.parametrize("engine", ENGINES)
def test_whatever_breaks_each_letter_comes_in_order_and_at_most_the_doubtful_ones_twice(engine: str) -> None:
    program, programs = smtp_sink.find_program(), postgresql.find_programs()
    if program is None:
        lacking("smtp-sink", machine.how_to_install("postfix", "postfix"))
    if programs is None and engine == "postgresql":
        lacking("PostgreSQL", machine.how_to_install("postgresql", "postgresql"))
    result = run(engine, SHORT, program, programs)
    assert result.findings == [], result.figures
