"""Words that are never said to people here, and a checker that reads templates, marked sentences and translations."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.imports import ROOT

# The right-hand column of the words. A word that has a harmless meaning too stands with what makes it harmful.
NEVER_SAID = (
    "patient",
    "patients",
    "client",
    "clients",
    "intake",
    "no-show",
    "no show",
    "non-compliant",
    "terminated",
    "rejected",
    "relapse",
    "relapsed",
    "fell off the wagon",
    "addict",
    "addicts",
    "alcoholic",
    "junkie",
    "abuser",
    "committed suicide",
    "successful attempt",
    "failed attempt",
    "failed suicide",
    "suffers from",
    "suffering from",
    "victim of",
    "victims of",
    "homeless",
    "ex-con",
    "felon",
    "inmate",
    "refused to",
    "preferred pronouns",
    "streak",
    "badge",
    "case number",
    "hurry",
    "now or never",
    "failed",
    "score",
    "missed",
    "dirty",
)
# Official names of help lines may hold such words.
OFFICIAL_NAMES = ("Suicide & Crisis Lifeline",)
SAID = re.compile(r"(?<![\w-])(" + "|".join(re.escape(word) for word in NEVER_SAID) + r")(?![\w-])", re.IGNORECASE)
MARKERS = frozenset({"_", "N_", "gettext", "ngettext", "lazy_gettext", "_l", "flash"})


def never_said(text: str) -> list[str]:
    """Return the words in a text that are not to be said, and an exclamation mark where one stands."""
    for name in OFFICIAL_NAMES:
        text = text.replace(name, "")
    found = [match.group(0).lower() for match in SAID.finditer(text)]
    return found + (["!"] if re.search(r"\w!(\s|$)", text) else [])


def words_of_template(source: str) -> str:
    """Return what a template says: its text and its marked sentences, without tags, comments and code."""
    source = re.sub(r"{#.*?#}", " ", source, flags=re.DOTALL)
    code = re.findall(r"{[{%].*?[}%]}", source, flags=re.DOTALL)
    marked = " ".join(text for block in code for _, text in re.findall(r"""(["'])(.*?)\1""", block) if " " in text)
    source = re.sub(r"{[{%].*?[}%]}", " ", source, flags=re.DOTALL)
    return re.sub(r"<(style|!--).*?(</style>|-->)|<[^>]*>", " ", source, flags=re.DOTALL) + " " + marked


def marked_sentences(source: str) -> Iterator[str]:
    """Yield each sentence that a Python module marks for translation or shows."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKERS:
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value


def texts() -> Iterator[tuple[Path, str]]:
    """Yield everything people may read: templates, letters, sentences in code, translations, the delivered names."""
    for path in sorted((ROOT / "templates").rglob("*.*")):
        yield path, words_of_template(path.read_text())
    for path in sorted((ROOT / "portal").rglob("*.py")):
        yield path, "\n".join(marked_sentences(path.read_text()))
    for path in sorted((ROOT / "translations").rglob("*.po")):
        yield path, path.read_text()
