"""A table as a file that a spreadsheet opens: no cell of it is ever taken for a formula."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from flask import Response

# OWASP, "CSV Injection": what a spreadsheet takes for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(text: str) -> str:
    """Return the text with an apostrophe in front where a spreadsheet would work it out."""
    return f"'{text}" if text.startswith(FORMULA) else text


def table_text(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as comma-separated text (RFC 4180)."""
    out = StringIO()
    csv.writer(out).writerows([safe_cell(str(cell)) for cell in row] for row in rows)
    return out.getvalue()


def table_file(name: str, rows: Iterable[Sequence[str]]) -> Response:
    """Return a file to keep; the mark in front tells older spreadsheets that it is UTF-8."""
    return Response(
        "\ufeff" + table_text(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
