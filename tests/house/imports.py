"""The import table of the house, as data, and a checker that reads imports from the source without running it."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORKSHOPS = frozenset({"calendars", "channels", "engine", "mail"})
EVERYTHING = frozenset({"*"})

# Room -> the rooms it may import from portal (its own always).
MAY: dict[str, frozenset[str]] = {
    "domain": frozenset(),
    "models": frozenset({"domain", "db"}),
    "queries": frozenset({"domain", "models", "db"}),
    "engine": frozenset({"domain"}),
    "calendars": frozenset({"domain"}),
    "mail": frozenset({"domain"}),
    "channels": frozenset({"domain", "mail"}),
    "services": frozenset({"domain", "models", "queries", "db", "queue"}) | WORKSHOPS,
    "jobs": frozenset({"services", "clock"}),
    "web": frozenset({"domain", "queries", "services", "clock"}),
    "data": frozenset({"domain"}),
    "launch": frozenset(),
    "migrations": frozenset(),
    "settings": frozenset(),
    "clock": frozenset(),
    "db": frozenset(),
    "queue": frozenset(),
    "__init__": frozenset(),
    "__main__": frozenset({"launch"}),
    "app": EVERYTHING,
    "cli": EVERYTHING,
}
# Room -> what it must never import from outside.
NEVER: dict[str, frozenset[str]] = {
    "models": frozenset({"flask", "rq", "redis"}),
    "queries": frozenset({"flask", "rq", "redis"}),
    "engine": frozenset({"flask", "sqlalchemy", "rq"}),
    "calendars": frozenset({"flask", "sqlalchemy", "rq"}),
    "mail": frozenset({"flask", "sqlalchemy", "rq"}),
    "channels": frozenset({"flask", "sqlalchemy", "rq"}),
    "services": frozenset({"flask", "rq", "redis"}),
    "jobs": frozenset({"flask", "sqlalchemy"}),
    "web": frozenset({"sqlalchemy", "rq", "redis"}),
}
STANDARD_LIBRARY_ONLY = frozenset({"domain", "launch", "__main__", "clock", "settings", "data"})


def room_of(path: Path, portal: Path) -> str:
    """Return the room a file stands in: the folder's or the module's name under portal/."""
    first = path.relative_to(portal).parts[0]
    return first.removesuffix(".py")


def imported(source: str) -> Iterator[tuple[int, str]]:
    """Yield (line, dotted name) for each import anywhere in a module, `from portal import x` as `portal.x`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            if node.module == "portal":
                for alias in node.names:
                    yield node.lineno, f"portal.{alias.name}"
            else:
                yield node.lineno, node.module


def breaches(room: str, source: str, where: str) -> list[str]:
    """Return a sentence for each import that the table does not allow."""
    found = []
    allowed = MAY.get(room)
    if allowed is None:
        return [f"{where}: the plan of the house has no room called {room}"]
    for line, name in imported(source):
        top, _, rest = name.partition(".")
        if top == "portal":
            other = rest.split(".")[0] or "__init__"
            if other != room and allowed is not EVERYTHING and other not in allowed:
                found.append(f"{where}:{line}: {room} may not import {other}")
        elif top in NEVER.get(room, frozenset()):
            found.append(f"{where}:{line}: {room} may never import {top}")
        elif room in STANDARD_LIBRARY_ONLY and top not in sys.stdlib_module_names:
            found.append(f"{where}:{line}: {room} imports only the standard library, not {top}")
    return found


def function_imports(source: str, where: str) -> list[str]:
    """Return a sentence for each import inside a function: a circle is mended by moving things, not hidden."""
    return [
        f"{where}:{inner.lineno}: an import inside a function"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]


def commits(source: str, where: str) -> list[str]:
    """Return a sentence for each `.commit()`: only db.transaction() commits."""
    return [
        f"{where}:{node.lineno}: only db.transaction() commits"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]


def selects(source: str, where: str) -> list[str]:
    """Return a sentence for each SELECT spelled outside queries/."""
    return [
        f"{where}:{node.lineno}: a SELECT belongs into queries/"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Name) and node.func.id == "select")
            or (isinstance(node.func, ast.Attribute) and node.func.attr in {"scalars", "query"})
        )
    ]
