"""Who may import whom, and where one commits, selects and reads the clock."""

from pathlib import Path

import pytest

from tests.house.imports import ROOT, breaches, commits, function_imports, room_of, selects

PORTAL = ROOT / "portal"
FILES = sorted(PORTAL.rglob("*.py"))


def sources(*rooms: str) -> list[tuple[Path, str]]:
    return [(path, path.read_text()) for path in FILES if not rooms or room_of(path, PORTAL) in rooms]


def test_every_module_keeps_to_the_import_table() -> None:
    found = [breach for path, source in sources() for breach in breaches(room_of(path, PORTAL), source, str(path))]
    assert found == []


def test_no_import_hides_in_a_function() -> None:
    # The launcher's door alone imports late: it must first be able to say that a Python is too old to read the rest.
    rooms = [path for path in FILES if room_of(path, PORTAL) != "__main__"]
    found = [line for path in rooms for line in function_imports(path.read_text(), str(path))]
    assert found == []


def test_only_the_transaction_commits() -> None:
    found = [line for path, source in sources() for line in commits(source, str(path))]
    assert [line for line in found if not line.startswith(str(PORTAL / "db" / "__init__.py"))] == []


def test_every_select_stands_in_queries() -> None:
    found = [line for path, source in sources("services", "web", "jobs") for line in selects(source, str(path))]
    assert found == []


def test_only_the_clock_reads_the_clock() -> None:
    rooms = ("domain", "models", "queries", "services", "web", "jobs", "mail", "calendars", "cli", "data")
    found = [
        f"{path}: {call}"
        for path, source in sources(*rooms)
        for call in ("datetime.now(", "datetime.utcnow(", "date.today(", "datetime.today(", "time.time()")
        if call in source
    ]
    assert found == []


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    long = [str(path) for path, source in sources() if source.count("\n") > 400 and "migrations" not in path.parts]
    assert long == []


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("domain", "from portal.models import Person"),
        ("domain", "import requests"),
        ("services", "from flask import request"),
        ("services", "from portal import clock"),
        ("web", "from portal.db import transaction"),
        ("web", "from portal import models"),
        ("jobs", "import sqlalchemy.orm"),
        ("migrations", "from portal.models import Base"),
        ("kitchen", ""),
    ],
)
def test_the_checker_sees_a_breach_of_the_table(room: str, source: str) -> None:
    assert len(breaches(room, source, "x.py")) == 1


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("domain", "from datetime import date\nfrom portal.domain.errors import Stale"),
        ("services", "from portal import queue\nfrom portal.mail.letters import code"),
        ("app", "from portal.web import BLUEPRINTS\nimport flask"),
    ],
)
def test_the_checker_lets_through_what_the_table_allows(room: str, source: str) -> None:
    assert breaches(room, source, "x.py") == []


def test_the_other_checkers_see_their_breaches() -> None:
    assert len(function_imports("def f():\n    import os\n", "x.py")) == 1
    assert len(commits("session.commit()", "x.py")) == 1
    assert len(selects("session.scalars(select(Person))", "x.py")) == 2
