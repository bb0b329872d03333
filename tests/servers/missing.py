"""What a test needs and this machine does not have: said at the end, and a failure where CI is set."""

from typing import NoReturn

import pytest


def lacking(what: str, remedy: str) -> NoReturn:
    """End a test that cannot run here, with the reason that is repeated at the end."""
    pytest.skip(f"{what} is missing ({remedy})")
