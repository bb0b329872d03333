"""Who may do what, as data: one row for each endpoint."""

from tests.web.access_policy.policy import Policy, expected, fits
from tests.web.access_policy.table import POLICIES
from tests.web.access_policy.visitors import ANYBODY, NOBODY, NOWHERE, STAFF, STRANGERS, Outcome, Visitor

__all__ = [
    "ANYBODY",
    "NOBODY",
    "NOWHERE",
    "POLICIES",
    "STAFF",
    "STRANGERS",
    "Outcome",
    "Policy",
    "Visitor",
    "expected",
    "fits",
]
