"""Other people's programs on the same data, run by a Python of their own that has them: never imported by the portal.

Reads the case as JSON and prints, for each way that could be run, its milliseconds and how many starts it found.
"""

import json
import statistics
import sys
import time
from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from datetime import time as dt_time
from typing import Any
from zoneinfo import ZoneInfo

Asked = dict[str, Any]
Found = dict[str, Any]


def main() -> None:
    """Run what was asked for, one after the other; what breaks says so itself."""
    asked: Asked = json.load(sys.stdin)
    ways: dict[str, Callable[[Asked], Found]] = {
        "portion": portion_intervals,
        "recurring-ical-events": recurring_events,
        "django-appointment sqlite": lambda told: django_appointment(told, told["sqlite"]),
        "django-appointment postgresql": lambda told: django_appointment(told, told["postgresql"]),
    }
    way = sys.argv[1]
    print(json.dumps(ways[way](asked)))


def portion_intervals(asked: Asked) -> Found:
    """Open time as a union of intervals minus the busy ones, then the starts in what is left."""
    import portion

    busy = [(datetime.fromisoformat(starts), datetime.fromisoformat(ends)) for starts, ends in asked["busy"]]

    def work() -> int:
        windows = _windows(asked)
        free = portion.Interval(*(portion.closedopen(*window) for window in windows))
        free -= portion.Interval(*(portion.closedopen(*each) for each in busy))
        return _starts(asked, windows, [(part.lower, part.upper) for part in free])

    return _timed(work, asked["times"])


def recurring_events(asked: Asked) -> Found:
    """Weekly windows as recurring events, expanded by recurring-ical-events, minus the busy ranges."""
    import icalendar
    import recurring_ical_events

    zone, first = ZoneInfo(asked["zone"]), date.fromisoformat(asked["first"])
    calendar = icalendar.Calendar()
    for weekday, windows in asked["week"].items():
        day = first + timedelta(days=(int(weekday) - first.weekday()) % 7)
        for starts, ends in windows:
            event = icalendar.Event()
            event.add("uid", f"{weekday}-{starts}")
            event.add("dtstart", datetime(day.year, day.month, day.day, starts // 60, starts % 60, tzinfo=zone))
            event.add("dtend", datetime(day.year, day.month, day.day, ends // 60, ends % 60, tzinfo=zone))
            event.add("rrule", {"freq": "weekly"})
            calendar.add_component(event)
    busy = sorted((datetime.fromisoformat(starts), datetime.fromisoformat(ends)) for starts, ends in asked["busy"])

    def work() -> int:
        events = recurring_ical_events.of(calendar).between(first, date.fromisoformat(asked["last"]) + timedelta(1))
        windows = sorted((event.start.astimezone(UTC), event.end.astimezone(UTC)) for event in events)
        return _starts(asked, windows, _minus(windows, busy))

    return _timed(work, asked["times"])


def django_appointment(asked: Asked, database: dict[str, str]) -> Found:
    """The project's own answer for each of the dates, from its own tables; one stretch of hours a weekday, its hull."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    settings.configure(
        DEBUG=False,
        SECRET_KEY="a key for a benchmark",
        USE_TZ=True,
        TIME_ZONE=asked["zone"],
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions", "appointment"],
        DATABASES={"default": database},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        LOGGING_CONFIG=None,
    )
    django.setup()
    call_command("migrate", "auth", verbosity=0)
    call_command("migrate", verbosity=0, run_syncdb=True)
    from appointment.models import Appointment, AppointmentRequest, Service, StaffMember, WorkingHours
    from appointment.services import get_available_slots_for_staff
    from django.contrib.auth import get_user_model
    from django.db import connection, reset_queries

    users = get_user_model().objects
    service = Service.objects.create(name="A chat", duration=timedelta(minutes=30), price=0)
    staff = StaffMember.objects.create(
        user=users.create_user("maya", "maya@example.org"), slot_duration=15, appointment_buffer_time=0
    )
    staff.services_offered.add(service)
    zone = ZoneInfo(asked["zone"])
    for weekday, windows in asked["week"].items():
        starts, ends = min(each[0] for each in windows), max(each[1] for each in windows)
        WorkingHours.objects.create(
            staff_member=staff,
            day_of_week=(int(weekday) + 1) % 7,
            start_time=_clock(starts),
            end_time=_clock(ends),
        )
    client = users.create_user("robin", "robin@example.org")
    # It offers nothing on days gone by, so the same weekdays lie in a year to come.
    shift = timedelta(weeks=52)
    while date.fromisoformat(asked["first"]) + shift <= datetime.now(zone).date():
        shift += timedelta(weeks=52)
    for starts, ends in asked["busy"]:
        begins, stops = (datetime.fromisoformat(each).astimezone(zone) + shift for each in (starts, ends))
        if begins.date() != stops.date():
            stops = begins.replace(hour=23, minute=59)
        wanted = AppointmentRequest(
            date=begins.date(), start_time=begins.time(), end_time=stops.time(), service=service, staff_member=staff
        )
        AppointmentRequest.objects.bulk_create([wanted])
        Appointment.objects.bulk_create([Appointment(client=client, appointment_request=wanted, phone="", address="")])
    first, last = (date.fromisoformat(asked[name]) + shift for name in ("first", "last"))
    days = [first + timedelta(days=each) for each in range((last - first).days + 1)]

    def work() -> int:
        return sum(len(get_available_slots_for_staff(day, staff, (day.weekday() + 1) % 7, service)) for day in days)

    settings.DEBUG = True
    reset_queries()
    work()
    queries = len(connection.queries)
    settings.DEBUG = False
    return _timed(work, max(2, asked["times"] // 4)) | {"queries": queries}


def _windows(asked: Asked) -> list[tuple[datetime, datetime]]:
    zone, first, last = ZoneInfo(asked["zone"]), date.fromisoformat(asked["first"]), date.fromisoformat(asked["last"])
    found = []
    for days in range((last - first).days + 1):
        day = first + timedelta(days=days)
        for window in asked["week"][str(day.weekday())]:
            starts, ends = (
                datetime(day.year, day.month, day.day, each // 60, each % 60, tzinfo=zone).astimezone(UTC)
                for each in window
            )
            found.append((starts, ends))
    return found


def _starts(asked: Asked, windows: list[tuple[datetime, datetime]], free: list[tuple[datetime, datetime]]) -> int:
    length, step = timedelta(minutes=asked["length"]), timedelta(minutes=asked["step"])
    earliest = datetime.fromisoformat(asked["earliest"])
    begins = [starts for starts, _ends in free]
    count = 0
    for start, closes in windows:
        while start + length <= closes:
            at = bisect_right(begins, start) - 1
            count += at >= 0 and start >= earliest and start + length <= free[at][1]
            start += step
    return count


def _minus(
    windows: list[tuple[datetime, datetime]], busy: list[tuple[datetime, datetime]]
) -> list[tuple[datetime, datetime]]:
    free = []
    for opens, closes in windows:
        at = opens
        for starts, ends in busy:
            if ends <= at or starts >= closes:
                continue
            if starts > at:
                free.append((at, starts))
            at = max(at, ends)
        if at < closes:
            free.append((at, closes))
    return free


def _clock(minutes: int) -> Any:
    return dt_time(minutes // 60 % 24, minutes % 60)


def _timed(work: Callable[[], int], times: int) -> Found:
    starts = work()
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        found.append((time.perf_counter() - begun) * 1000)
    return {"ms": statistics.median(found), "starts": starts}


if __name__ == "__main__":
    main()
