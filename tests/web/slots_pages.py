"""What tests of a peer's pages about their times read on a page."""

import re

from werkzeug.test import TestResponse


def words(answer: TestResponse) -> str:
    """Return what can be read on a page, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def value_of(answer: TestResponse, name: str) -> str:
    """Return what stands in a box of the last form that has it."""
    found: list[str] = re.findall(rf'name="{name}"[^>]*value="([^"]*)"', answer.text)
    return found[-1]
