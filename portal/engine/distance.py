"""Great-circle distances between many places, as domain `distance_km` has them."""

from collections.abc import Iterable

import numpy as np

from portal.domain.matching.values import EARTH_KM, Place
from portal.engine.numbers import Floats


def degrees(places: Iterable[Place]) -> tuple[Floats, Floats]:
    """Return latitudes and longitudes, with one more at the end for "not known": NaN."""
    found = np.array([*((place.lat, place.lon) for place in places), (np.nan, np.nan)], dtype=np.float64)
    return found[:, 0].copy(), found[:, 1].copy()


def kilometres(lat: Floats, lon: Floats, other_lat: Floats, other_lon: Floats) -> Floats:
    """Return the distances, pair by pair or in any shape that NumPy spreads; NaN where a place is not known."""
    up, across = np.radians(other_lat - lat) / 2, np.radians(other_lon - lon) / 2
    chord = np.sin(up) ** 2 + np.cos(np.radians(lat)) * np.cos(np.radians(other_lat)) * np.sin(across) ** 2
    km: Floats = 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(1.0, chord)))
    return km
