"""The measures: how long the way to a first chat is, who waits, how full the peers are; on a page and as a table."""

from flask import Response, make_response, render_template
from flask_babel import gettext as _

from portal import clock
from portal.domain.matching.kept import TERMS
from portal.domain.matching.measures import LOAD_WORDS, SPAN, WAIT_WORDS, Count, Hidden, Share, Spread
from portal.queries import measures as measures_queries
from portal.queries.measures import Measures
from portal.web.access import me
from portal.web.care.blueprint import blueprint
from portal.web.care.measure_words import basis_words, count_words, days_words, share_words
from portal.web.care.spreadsheet import table_file
from portal.web.doors import coordinator
from portal.web.times import day_words

Row = tuple[str, ...]


@blueprint.get("/care/measures")
@coordinator
def measures() -> Response:
    """Show the measures of the last 90 days."""
    found = measures_queries.measures(clock.now())
    page = render_template(
        "care/measures.html",
        days=SPAN.days,
        since=day_words(found.since, me().zone),
        to_first=days_words(found.to_first),
        to_first_basis=basis_words(found.to_first),
        second=share_words(found.second),
        rematches=share_words(found.rematches),
        waiting=_bars(WAIT_WORDS, found.waiting),
        waiting_most=_most(found.waiting),
        waiting_total=count_words(found.waiting.total),
        over_a_week=count_words(found.over_a_week),
        loads=_bars(LOAD_WORDS, found.loads),
        loads_most=_most(found.loads),
        resting=count_words(found.resting),
        unready=count_words(found.unready),
        promises=[(_(TERMS[one.promise].words), share_words(one.kept)) for one in found.promises],
    )
    return make_response(page)


@blueprint.get("/care/measures.csv")
@coordinator
def measures_csv() -> Response:
    """Send the same as a table for a spreadsheet, with the same left out."""
    now = clock.now()
    found = measures_queries.measures(now)
    return table_file(f"measures-{SPAN.days}-days-{now:%Y-%m-%d}.csv", _table(found))


def _table(found: Measures) -> list[Row]:
    """Numbers where they may be told, and always the words; an empty cell is never a nought."""
    days = str(SPAN.days)
    first, second = (
        _("Days from asking to the first chat, the middle one of those who had one"),
        _("A second chat within 30 days"),
    )
    value = "" if found.to_first.value is None else f"{found.to_first.value:.1f}"
    rows = [
        (_("Measure"), _("Group"), _("Days looked at"), _("Number"), _("Of"), _("In words")),
        (first, "", days, value, "", f"{days_words(found.to_first)} {basis_words(found.to_first)}".strip()),
        _share_row(second, "", days, found.second),
        _share_row(_("Looked for somebody else"), "", days, found.rematches),
        *_spread_rows(_("Waiting now"), WAIT_WORDS, found.waiting),
        (_("Waiting now"), _("A week or longer"), "", _number(found.over_a_week), "", count_words(found.over_a_week)),
        *_spread_rows(_("Peers by the room they use"), LOAD_WORDS, found.loads),
        (_("Peers who rest"), "", "", _number(found.resting), "", count_words(found.resting)),
        (
            _("Peers who have not said lately that they are ready"),
            "",
            "",
            _number(found.unready),
            "",
            count_words(found.unready),
        ),
        *(_share_row(_("Promise kept"), _(TERMS[one.promise].words), days, one.kept) for one in found.promises),
    ]
    return [tuple(map(str, row)) for row in rows]


def _share_row(measure: str, group: str, days: str, share: Share) -> Row:
    part, of = ("" if number is None else str(number) for number in (share.part, share.of))
    return measure, group, days, part, of, share_words(share)


def _spread_rows(measure: str, labels: tuple[str, ...], spread: Spread) -> list[Row]:
    cells = [(_(label), cell) for label, cell in zip(labels, spread.cells, strict=True)]
    told = [*cells, (_("All together"), spread.total)]
    return [(measure, label, "", _number(cell), _number(spread.total), count_words(cell)) for label, cell in told]


def _number(count: Count) -> str:
    return "" if isinstance(count, Hidden) else str(count)


def _bars(labels: tuple[str, ...], spread: Spread) -> list[dict[str, object]]:
    return [
        {"label": f"{_(label)}: {count_words(cell)}", "value": _length(cell), "words": count_words(cell)}
        for label, cell in zip(labels, spread.cells, strict=True)
    ]


def _most(spread: Spread) -> int:
    return max(1, *map(_length, spread.cells))


def _length(cell: Count) -> int:
    """Return how long a bar is; a hidden number has none."""
    return 0 if isinstance(cell, Hidden) else cell
