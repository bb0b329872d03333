"""Only where invented people live: being one of them with one tap, their letters, the kit of parts."""

from portal.web.demo import letters, people
from portal.web.demo.blueprint import blueprint

__all__ = ["blueprint", "letters", "people"]
