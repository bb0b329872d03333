"""Time that both people can rely on: seasons, travel, places, busy calendars, rhythms, requests, open hours, feeds."""

import sqlalchemy as sa
from alembic import op

revision = "c3d4"
down_revision = "b2c3"
branch_labels = None
depends_on = None

SQLITE_GUARDS = """
CREATE TRIGGER hold_no_overlap_insert BEFORE INSERT ON hold WHEN NEW.active BEGIN
    SELECT RAISE(ABORT, 'hold_no_overlap') WHERE EXISTS (
        SELECT 1 FROM hold WHERE person_id = NEW.person_id AND active
        AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at);
END
--
CREATE TRIGGER hold_no_overlap_update BEFORE UPDATE ON hold WHEN NEW.active BEGIN
    SELECT RAISE(ABORT, 'hold_no_overlap') WHERE EXISTS (
        SELECT 1 FROM hold WHERE person_id = NEW.person_id AND active
        AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at
        AND NOT ({same}));
END
"""
POSTGRESQL_GUARD = """
ALTER TABLE hold ADD CONSTRAINT hold_no_overlap EXCLUDE USING gist (
    int8range(person_id, person_id, '[]') WITH &&, tstzrange(starts_at, ends_at, '[)') WITH &&
) WHERE (active)
"""


