"""What stands in a text message that is no letter's subject: the code for a phone."""

from portal.domain.words import N_
from portal.mail.render import translations

CODE = N_("Your code is %(code)s. It works for %(minutes)s minutes. If you did not ask for it, leave it alone.")


def phone_code(language: str, code: str, minutes: int) -> str:
    """The six digits that say that a phone is its owner's; they are of use for `minutes`."""
    return translations(language).gettext(CODE) % {"code": code, "minutes": minutes}
