"""The first tables of the house."""

import sqlalchemy as sa
from alembic import op

revision = "a1f0"
down_revision = None
branch_labels = None
depends_on = None

# What the tables alone cannot promise, the database itself refuses: two live holds of one person that overlap,
# more seats than a peer has room for, and any change to the record of deeds.
POSTGRESQL_GUARDS = (
    """
    ALTER TABLE hold ADD CONSTRAINT hold_no_overlap EXCLUDE USING gist (
        int8range(person_id, person_id, '[]') WITH &&, tstzrange(starts_at, ends_at, '[)') WITH &&
    ) WHERE (active)
    """,
    """
    CREATE FUNCTION seat_within_capacity() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE room integer; taken integer;
    BEGIN
        -- The peer's row is locked first, so that two approvals wait for one another and the second counts the first.
        SELECT capacity_halves INTO room FROM peer_profile WHERE person_id = NEW.peer_id FOR UPDATE;
        SELECT coalesce(sum(halves), 0) INTO taken FROM seat WHERE peer_id = NEW.peer_id AND walk_id <> NEW.walk_id;
        IF room IS NULL OR taken + NEW.halves > room THEN
            RAISE EXCEPTION 'seat_within_capacity' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER seat_within_capacity_insert BEFORE INSERT ON seat
    FOR EACH ROW EXECUTE FUNCTION seat_within_capacity()
    """,
    """
    CREATE TRIGGER seat_within_capacity_update BEFORE UPDATE ON seat FOR EACH ROW
    WHEN (NEW.peer_id <> OLD.peer_id OR NEW.halves > OLD.halves) EXECUTE FUNCTION seat_within_capacity()
    """,
    """
    CREATE FUNCTION audit_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'audit_entry_stays' USING ERRCODE = 'check_violation'; END $$
    """,
    """
    CREATE TRIGGER audit_entry_stays_delete BEFORE DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_stays()
    """,
    """
    CREATE TRIGGER audit_entry_stays_update BEFORE UPDATE ON audit_entry FOR EACH ROW
    WHEN (OLD.sealed IS NOT NULL OR OLD.seal_number IS NOT NULL OR NEW.sealed IS NULL OR NEW.seal_number IS NULL
          OR (NEW.id, NEW.at, NEW.actor_id, NEW.verb, NEW.subject, NEW.subject_id)
          IS DISTINCT FROM (OLD.id, OLD.at, OLD.actor_id, OLD.verb, OLD.subject, OLD.subject_id))
    EXECUTE FUNCTION audit_entry_stays()
    """,
)
SQLITE_GUARDS = (
    """
    CREATE TRIGGER hold_no_overlap_insert BEFORE INSERT ON hold WHEN NEW.active BEGIN
        SELECT RAISE(ABORT, 'hold_no_overlap') WHERE EXISTS (
            SELECT 1 FROM hold WHERE person_id = NEW.person_id AND active
            AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at);
    END
    """,
    """
    CREATE TRIGGER hold_no_overlap_update BEFORE UPDATE ON hold WHEN NEW.active BEGIN
        SELECT RAISE(ABORT, 'hold_no_overlap') WHERE EXISTS (
            SELECT 1 FROM hold WHERE person_id = NEW.person_id AND active
            AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at
            AND NOT (booking_id = OLD.booking_id AND person_id = OLD.person_id));
    END
    """,
    """
    CREATE TRIGGER seat_within_capacity_insert BEFORE INSERT ON seat BEGIN
        SELECT RAISE(ABORT, 'seat_within_capacity') WHERE NEW.halves
            + (SELECT coalesce(sum(halves), 0) FROM seat WHERE peer_id = NEW.peer_id AND walk_id <> NEW.walk_id)
            > (SELECT coalesce(max(capacity_halves), 0) FROM peer_profile WHERE person_id = NEW.peer_id);
    END
    """,
    """
    CREATE TRIGGER seat_within_capacity_update BEFORE UPDATE ON seat
    WHEN NEW.peer_id <> OLD.peer_id OR NEW.halves > OLD.halves BEGIN
        SELECT RAISE(ABORT, 'seat_within_capacity') WHERE NEW.halves
            + (SELECT coalesce(sum(halves), 0) FROM seat WHERE peer_id = NEW.peer_id AND walk_id <> OLD.walk_id)
            > (SELECT coalesce(max(capacity_halves), 0) FROM peer_profile WHERE person_id = NEW.peer_id);
    END
    """,
    """
    CREATE TRIGGER audit_entry_stays_delete BEFORE DELETE ON audit_entry
    BEGIN SELECT RAISE(ABORT, 'audit_entry_stays'); END
    """,
    """
    CREATE TRIGGER audit_entry_stays_update BEFORE UPDATE ON audit_entry
    WHEN OLD.sealed IS NOT NULL OR OLD.seal_number IS NOT NULL OR NEW.sealed IS NULL OR NEW.seal_number IS NULL
        OR NEW.id IS NOT OLD.id OR NEW.at IS NOT OLD.at OR NEW.actor_id IS NOT OLD.actor_id
        OR NEW.verb IS NOT OLD.verb OR NEW.subject IS NOT OLD.subject OR NEW.subject_id IS NOT OLD.subject_id
    BEGIN SELECT RAISE(ABORT, 'audit_entry_stays'); END
    """,
)


