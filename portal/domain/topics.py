"""Topics of lived experience and the search among them; the list itself is data: a site may rename, hide and add."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

# Words of a sentence somebody may type whole ("I lost my child"); they would find topics by accident.
FILLERS: frozenset[str] = frozenset(
    {
        *("a", "am", "an", "and", "at", "by", "for", "from", "had", "have", "i", "in", "is", "it", "m", "me", "my"),
        *("of", "on", "or", "s", "someone", "the", "to", "ve", "was", "with"),
    }
)
WHOLE_WORD_BELOW = 3


@dataclass(frozen=True, slots=True)
class Group:
    """A family of neighbouring topics."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: `tender` stays hidden until asked for, `ahead_only` needs a peer further along; `group` is a slug."""

    slug: str
    name: str
    group: str
    tender: bool = False
    ahead_only: bool = False
    synonyms: tuple[str, ...] = ()


def search(topics: Iterable[Topic], words: str) -> tuple[Topic, ...]:
    """Topics whose name or synonyms begin with a typed word, best first: most words, then in the name.

    Nothing typed leaves the list as it is; case and accents make no difference.
    """
    typed = [word for word in _words(words) if word not in FILLERS]
    if not typed:
        return () if words.strip() else tuple(topics)
    found = [(_found(topic, typed), topic) for topic in topics]
    # sorted() is stable: equal finds keep the list's own order.
    return tuple(topic for hits, topic in sorted(found, key=lambda pair: pair[0], reverse=True) if hits[0])


def _found(topic: Topic, typed: list[str]) -> tuple[int, int]:
    name = _words(topic.name)
    everything = name + _words(" ".join(topic.synonyms))
    return sum(_begins(word, everything) for word in typed), sum(_begins(word, name) for word in typed)


def _begins(typed: str, words: list[str]) -> bool:
    return typed in words or (len(typed) >= WHOLE_WORD_BELOW and any(word.startswith(typed) for word in words))


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"\w+", "".join(letter for letter in plain if not unicodedata.combining(letter)))
