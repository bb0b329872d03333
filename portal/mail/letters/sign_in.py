"""The letter with a code to type into the page that asked for it; it holds no link at all."""

from portal.domain.notice import Kind
from portal.mail.letter import Letter, Reader
from portal.mail.render import render


def sign_in_code(reader: Reader, code: str, minutes: int) -> Letter:
    """The six digits, which are of use for `minutes` in the browser that asked."""
    return render(Kind.SIGN_IN_CODE, reader, code=code, minutes=minutes)
