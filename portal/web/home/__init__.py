"""The front door of home: the front page, what is next, leaving in a hurry."""

from portal.web.home import pages
from portal.web.home.blueprint import blueprint

__all__ = ["blueprint", "pages"]
