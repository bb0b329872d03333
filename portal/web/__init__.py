"""The front door: HTTP in, HTML out; one blueprint per subject."""

from flask import Blueprint

from portal.web import account, booking, care, checkin, crisis, demo, experience, home, matching, notice, slots

BLUEPRINTS: tuple[Blueprint, ...] = (
    home.blueprint,
    crisis.blueprint,
    account.blueprint,
    experience.blueprint,
    matching.blueprint,
    slots.blueprint,
    booking.blueprint,
    checkin.blueprint,
    notice.blueprint,
    care.blueprint,
    demo.blueprint,
)

# Leaving must work from any page, however old; unsubscribing comes from a mail program (RFC 8058), and what became of
# a text from its carrier, who signs it.
NEEDS_NO_TOKEN = ("home.leave", "notice.unsubscribe", "notice.text_heard", "notice.text_receipt")
