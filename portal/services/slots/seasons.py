"""A season: some weeks of the year with a week of their own, which stands instead of the usual one."""

from datetime import date, datetime

from portal.db import retry_once
from portal.domain.errors import BadInput
from portal.domain.words import N_
from portal.models import Season
from portal.queries import own_hours as queries
from portal.services import once
from portal.services.slots.own import check_days, found, own_change, today_of
from portal.services.slots.week import add_windows

OVERLAPS = N_("You have a season in these days already. Please choose days before or after it.")


@retry_once
def add_season(peer_id: int, first: date, last: date, *, copied: bool, key: str, now: datetime) -> int:
    """Begin a season from one local date to another, both included; returns its id.

    Its week is a copy of the usual one, or empty. Seasons never overlap.
    """
    with own_change(once.form(peer_id, key, "add season", first, last, copied), now) as change:
        if not change.seen_before:
            today = today_of(change.session, peer_id, now)
            check_season(peer_id, first, last, today)
            season = Season(peer_id=peer_id, first_day=first, last_day=last)
            change.session.add(season)
            change.session.flush()
            for weekday, rows in queries.weekly_of(peer_id).items() if copied else ():
                add_windows(change.session, peer_id, season.id, weekday, map(queries.window_in, rows))
            change.result = season.id
        return change.result


@retry_once
def change_season(peer_id: int, season_id: int, first: date, last: date, *, key: str, now: datetime) -> int:
    """Give a season other days, both local dates included; its week stays as it is, and so do chats that are booked."""
    with own_change(once.form(peer_id, key, "change season", season_id, first, last), now) as change:
        if not change.seen_before:
            season = found(queries.own_season(peer_id, season_id))
            check_season(peer_id, first, last, today_of(change.session, peer_id, now), but=season_id)
            season.first_day, season.last_day = first, last
    return season_id


def check_season(peer_id: int, first: date, last: date, today: date, *, but: int | None = None) -> None:
    """Raise BadInput unless these are days ahead without another season, that is one `but` this one."""
    check_days(first, last, today)
    others = (row for row in queries.seasons_ahead(peer_id, today) if row.id != but)
    if any(row.first_day <= last and first <= row.last_day for row in others):
        raise BadInput("first", OVERLAPS)


@retry_once
def end_season(peer_id: int, season_id: int, *, key: str, now: datetime) -> int:
    """Take a season and its week away: its days go by the usual week again."""
    with own_change(once.form(peer_id, key, "end season", season_id), now) as change:
        if not change.seen_before:
            season = found(queries.own_season(peer_id, season_id))
            for rows in queries.weekly_of(peer_id, season_id).values():
                for row in rows:
                    change.session.delete(row)
            # The windows refer to the season, so they go first.
            change.session.flush()
            change.session.delete(season)
    return peer_id
