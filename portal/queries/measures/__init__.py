"""What coordinators count: chats, waits, room and promises, with the names beside them where they work."""

from portal.queries.measures.people import names_of

__all__ = ["names_of"]
