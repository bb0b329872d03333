"""Only where invented people live: being one of them with one tap, their letters, the kit of parts."""

from portal.web.demo import gallery, letters, people
from portal.web.demo.blueprint import blueprint

__all__ = ["blueprint", "gallery", "letters", "people"]
