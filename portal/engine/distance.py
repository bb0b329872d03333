"""Great-circle distances between two lists of places, as domain `distance_km` has them."""

from collections.abc import Sequence

import numpy as np

from portal.domain.matching.values import EARTH_KM, Place
from portal.engine.pool import Floats


def kilometres(here: Sequence[Place], there: Sequence[Place]) -> Floats:
    """Return a table with one more row and column than places: the last is "not known", NaN."""
    table = np.full((len(here) + 1, len(there) + 1), np.nan)
    lat, lon = _degrees(here)
    other_lat, other_lon = _degrees(there)
    up = np.radians(other_lat[None, :] - lat[:, None]) / 2
    across = np.radians(other_lon[None, :] - lon[:, None]) / 2
    chord = np.sin(up) ** 2 + np.cos(np.radians(lat))[:, None] * np.cos(np.radians(other_lat)) * np.sin(across) ** 2
    table[:-1, :-1] = 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(1.0, chord)))
    return table


def _degrees(places: Sequence[Place]) -> tuple[Floats, Floats]:
    found = np.array([(place.lat, place.lon) for place in places], dtype=np.float64).reshape(-1, 2)
    return found[:, 0], found[:, 1]
