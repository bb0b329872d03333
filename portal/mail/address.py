"""One spelling for a mailbox on its way out: bare, without controls, the host in ASCII."""

import re
from email.utils import parseaddr

from portal.domain.notice import one_line

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_BARE = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")


def bare_address(mailbox: str) -> str:
    """Return the address of "name <address>" or of a bare one; raises ValueError, without the text, for neither."""
    if _BARE.fullmatch(mailbox):  # as nearly all are
        local, _, host = mailbox.rpartition("@")
        return f"{local}@{host.lower()}"
    local, at, host = parseaddr(one_line(mailbox))[1].rpartition("@")
    try:
        address = f"{local}{at}{host.encode('idna').decode('ascii').lower()}"
    except UnicodeError:
        raise ValueError("not a mailbox") from None
    if not _BARE.fullmatch(address):
        raise ValueError("not a mailbox")
    return address


def host_of(address: str) -> str:
    """The part after the @."""
    return address.rpartition("@")[2]
