"""The ways a notice can reach somebody, and the groups of notices for which each person chooses among them."""

from enum import StrEnum


class Channel(StrEnum):
    """A way to somebody: a letter, a text message to a phone, a sign on a device."""

    EMAIL = "email"
    TEXT = "text"
    PUSH = "push"


class Group(StrEnum):
    """Notices that are chosen for together."""

    REMINDERS = "reminders"
    CHATS = "chats"
    WALKS = "walks"
    CHECK_INS = "check_ins"
