"""What a benchmark found: rows of one shape, and whether the promises about them were kept."""

import platform
from dataclasses import dataclass, field
from itertools import groupby


@dataclass(frozen=True)
class Promise:
    """A limit that was promised, and what was measured."""

    words: str
    limit: float
    found: float
    at_least: bool = False

    @property
    def kept(self) -> bool:
        """Say whether the measured value stays within the limit."""
        return self.found >= self.limit if self.at_least else self.found <= self.limit


@dataclass(frozen=True)
class Report:
    """A benchmark's name, its rows (column -> value; those with the same columns are one table) and its promises."""

    name: str
    rows: list[dict[str, str | float | int]]
    promises: list[Promise] = field(default_factory=list)

    @property
    def kept(self) -> bool:
        """Say whether every promise was kept."""
        return all(promise.kept for promise in self.promises)

    def as_json(self) -> dict[str, object]:
        """Return the report as plain values, with the machine it was made on."""
        return {
            "name": self.name,
            "python": platform.python_version(),
            "machine": platform.machine(),
            "rows": self.rows,
            "promises": [
                {"words": promise.words, "limit": promise.limit, "found": promise.found, "kept": promise.kept}
                for promise in self.promises
            ],
        }


def table(report: Report) -> str:
    """Return the rows as Markdown tables, and the promises under them."""
    tables = [_table(columns, list(rows)) for columns, rows in groupby(report.rows, key=tuple)]
    promises = [_promised(promise) for promise in report.promises]
    return "\n\n".join([*tables, "\n".join(promises)])


def _promised(promise: Promise) -> str:
    bound = "least" if promise.at_least else "most"
    kept = "kept" if promise.kept else "NOT kept"
    return f"{promise.words}: {promise.found:g} (at {bound} {promise.limit:g}), {kept}"


def _table(columns: tuple[str, ...], rows: list[dict[str, str | float | int]]) -> str:
    lines = [" | ".join(columns), " | ".join("---" for _ in columns)]
    lines += [" | ".join(str(row[column]) for column in columns) for row in rows]
    return "\n".join(f"| {line} |" for line in lines)
