"""Phone numbers as they are typed and as carriers write them (E.164), by Google's libphonenumber."""

from functools import lru_cache
from importlib import import_module
from typing import Any

NO_TEXTS = ("FIXED_LINE", "TOLL_FREE", "PREMIUM_RATE", "SHARED_COST", "PAGER", "UAN", "VOICEMAIL")


def number_of(typed: str, country: str) -> str:
    """Return a number in E.164, read as somebody in this country (ISO 3166) writes it.

    Raises ValueError: "not a number", or "takes no texts" for one that is known to take none.
    """
    library = _library()
    try:
        number = library.parse(typed, country)
    except library.NumberParseException:
        raise ValueError("not a number") from None
    if not library.is_valid_number(number):
        raise ValueError("not a number")
    if library.number_type(number) in {getattr(library.PhoneNumberType, name) for name in NO_TEXTS}:
        raise ValueError("takes no texts")
    return str(library.format_number(number, library.PhoneNumberFormat.E164))


def country_of(number: str) -> str:
    """Return the country (ISO 3166) that a number in E.164 belongs to; empty for none."""
    library = _library()
    return str(library.region_code_for_number(library.parse(number, None)) or "")


def shown(number: str) -> str:
    """Return a number in E.164 with the gaps that people read it by."""
    library = _library()
    return str(library.format_number(library.parse(number, None), library.PhoneNumberFormat.INTERNATIONAL))


def calling_code(country: str) -> str:
    """Return what stands before the numbers of a country, such as +44."""
    return f"+{_library().country_code_for_region(country)}"


@lru_cache(maxsize=1)
def _library() -> Any:
    return import_module("phonenumbers")
