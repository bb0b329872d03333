"""By letter: one connection to the site's post office for many letters."""

from contextlib import AbstractContextManager
from dataclasses import dataclass

from portal.channels.way import Line
from portal.domain.notice import Channel
from portal.mail.smtp import DEFAULT_TIMEOUT, Server
from portal.mail.smtp import Line as SmtpLine


@dataclass(frozen=True)
class Email:
    """Letters from one mailbox, handed in at one server; `seconds` are the most that one letter may take."""

    server: Server
    sender: str
    seconds: float = DEFAULT_TIMEOUT
    channel: Channel = Channel.EMAIL

    def line(self) -> AbstractContextManager[Line]:
        """Return a line for one letter after the other."""
        return SmtpLine(self.server, self.sender, self.seconds)
