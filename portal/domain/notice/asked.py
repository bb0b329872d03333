"""What somebody asks for by a text of one word, in the words that carriers know."""

from enum import StrEnum


class Asked(StrEnum):
    """No more texts, texts again, what this is; or anything else."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    OTHER = "other"


WORDS = {
    **dict.fromkeys(("stop", "stopall", "unsubscribe", "cancel", "end", "quit"), Asked.STOP),
    **dict.fromkeys(("start", "unstop", "yes"), Asked.START),
    **dict.fromkeys(("help", "info"), Asked.HELP),
}


def asked_of(text: str) -> Asked:
    """Return what a text asks for: one of the words and nothing else, in any case, with any marks around it."""
    return WORDS.get(text.strip(" \t\r\n.,;:!?\"'“”‘’").lower(), Asked.OTHER)
