"""A real name server on this machine that knows what a test tells it (RFC 1035)."""

import socket
import threading
from collections.abc import Mapping, Sequence

import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


class Names:
    """Answers by UDP; `records` maps (name, kind) to values as a zone file writes them. `silent`: it never answers."""

    def __init__(self, records: Mapping[tuple[str, str], Sequence[str]], *, silent: bool = False) -> None:
        self.records, self.silent = records, silent
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.place: tuple[str, int] = self.socket.getsockname()
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def stop(self) -> None:
        """Close it; an empty message of our own wakes it up."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", self.place)
        self.thread.join()
        self.socket.close()

    def _serve(self) -> None:
        while True:
            asked, sender = self.socket.recvfrom(4096)
            if not asked:
                return
            if not self.silent:
                self.socket.sendto(self._answer(dns.message.from_wire(asked)).to_wire(), sender)

    def _answer(self, query: dns.message.Message) -> dns.message.Message:
        answer = dns.message.make_response(query)
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(question.rdtype)
        values = self.records.get((name, kind), ())
        if values:
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *values))
        elif not any(known == name for known, _ in self.records):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer
