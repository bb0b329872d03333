"""What sending can run into, as codes only: no foreign text or address may reach a stored job (letters.md)."""


class SendingError(Exception):
    """A letter was not certainly taken. `permanent` says that another try would meet the same answer, `wait_seconds`
    how long the other side asked to be left alone, `gone` the ids of devices that take nothing any more."""

    permanent = False
    wait_seconds = 0
    gone: tuple[int, ...] = ()


class Refused(SendingError):
    """The server answered no, with an SMTP `code`; 5xx is permanent."""

    def __init__(self, code: int, permanent: bool) -> None:
        super().__init__(f"refused {code}")
        self.code = code
        self.permanent = permanent


class TurnedAway(Refused):
    """The server answered no before any letter: a wrong password, or too many lines at once. It waits."""

    def __init__(self, code: int) -> None:
        super().__init__(code, permanent=False)


class Unreachable(SendingError):
    """No server, no secure line, or the line broke before the whole letter was over: it cannot have been taken."""

    def __init__(self) -> None:
        super().__init__("unreachable")


class Doubtful(SendingError):
    """The whole letter was handed over and no answer came: it may have been taken. At most one repeat, same bytes."""

    def __init__(self) -> None:
        super().__init__("doubtful")
