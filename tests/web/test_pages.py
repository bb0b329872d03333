"""A long list cut into pages."""

import pytest

from portal.web.pages import Pages


@pytest.mark.parametrize(
    ("count", "asked", "shown"),
    [(0, "", (1, 1, 0, None, None)), (25, "2", (1, 1, 25, None, None)), (26, "2", (2, 26, 26, 1, None)),
     (60, "1", (1, 1, 25, None, 2))],
)  # fmt: skip
def test_a_list_is_cut_into_pages(count: int, asked: str, shown: tuple[int | None, ...]) -> None:
    pages = Pages(count, 25, asked)
    assert (pages.page, pages.first_shown, pages.last_shown, pages.before, pages.after) == shown
