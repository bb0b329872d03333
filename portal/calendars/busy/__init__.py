"""A peer's own calendar coming in: which addresses are gone to, how, and how a file is read without harm."""

from portal.calendars.busy.address import Address, address_of
from portal.calendars.busy.fetch import Fetched, Fetcher
from portal.calendars.busy.parse import read

__all__ = ["Address", "Fetched", "Fetcher", "address_of", "read"]
