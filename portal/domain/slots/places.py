"""Whether what somebody wrote as a place to meet reads like a home: a gentle question, never a verdict."""

import re

# Words that public places hardly ever carry in their name or address, in the languages people here write most.
_HOMELY = re.compile(
    r"\b(my|our|his|her|their) (own )?(place|home|house|flat|apartment|room|couch|sofa|kitchen|garden|yard)\b"
    r"|\b(at|to) (mine|hers|ours|home)\b|^(home|house|flat|apartment)$"
    r"|\b(apt|apartment|flat|unit)\b\.? ?#? ?\d|\b(bei mir|mi casa|chez moi)\b",
    re.IGNORECASE,
)


def looks_like_a_home(name: str, address: str) -> bool:
    """Say whether a place reads like somebody's home."""
    return any(_HOMELY.search(text.strip()) for text in (name, address))
