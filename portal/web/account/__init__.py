"""The front door of the account: signing in, the second step, consents, and what a person decides for themselves."""

from portal.web.account import (
    apart,
    choices,
    consents,
    devices,
    discretion,
    overview,
    passkeys,
    phone,
    reminders,
    second_step,
    sign_in,
    sign_out,
    stay,
    ways,
    welcome,
)
from portal.web.account.blueprint import blueprint

__all__ = [
    "apart",
    "blueprint",
    "choices",
    "consents",
    "devices",
    "discretion",
    "overview",
    "passkeys",
    "phone",
    "reminders",
    "second_step",
    "sign_in",
    "sign_out",
    "stay",
    "ways",
    "welcome",
]
