"""Finds words in templates that no translator would ever see: text outside of _()."""

import re

IGNORED = re.compile(
    r"{#.*?#}|{%\s*block wide.*?endblock\s*%}|{%\s*trans.*?endtrans\s*%}|{[{%].*?[}%]}"
    r"|<(script|style|svg|title)\b.*?</\1>|<!--.*?-->",
    re.DOTALL,
)
SPOKEN = re.compile(r"""\b(?:aria-label|alt|placeholder|title)="([^"{]*[A-Za-z]{2}[^"{]*)\"""")
ENTITY = re.compile(r"&[#\w]+;")


def unmarked(source: str) -> list[str]:
    """Return each run of words that stands outside of a marked sentence."""
    plain = IGNORED.sub("\n", source)
    spoken = SPOKEN.findall(plain)
    text = ENTITY.sub(" ", re.sub(r"<[^>]*>", "\n", plain, flags=re.DOTALL))
    return spoken + [line.strip() for line in text.splitlines() if re.search(r"[A-Za-z]{2}", line)]
