"""Every declared pair of colours keeps its contrast by day, by night and on pine (WCAG 2.2: 1.4.6, 1.4.11)."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text(encoding="utf-8")

TEXT = 7.0
EDGE = 3.0
GROUNDS = ("paper", "sheet", "sand", "wash")
WASHES = ("well-wash", "look-wash")
EVERYWHERE = [
    *[(ink, ground, TEXT) for ink in ("ink", "soft", "accent") for ground in GROUNDS],
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-deep", TEXT),
    *[("edge", ground, EDGE) for ground in ("paper", "sheet", "sand")],
    *[(mark, ground, EDGE) for mark in ("accent", "them") for ground in GROUNDS],
]
ON_THE_PAGE = [
    *[("ink", ground, TEXT) for ground in WASHES],
    ("well", "well-wash", TEXT),
    ("well", "paper", TEXT),
    ("look", "look-wash", TEXT),
    ("look", "paper", TEXT),
    ("look", "sheet", TEXT),
]


def _colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6});", block))


def _block(opening: str) -> str:
    start = TOKENS.index(opening)
    return TOKENS[start : TOKENS.index("}", start)]


DAY = _colours(_block(":root {"))
NIGHT = _colours(_block("@media (prefers-color-scheme: dark)"))
PINE = _colours(_block(".foot, .next {"))


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb" (WCAG 2.2's definition)."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("pair", EVERYWHERE + ON_THE_PAGE, ids=lambda p: f"{p[0]} on {p[1]}")
@pytest.mark.parametrize("scheme", [DAY, NIGHT], ids=["day", "night"])
def test_a_pair_keeps_its_contrast_by_day_and_by_night(scheme: dict[str, str], pair: tuple[str, str, float]) -> None:
    front, ground, least = pair
    assert contrast(scheme[front], scheme[ground]) >= least


@pytest.mark.parametrize("pair", EVERYWHERE, ids=lambda p: f"{p[0]} on {p[1]}")
def test_a_pair_keeps_its_contrast_on_the_pine_ground(pair: tuple[str, str, float]) -> None:
    front, ground, least = pair
    assert contrast(PINE[front], PINE[ground]) >= least


def test_the_night_names_every_colour_of_the_day() -> None:
    assert NIGHT.keys() == DAY.keys()


def test_colours_are_spelled_only_in_the_tokens() -> None:
    site = (CSS / "site.css").read_text(encoding="utf-8")
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*;)|rgba?\(|hsla?\(|oklch\(", site) == []


def test_every_token_used_is_declared() -> None:
    used = set(re.findall(r"var\(--([a-z0-9-]+)", (CSS / "site.css").read_text(encoding="utf-8")))
    assert used - set(re.findall(r"--([a-z0-9-]+):", TOKENS)) == set()


def test_the_measure_itself_knows_black_on_white() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") < TEXT
