"""The help lines in a letter's foot: by name where a letter may be open, else as numbers that tell nobody anything."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from portal.domain.crisis import Way, WayKind
from portal.domain.words import N_
from portal.mail.letter import CrisisLine

# Without its name, a line that is for some people only says nothing: the first two of a country are for anybody.
QUIET_LINES = 2
CALL, TEXT, CALL_OR_TEXT = N_("call %(number)s"), N_("text %(number)s"), N_("call or text %(number)s")
ONE_WAY = {WayKind.CALL: CALL, WayKind.TEXT: TEXT}


@dataclass(frozen=True)
class Foot:
    """What the templates see: lines by name, or `numbers` and `emergency` only. Empty strings: there is nothing."""

    named: tuple[tuple[str, str], ...] = ()
    numbers: str = ""
    emergency: str = ""


def foot_of(lines: Iterable[CrisisLine], say: Callable[[str], str], *, by_name: bool) -> Foot:
    """Write the foot; `say` translates."""
    lines = tuple(lines)
    if by_name:
        return Foot(named=tuple((say(line.name), ", ".join(_ways(line.ways, say))) for line in lines))
    spoken = [_ways((way for way in line.ways if way.kind is not WayKind.CHAT), say) for line in _for_anybody(lines)]
    emergencies = [way.shown for line in lines if line.emergency for way in line.ways]
    return Foot(numbers="; ".join(", ".join(ways) for ways in spoken if ways), emergency=", ".join(emergencies))


def _for_anybody(lines: Iterable[CrisisLine]) -> list[CrisisLine]:
    return [line for line in lines if not line.emergency][:QUIET_LINES]


def _ways(ways: Iterable[Way], say: Callable[[str], str]) -> list[str]:
    kinds: dict[str, list[WayKind]] = {}
    for way in ways:
        kinds.setdefault(way.shown, []).append(way.kind)
    return [_way(shown, of_it, say) for shown, of_it in kinds.items()]


def _way(shown: str, kinds: list[WayKind], say: Callable[[str], str]) -> str:
    if WayKind.CHAT in kinds:
        return shown
    if shown.lower().startswith(kinds[0].value):
        return shown[0].lower() + shown[1:]
    return say(CALL_OR_TEXT if len(kinds) > 1 else ONE_WAY[kinds[0]]) % {"number": shown}