def upgrade() -> None:
    op.create_table(
        "busy_calendar",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("peer_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("etag", sa.String(length=200), nullable=True),
        sa.Column("last_modified", sa.String(length=80), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(length=40), nullable=True),
        sa.Column("trouble_detail", sa.Text(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["peer_id"], ["person.id"], name=op.f("fk_busy_calendar_peer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_calendar")),
    )
    op.create_index(op.f("ix_busy_calendar_due_at"), "busy_calendar", ["due_at"], unique=False)
    op.create_index(op.f("ix_busy_calendar_peer_id"), "busy_calendar", ["peer_id"], unique=False)
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_feed_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )
    op.create_index(op.f("ix_calendar_feed_person_id"), "calendar_feed", ["person_id"], unique=False)
    op.create_table(
        "meeting_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("peer_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["peer_id"], ["person.id"], name=op.f("fk_meeting_place_peer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_place")),
    )
    op.create_index(op.f("ix_meeting_place_peer_id"), "meeting_place", ["peer_id"], unique=False)
    op.create_table(
        "open_hour",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("peer_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("format", sa.String(length=24), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_open_hour_stretch")),
        sa.ForeignKeyConstraint(["peer_id"], ["person.id"], name=op.f("fk_open_hour_peer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_hour")),
    )
    op.create_index(op.f("ix_open_hour_peer_id_ends_at"), "open_hour", ["peer_id", "ends_at"], unique=False)
    op.create_table(
        "season",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("peer_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_season_days")),
        sa.ForeignKeyConstraint(["peer_id"], ["person.id"], name=op.f("fk_season_peer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_season")),
    )
    op.create_index(op.f("ix_season_peer_id"), "season", ["peer_id"], unique=False)
    op.create_table(
        "zone_stay",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("peer_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_zone_stay_days")),
        sa.ForeignKeyConstraint(["peer_id"], ["person.id"], name=op.f("fk_zone_stay_peer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zone_stay")),
    )
    op.create_index(op.f("ix_zone_stay_peer_id"), "zone_stay", ["peer_id"], unique=False)
    op.create_table(
        "busy_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.Column("peer_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_busy_time_stretch")),
        sa.ForeignKeyConstraint(["calendar_id"], ["busy_calendar.id"], name=op.f("fk_busy_time_calendar_id")),
        sa.ForeignKeyConstraint(["peer_id"], ["person.id"], name=op.f("fk_busy_time_peer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_time")),
    )
    op.create_index(op.f("ix_busy_time_calendar_id"), "busy_time", ["calendar_id"], unique=False)
    op.create_index(op.f("ix_busy_time_peer_id_ends_at"), "busy_time", ["peer_id", "ends_at"], unique=False)
    op.create_table(
        "open_hour_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("open_hour_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("walk_id", sa.Integer(), nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["person.id"], name=op.f("fk_open_hour_visit_member_id")),
        sa.ForeignKeyConstraint(["open_hour_id"], ["open_hour.id"], name=op.f("fk_open_hour_visit_open_hour_id")),
        sa.ForeignKeyConstraint(["walk_id"], ["walk.id"], name=op.f("fk_open_hour_visit_walk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_hour_visit")),
        sa.UniqueConstraint("open_hour_id", "member_id", name=op.f("uq_open_hour_visit_open_hour_id_member_id")),
    )
    op.create_table(
        "series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("walk_id", sa.Integer(), nullable=False),
        sa.Column("every_weeks", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("every_weeks BETWEEN 1 AND 8", name=op.f("ck_series_every")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_series_made_by")),
        sa.ForeignKeyConstraint(["walk_id"], ["walk.id"], name=op.f("fk_series_walk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
    )
    op.create_index(op.f("ix_series_walk_id"), "series", ["walk_id"], unique=False)
    op.create_table(
        "safe_coffee",
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("trusted_name", sa.Text(), nullable=False),
        sa.Column("trusted_address", sa.Text(), nullable=False),
        sa.Column("tells", sa.String(length=24), nullable=False),
        sa.Column("home_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("home_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_safe_coffee_booking_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_safe_coffee_person_id")),
        sa.PrimaryKeyConstraint("booking_id", "person_id", name=op.f("pk_safe_coffee")),
    )
    op.create_table(
        "time_wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("walk_id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("passed_over", sa.JSON(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_time_wish_booking_id")),
        sa.ForeignKeyConstraint(["walk_id"], ["walk.id"], name=op.f("fk_time_wish_walk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_wish")),
    )
    op.create_index(op.f("ix_time_wish_booking_id"), "time_wish", ["booking_id"], unique=False)
    op.create_index(op.f("ix_time_wish_walk_id"), "time_wish", ["walk_id"], unique=False)
    for table, column, other in REFERENCES:
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} INTEGER CONSTRAINT fk_{table}_{column} REFERENCES {other} (id)"
        )
    op.add_column("booking", sa.Column("note", sa.Text(), nullable=True))
    op.add_column("booking", sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True))
    op.add_column("booking", sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_booking_series_id"), "booking", ["series_id"], unique=False)
    op.add_column("invitation", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("invitation", sa.Column("partstat", sa.String(length=16), nullable=True))
    op.add_column("invitation", sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("invitation", sa.Column("reply_stamp", sa.DateTime(timezone=True), nullable=True))
    op.add_column("invitation", sa.Column("reply_sequence", sa.Integer(), nullable=True))
    for table in ("weekly_hours", "other_hours"):
        op.add_column(table, sa.Column("formats", sa.String(length=60), nullable=False, server_default=""))
    op.execute("ALTER TABLE peer_profile RENAME COLUMN rest_minutes TO rest_before_minutes")
    op.execute(
        "ALTER TABLE peer_profile ADD COLUMN rest_after_minutes INTEGER NOT NULL DEFAULT 15 "
        "CONSTRAINT ck_peer_profile_rest_after CHECK (rest_after_minutes >= 0 AND rest_after_minutes % 5 = 0)"
    )
    op.execute("UPDATE peer_profile SET rest_after_minutes = rest_before_minutes")
    for name in NUMBERS_SINCE:
        op.add_column("peer_profile", sa.Column(name, sa.Integer(), nullable=True))
    op.add_column("peer_profile", sa.Column("other_lengths", sa.String(length=24), nullable=False, server_default=""))
    op.add_column("peer_profile", sa.Column("says_yes_first", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("peer_profile", sa.Column("holiday_country", sa.String(length=8), nullable=False, server_default=""))
    _hold_with_an_id()
    for name, table, columns, only in INDEXES_SINCE:
        # SQLite takes a partial index where the query says the same in the same words.
        sqlite, postgresql = (sa.text(words) if words else None for words in only)
        op.create_index(name, table, columns, sqlite_where=sqlite, postgresql_where=postgresql)


# The board of those who wait, and the walks of one member, are read by these.
INDEXES_SINCE = (
    ("ix_walk_member_id", "walk", ["member_id"], ("", "")),
    ("ix_walk_open_state_asked_at", "walk", ["state", "asked_at", "id"], ("open = 1", "open")),
    ("ix_suggestion_on_offer", "suggestion", ["walk_id"], ("closed_at IS NULL",) * 2),
    ("ix_audit_entry_verb_subject_subject_id_at", "audit_entry", ["verb", "subject", "subject_id", "at"], ("", "")),
)
REFERENCES = (
    ("booking", "series_id", "series"),
    ("booking", "cancelled_by", "person"),
    ("weekly_hours", "season_id", "season"),
)
NUMBERS_SINCE = ("cap_per_week", "cap_minutes_per_day", "cap_minutes_per_week", "step_minutes")
# What the version before does not know is told in its words: it could not read the rows otherwise.
STATES_SINCE = ("asked", "offered", "lapsed", "released")
KINDS_SINCE = (
    "trusted",
    "open_hour",
    "hour_off",
    "other_time",
    "time_asked",
    "time_released",
    "time_offered",
    "not_made",
    "calendar_look",
)


def _hold_with_an_id() -> None:
    op.execute("CREATE TABLE hold_before AS SELECT * FROM hold")
    op.drop_table("hold")
    op.create_table(
        "hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=True),
        sa.Column("open_hour_id", sa.Integer(), nullable=True),
        *_time_of_a_person(),
        sa.Column("rest_before_minutes", sa.Integer(), nullable=False),
        sa.Column("rest_after_minutes", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(booking_id IS NULL) <> (open_hour_id IS NULL)", name=op.f("ck_hold_reason")),
        sa.ForeignKeyConstraint(["open_hour_id"], ["open_hour.id"], name=op.f("fk_hold_open_hour_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
        sa.UniqueConstraint("booking_id", "person_id", name=op.f("uq_hold_booking_id_person_id")),
    )
    op.create_index(op.f("ix_hold_open_hour_id"), "hold", ["open_hour_id"], unique=False)
    op.execute(
        "INSERT INTO hold"
        " (booking_id, person_id, starts_at, ends_at, rest_before_minutes, rest_after_minutes, active)"
        " SELECT booking_id, person_id, starts_at, ends_at, rest_minutes, rest_minutes, active FROM hold_before"
    )
    _guarded("id = OLD.id")


def _hold_without_an_id() -> None:
    op.execute("CREATE TABLE hold_before AS SELECT * FROM hold WHERE booking_id IS NOT NULL")
    op.drop_table("hold")
    op.create_table(
        "hold",
        sa.Column("booking_id", sa.Integer(), nullable=False),
        *_time_of_a_person(),
        sa.Column("rest_minutes", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("booking_id", "person_id", name=op.f("pk_hold")),
    )
    op.execute(
        "INSERT INTO hold (booking_id, person_id, starts_at, ends_at, rest_minutes, active)"
        " SELECT booking_id, person_id, starts_at, ends_at, rest_before_minutes, active FROM hold_before"
    )
    _guarded("booking_id = OLD.booking_id AND person_id = OLD.person_id")


def _time_of_a_person() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_hold_stretch")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_hold_booking_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_hold_person_id")),
    ]


def _guarded(same: str) -> None:
    """Dropping the table took its guards along: the database's last word on overlaps stands again."""
    op.drop_table("hold_before")
    op.create_index(op.f("ix_hold_person_id_ends_at"), "hold", ["person_id", "ends_at"], unique=False)
    sqlite = op.get_bind().dialect.name == "sqlite"
    for guard in SQLITE_GUARDS.format(same=same).split("--") if sqlite else [POSTGRESQL_GUARD]:
        op.execute(guard)


def downgrade() -> None:
    booking = sa.table("booking", sa.column("id"), sa.column("state"))
    hold = sa.table("hold", sa.column("booking_id"), sa.column("active"))
    waiting = sa.select(booking.c.id).where(booking.c.state.in_(STATES_SINCE))
    op.execute(hold.update().where(hold.c.booking_id.in_(waiting)).values(active=False))
    op.execute(booking.update().where(booking.c.state.in_(STATES_SINCE)).values(state="cancelled"))
    notice = sa.table("notice", sa.column("kind"))
    op.execute(notice.delete().where(notice.c.kind.in_(KINDS_SINCE)))
    weekly = sa.table("weekly_hours", sa.column("season_id"))
    op.execute(weekly.delete().where(weekly.c.season_id.is_not(None)))
    for name, table, _columns, _only in INDEXES_SINCE:
        op.drop_index(name, table_name=table)
    _hold_without_an_id()
    for name in ("holiday_country", "says_yes_first", "other_lengths", *reversed(NUMBERS_SINCE), "rest_after_minutes"):
        op.drop_column("peer_profile", name)
    op.execute("ALTER TABLE peer_profile RENAME COLUMN rest_before_minutes TO rest_minutes")
    for table in ("other_hours", "weekly_hours"):
        op.drop_column(table, "formats")
    for name in ("reply_sequence", "reply_stamp", "replied_at", "partstat", "changed_at"):
        op.drop_column("invitation", name)
    op.drop_index(op.f("ix_booking_series_id"), table_name="booking")
    for name in ("cancelled_at", "answer_by", "note"):
        op.drop_column("booking", name)
    for table, column, _other in REFERENCES:
        op.drop_column(table, column)
    op.drop_index(op.f("ix_time_wish_walk_id"), table_name="time_wish")
    op.drop_index(op.f("ix_time_wish_booking_id"), table_name="time_wish")
    op.drop_table("time_wish")
    op.drop_table("safe_coffee")
    op.drop_index(op.f("ix_series_walk_id"), table_name="series")
    op.drop_table("series")
    op.drop_table("open_hour_visit")
    op.drop_index(op.f("ix_busy_time_peer_id_ends_at"), table_name="busy_time")
    op.drop_index(op.f("ix_busy_time_calendar_id"), table_name="busy_time")
    op.drop_table("busy_time")
    op.drop_index(op.f("ix_zone_stay_peer_id"), table_name="zone_stay")
    op.drop_table("zone_stay")
    op.drop_index(op.f("ix_season_peer_id"), table_name="season")
    op.drop_table("season")
    op.drop_index(op.f("ix_open_hour_peer_id_ends_at"), table_name="open_hour")
    op.drop_table("open_hour")
    op.drop_index(op.f("ix_meeting_place_peer_id"), table_name="meeting_place")
    op.drop_table("meeting_place")
    op.drop_index(op.f("ix_calendar_feed_person_id"), table_name="calendar_feed")
    op.drop_table("calendar_feed")
    op.drop_index(op.f("ix_busy_calendar_peer_id"), table_name="busy_calendar")
    op.drop_index(op.f("ix_busy_calendar_due_at"), table_name="busy_calendar")
    op.drop_table("busy_calendar")
