"""What coordinators count: chats, waits, room and promises, with the names beside them where they work."""

from portal.queries.measures.courses import courses, promises_kept
from portal.queries.measures.figures import Measures, measures
from portal.queries.measures.notes import WROTE, last_note
from portal.queries.measures.people import names_of

__all__ = ["WROTE", "Measures", "courses", "last_note", "measures", "names_of", "promises_kept"]
