"""Signing in and out, the second step, and what a person decides about their own account."""

from portal.services.account.apart import bring_together, keep_apart
from portal.services.account.choices import (
    Reminders,
    SafeAnswers,
    set_discretion,
    set_name,
    set_reach,
    set_reminders,
    set_safe_contact,
    set_zone,
)
from portal.services.account.code import Entered, ask_code, enter_code
from portal.services.account.consents import give_consents, withdraw_consent
from portal.services.account.housekeeping import clear_out
from portal.services.account.passkey import Site, add_passkey, begin_passkey, begin_passkey_check, check_passkey
from portal.services.account.people import ZONE_UNKNOWN, add_person, take_role
from portal.services.account.phone import ask_phone_code, enter_phone_code, remove_phone
from portal.services.account.sign_ins import begin_sign_in, end_all_sign_ins, end_sign_in, touch_sign_in
from portal.services.account.totp import begin_totp, check_totp, confirm_totp
from portal.services.account.ways import Subscription, add_device, remove_device, set_device_discretion, set_ways

__all__ = [
    "ZONE_UNKNOWN",
    "Entered",
    "Reminders",
    "SafeAnswers",
    "Site",
    "Subscription",
    "add_device",
    "add_passkey",
    "add_person",
    "ask_code",
    "ask_phone_code",
    "begin_passkey",
    "begin_passkey_check",
    "begin_sign_in",
    "begin_totp",
    "bring_together",
    "check_passkey",
    "check_totp",
    "clear_out",
    "confirm_totp",
    "end_all_sign_ins",
    "end_sign_in",
    "enter_code",
    "enter_phone_code",
    "give_consents",
    "keep_apart",
    "remove_device",
    "remove_phone",
    "set_device_discretion",
    "set_discretion",
    "set_name",
    "set_reach",
    "set_reminders",
    "set_safe_contact",
    "set_ways",
    "set_zone",
    "take_role",
    "touch_sign_in",
    "withdraw_consent",
]
