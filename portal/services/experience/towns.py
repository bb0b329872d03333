"""The town somebody could meet in, and the towns there are."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert

from portal.db import retry_once, transaction
from portal.domain.account import Role
from portal.domain.errors import BadInput
from portal.domain.towns import NO_SUCH_TOWN, Town, checked_radius, plain
from portal.models import Town as TownRow
from portal.queries import experience as experience_queries
from portal.services.experience.profile import open_telling, told


@retry_once
def save_place(person_id: int, role: Role, town_id: int | None, radius: str, *, step: int, now: datetime) -> None:
    """Keep near which town somebody could meet and how far they would go; None takes both back."""
    km = checked_radius(radius)
    with transaction() as session:
        telling = open_telling(session, person_id, role, now=now)
        town = experience_queries.town_of(town_id) if town_id is not None else None
        if town_id is not None and town is None:
            raise BadInput("town", NO_SUCH_TOWN)
        before = {key: telling.about[key] for key in ("place", "radius_km") if key in telling.about}
        given: dict[str, object] = {}
        if town is not None:
            given["place"] = {"town": town.id, "lat": town.lat, "lon": town.lon}
            if km is not None:
                given["radius_km"] = km
        if before != given:
            rest = {key: value for key, value in telling.about.items() if key not in before}
            telling.about = {**rest, **given}
        told(session, telling, "place", changed=before != given, step=step, now=now)


def seed_towns(towns: Iterable[Town]) -> int:
    """Bring in the towns where there are none yet; returns how many."""
    rows = [
        {
            "id": town.id,
            "name": town.name,
            "search": plain(town.name),
            "region": town.region,
            "country": town.country,
            "lat": town.lat,
            "lon": town.lon,
            "population": town.population,
            "zone": town.zone,
        }
        for town in towns
    ]
    with transaction() as session:
        if not experience_queries.no_towns_yet():
            return 0
        session.execute(insert(TownRow), rows)
        return len(rows)
