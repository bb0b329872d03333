"""A long list a page at a time: where a page begins and ends, and the pages beside it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pages:
    """`count` things, `size` on a page; `asked` is what the address says, which may be anything."""

    count: int
    size: int
    asked: str = ""

    @property
    def last(self) -> int:
        """The number of the last page; there is always one."""
        return max(1, -(-self.count // self.size))

    @property
    def page(self) -> int:
        """The number of this page: the nearest to what was asked that there is."""
        asked = int(self.asked) if self.asked.isdecimal() and len(self.asked) < 10 else 1
        return min(max(asked, 1), self.last)

    @property
    def first_shown(self) -> int:
        """The place in the list of the first thing on this page, from 1."""
        return (self.page - 1) * self.size + 1

    @property
    def last_shown(self) -> int:
        """The place of the last thing on this page."""
        return min(self.page * self.size, self.count)

    @property
    def before(self) -> int | None:
        """The page before this one."""
        return self.page - 1 if self.page > 1 else None

    @property
    def after(self) -> int | None:
        """The page after this one."""
        return self.page + 1 if self.page < self.last else None
