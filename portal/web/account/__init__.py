"""The front door of the account: signing in, roles, consents, safe contact."""

from portal.web.account import pages
from portal.web.account.blueprint import blueprint

__all__ = ["blueprint", "pages"]
