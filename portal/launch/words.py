"""What the launcher says, and the one error it knows."""

import contextlib
import sys


class LaunchError(Exception):
    """Carries the sentence for something the launcher cannot do without."""


def say(sentence: str) -> None:
    """Print a sentence at once; a terminal that has gone away is not an error."""
    with contextlib.suppress(OSError, ValueError):
        print(sentence, flush=True)


def complain(sentence: str) -> None:
    """Print a sentence about something that went wrong."""
    with contextlib.suppress(OSError, ValueError):
        print(sentence, file=sys.stderr, flush=True)