def upgrade() -> None:
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.String(length=24), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reach", sa.Text(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("discretion", sa.String(length=24), nullable=False),
        sa.Column("remind_day_before", sa.Boolean(), nullable=False),
        sa.Column("remind_hours_before", sa.Boolean(), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=False),
        sa.Column("quiet_until", sa.Integer(), nullable=False),
        sa.Column("totp_key", sa.Text(), nullable=True),
        sa.Column("totp_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("invented", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "sign_in_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_code")),
        sa.UniqueConstraint("browser_hash", name=op.f("uq_sign_in_code_browser_hash")),
    )
    op.create_index(op.f("ix_sign_in_code_email_created_at"), "sign_in_code", ["email", "created_at"], unique=False)
    op.create_table(
        "topic_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_group")),
        sa.UniqueConstraint("slug", name=op.f("uq_topic_group_slug")),
    )
    op.create_table(
        "town",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "search",
            sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("region", sa.String(length=80), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_town")),
    )
    op.create_index(op.f("ix_town_search"), "town", ["search"], unique=False)
    op.create_table(
        "weights",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_weights")),
    )
    op.create_table(
        "apart",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_apart_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_apart")),
        sa.UniqueConstraint("person_id", "email", name=op.f("uq_apart_person_id_email")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=24), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.String(length=64), nullable=True),
        sa.Column("seal_number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_audit_entry_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("seal_number", name=op.f("uq_audit_entry_seal_number")),
    )
    op.create_index(op.f("ix_audit_entry_sealed"), "audit_entry", ["sealed"], unique=False)
    op.create_index(op.f("ix_audit_entry_subject_subject_id"), "audit_entry", ["subject", "subject_id"], unique=False)
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=24), nullable=False),
        sa.Column("wording", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_person_id_purpose"), "consent", ["person_id", "purpose"], unique=False)
    op.create_table(
        "member_profile",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("own_words", sa.Text(), nullable=False),
        sa.Column("access_needs", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_member_profile_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_member_profile")),
    )
    op.create_table(
        "other_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("peer_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "starts BETWEEN 0 AND 1435 AND ends > starts AND ends <= 2880 AND starts % 5 = 0 AND ends % 5 = 0",
            name=op.f("ck_other_hours_window"),
        ),
        sa.ForeignKeyConstraint(["peer_id"], ["person.id"], name=op.f("fk_other_hours_peer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_other_hours")),
    )
    op.create_index(op.f("ix_other_hours_peer_id_day"), "other_hours", ["peer_id", "day"], unique=False)
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1024), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=2048), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_passkey_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_table(
        "peer_profile",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_matched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("capacity_halves", sa.Integer(), nullable=False),
        sa.Column("length_minutes", sa.Integer(), nullable=False),
        sa.Column("rest_minutes", sa.Integer(), nullable=False),
        sa.Column("notice_hours", sa.Integer(), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("cap_per_day", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("capacity_halves >= 0", name=op.f("ck_peer_profile_capacity")),
        sa.CheckConstraint("length_minutes > 0 AND length_minutes % 5 = 0", name=op.f("ck_peer_profile_length")),
        sa.CheckConstraint("rest_minutes >= 0 AND rest_minutes % 5 = 0", name=op.f("ck_peer_profile_rest")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_peer_profile_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_peer_profile")),
    )
    op.create_table(
        "person_role",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_role_person_id")),
        sa.PrimaryKeyConstraint("person_id", "role", name=op.f("pk_person_role")),
    )
    op.create_table(
        "request_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_request_key_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_key")),
        sa.UniqueConstraint("person_id", "key", name=op.f("uq_request_key_person_id_key")),
    )
    op.create_table(
        "safe_contact",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("may_email", sa.Boolean(), nullable=True),
        sa.Column("may_text", sa.Boolean(), nullable=True),
        sa.Column("may_voicemail", sa.Boolean(), nullable=True),
        sa.Column("phone_is_seen", sa.Boolean(), nullable=True),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("name_to_use", sa.Text(), nullable=False),
        sa.Column("subject_words", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_safe_contact_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_safe_contact")),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_factor_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    op.create_index(op.f("ix_sign_in_person_id"), "sign_in", ["person_id"], unique=False)
    op.create_table(
        "time_off",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("peer_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_time_off_stretch")),
        sa.ForeignKeyConstraint(["peer_id"], ["person.id"], name=op.f("fk_time_off_peer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_off")),
    )
    op.create_index(op.f("ix_time_off_peer_id_ends_at"), "time_off", ["peer_id", "ends_at"], unique=False)
    op.create_table(
        "topic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("synonyms", sa.JSON(), nullable=False),
        sa.Column("tender", sa.Boolean(), nullable=False),
        sa.Column("ahead_only", sa.Boolean(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["topic_group.id"], name=op.f("fk_topic_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sa.UniqueConstraint("slug", name=op.f("uq_topic_slug")),
    )
    op.create_table(
        "trait",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("shown_to", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_trait_person_id")),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_trait")),
    )
    op.create_table(
        "unsubscribe",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_unsubscribe_person_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_unsubscribe")),
    )
    op.create_table(
        "walk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("peer_id", sa.Integer(), nullable=True),
        sa.Column("coordinator_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("choose_with_me", sa.Boolean(), nullable=False),
        sa.Column("choice_approved", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["coordinator_id"], ["person.id"], name=op.f("fk_walk_coordinator_id")),
        sa.ForeignKeyConstraint(["member_id"], ["person.id"], name=op.f("fk_walk_member_id")),
        sa.ForeignKeyConstraint(["peer_id"], ["person.id"], name=op.f("fk_walk_peer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_walk")),
    )
    op.create_index(op.f("ix_walk_peer_id"), "walk", ["peer_id"], unique=False)
    op.create_index(op.f("ix_walk_state_since"), "walk", ["state", "since"], unique=False)
    op.create_index(
        "uq_walk_member_open",
        "walk",
        ["member_id"],
        unique=True,
        sqlite_where=sa.text("open"),
        postgresql_where=sa.text("open"),
    )
    op.create_table(
        "weekly_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("peer_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "starts BETWEEN 0 AND 1435 AND ends > starts AND ends <= 2880 AND starts % 5 = 0 AND ends % 5 = 0",
            name=op.f("ck_weekly_hours_window"),
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_weekly_hours_weekday")),
        sa.ForeignKeyConstraint(["peer_id"], ["person.id"], name=op.f("fk_weekly_hours_peer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_hours")),
    )
    op.create_index(op.f("ix_weekly_hours_peer_id"), "weekly_hours", ["peer_id"], unique=False)
    op.create_table(
        "wish",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("strength", sa.String(length=24), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_wish_person_id")),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_wish")),
    )
    op.create_table(
        "booking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("walk_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("peer_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("format", sa.String(length=24), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("booked_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_booking_stretch")),
        sa.ForeignKeyConstraint(["booked_by"], ["person.id"], name=op.f("fk_booking_booked_by")),
        sa.ForeignKeyConstraint(["member_id"], ["person.id"], name=op.f("fk_booking_member_id")),
        sa.ForeignKeyConstraint(["peer_id"], ["person.id"], name=op.f("fk_booking_peer_id")),
        sa.ForeignKeyConstraint(["walk_id"], ["walk.id"], name=op.f("fk_booking_walk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
    )
    op.create_index(op.f("ix_booking_state_ends_at"), "booking", ["state", "ends_at"], unique=False)
    op.create_index(op.f("ix_booking_walk_id"), "booking", ["walk_id"], unique=False)
    op.create_table(
        "member_topic",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=24), nullable=False),
        sa.CheckConstraint("rank BETWEEN 1 AND 3", name=op.f("ck_member_topic_rank")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_member_topic_person_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_member_topic_topic_id")),
        sa.PrimaryKeyConstraint("person_id", "topic_id", name=op.f("pk_member_topic")),
        sa.UniqueConstraint("person_id", "rank", name=op.f("uq_member_topic_person_id_rank")),
    )
    op.create_table(
        "passkey_challenge",
        sa.Column("sign_in_id", sa.Integer(), nullable=False),
        sa.Column("challenge", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["sign_in_id"], ["sign_in.id"], name=op.f("fk_passkey_challenge_sign_in_id")),
        sa.PrimaryKeyConstraint("sign_in_id", name=op.f("pk_passkey_challenge")),
    )
    op.create_table(
        "peer_topic",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=24), nullable=False),
        sa.Column("readiness", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_peer_topic_person_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_peer_topic_topic_id")),
        sa.PrimaryKeyConstraint("person_id", "topic_id", name=op.f("pk_peer_topic")),
    )
    op.create_table(
        "reflection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("walk_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=24), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reflection_person_id")),
        sa.ForeignKeyConstraint(["walk_id"], ["walk.id"], name=op.f("fk_reflection_walk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reflection")),
        sa.UniqueConstraint("walk_id", "person_id", name=op.f("uq_reflection_walk_id_person_id")),
    )
    op.create_table(
        "seat",
        sa.Column("walk_id", sa.Integer(), nullable=False),
        sa.Column("peer_id", sa.Integer(), nullable=False),
        sa.Column("halves", sa.Integer(), nullable=False),
        sa.CheckConstraint("halves > 0", name=op.f("ck_seat_halves")),
        sa.ForeignKeyConstraint(["peer_id"], ["person.id"], name=op.f("fk_seat_peer_id")),
        sa.ForeignKeyConstraint(["walk_id"], ["walk.id"], name=op.f("fk_seat_walk_id")),
        sa.PrimaryKeyConstraint("walk_id", name=op.f("pk_seat")),
    )
    op.create_index(op.f("ix_seat_peer_id"), "seat", ["peer_id"], unique=False)
    op.create_table(
        "suggestion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("walk_id", sa.Integer(), nullable=False),
        sa.Column("peer_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("weights_version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["peer_id"], ["person.id"], name=op.f("fk_suggestion_peer_id")),
        sa.ForeignKeyConstraint(["walk_id"], ["walk.id"], name=op.f("fk_suggestion_walk_id")),
        sa.ForeignKeyConstraint(["weights_version"], ["weights.version"], name=op.f("fk_suggestion_weights_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion")),
        sa.UniqueConstraint("walk_id", "peer_id", name=op.f("uq_suggestion_walk_id_peer_id")),
    )
    op.create_index(op.f("ix_suggestion_peer_id"), "suggestion", ["peer_id"], unique=False)
    op.create_table(
        "walk_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("walk_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=24), nullable=False),
        sa.Column("was", sa.String(length=24), nullable=False),
        sa.Column("became", sa.String(length=24), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("peer_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_walk_step_actor_id")),
        sa.ForeignKeyConstraint(["peer_id"], ["person.id"], name=op.f("fk_walk_step_peer_id")),
        sa.ForeignKeyConstraint(["walk_id"], ["walk.id"], name=op.f("fk_walk_step_walk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_walk_step")),
    )
    op.create_index(op.f("ix_walk_step_walk_id"), "walk_step", ["walk_id"], unique=False)
    op.create_table(
        "hold",
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rest_minutes", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_hold_stretch")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_hold_booking_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_hold_person_id")),
        sa.PrimaryKeyConstraint("booking_id", "person_id", name=op.f("pk_hold")),
    )
    op.create_index(op.f("ix_hold_person_id_ends_at"), "hold", ["person_id", "ends_at"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_invitation_booking_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invitation_person_id")),
        sa.PrimaryKeyConstraint("booking_id", "person_id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("uid", name=op.f("uq_invitation_uid")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("booking_id", sa.Integer(), nullable=True),
        sa.Column("walk_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("doubts", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=40), nullable=True),
        sa.Column("details", sa.Text(), nullable=True),
        sa.Column("message_id", sa.String(length=120), nullable=True),
        sa.Column("rendered", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_notice_attempts")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_notice_booking_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id")),
        sa.ForeignKeyConstraint(["walk_id"], ["walk.id"], name=op.f("fk_notice_walk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint(
            "about",
            "person_id",
            "kind",
            "channel",
            "revision",
            name=op.f("uq_notice_about_person_id_kind_channel_revision"),
        ),
    )
    op.create_index(op.f("ix_notice_about_person_id"), "notice", ["about", "person_id"], unique=False)
    op.create_index(op.f("ix_notice_state_due_at"), "notice", ["state", "due_at"], unique=False)
    guards = POSTGRESQL_GUARDS if op.get_bind().dialect.name == "postgresql" else SQLITE_GUARDS
    for statement in guards:
        op.execute(statement)


def downgrade() -> None:
    op.drop_index(op.f("ix_notice_state_due_at"), table_name="notice")
    op.drop_index(op.f("ix_notice_about_person_id"), table_name="notice")
    op.drop_table("notice")
    op.drop_table("invitation")
    op.drop_index(op.f("ix_hold_person_id_ends_at"), table_name="hold")
    op.drop_table("hold")
    op.drop_index(op.f("ix_walk_step_walk_id"), table_name="walk_step")
    op.drop_table("walk_step")
    op.drop_index(op.f("ix_suggestion_peer_id"), table_name="suggestion")
    op.drop_table("suggestion")
    op.drop_index(op.f("ix_seat_peer_id"), table_name="seat")
    op.drop_table("seat")
    op.drop_table("reflection")
    op.drop_table("peer_topic")
    op.drop_table("passkey_challenge")
    op.drop_table("member_topic")
    op.drop_index(op.f("ix_booking_walk_id"), table_name="booking")
    op.drop_index(op.f("ix_booking_state_ends_at"), table_name="booking")
    op.drop_table("booking")
    op.drop_table("wish")
    op.drop_index(op.f("ix_weekly_hours_peer_id"), table_name="weekly_hours")
    op.drop_table("weekly_hours")
    op.drop_index(
        "uq_walk_member_open", table_name="walk", sqlite_where=sa.text("open"), postgresql_where=sa.text("open")
    )
    op.drop_index(op.f("ix_walk_state_since"), table_name="walk")
    op.drop_index(op.f("ix_walk_peer_id"), table_name="walk")
    op.drop_table("walk")
    op.drop_table("unsubscribe")
    op.drop_table("trait")
    op.drop_table("topic")
    op.drop_index(op.f("ix_time_off_peer_id_ends_at"), table_name="time_off")
    op.drop_table("time_off")
    op.drop_index(op.f("ix_sign_in_person_id"), table_name="sign_in")
    op.drop_table("sign_in")
    op.drop_table("safe_contact")
    op.drop_table("request_key")
    op.drop_table("person_role")
    op.drop_table("peer_profile")
    op.drop_table("passkey")
    op.drop_index(op.f("ix_other_hours_peer_id_day"), table_name="other_hours")
    op.drop_table("other_hours")
    op.drop_table("member_profile")
    op.drop_index(op.f("ix_consent_person_id_purpose"), table_name="consent")
    op.drop_table("consent")
    op.drop_index(op.f("ix_audit_entry_subject_subject_id"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_sealed"), table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_table("apart")
    op.drop_table("weights")
    op.drop_index(op.f("ix_town_search"), table_name="town")
    op.drop_table("town")
    op.drop_table("topic_group")
    op.drop_index(op.f("ix_sign_in_code_email_created_at"), table_name="sign_in_code")
    op.drop_table("sign_in_code")
    op.drop_table("person")
    op.drop_table("heartbeat")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION seat_within_capacity()")
        op.execute("DROP FUNCTION audit_entry_stays()")
