"""Letters that arrive: ways beside e-mail, reminders by any lead, the thread between two people and its check-in."""

import sqlalchemy as sa
from alembic import op

revision = "d4e5"
down_revision = "c3d4"
branch_labels = None
depends_on = None

ONE_OF_EACH = "uq_notice_about_person_id_kind_channel_revision"
KINDS_SINCE = ("check_in", "check_in_set", "thread_line", "phone_code")


def upgrade() -> None:
    op.add_column("notice", sa.Column("spread", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("notice", sa.Column("lead", sa.String(length=8), nullable=False, server_default=""))
    notice = sa.table("notice", sa.column("kind"), sa.column("lead"))
    for kind, lead in (("reminder_day", "1d"), ("reminder_hours", "120m")):
        op.execute(notice.update().where(notice.c.kind == kind).values(lead=lead))
    _one_of_each(ONE_OF_EACH, f"{ONE_OF_EACH}_lead", ["lead"], length=24)
    op.create_index(op.f("ix_notice_person_id_due_at"), "notice", ["person_id", "due_at"], unique=False)
    op.add_column("person", sa.Column("reminder_leads", sa.String(length=80), nullable=False, server_default="1d,120m"))
    person = sa.table(
        "person", sa.column("reminder_leads"), sa.column("remind_day_before"), sa.column("remind_hours_before")
    )
    for day, hours, leads in ((True, False, "1d"), (False, True, "120m"), (False, False, "")):
        wanted = sa.and_(person.c.remind_day_before == day, person.c.remind_hours_before == hours)
        op.execute(person.update().where(wanted).values(reminder_leads=leads))
    _keys_that_end_more()
    op.drop_column("person", "remind_hours_before")
    op.drop_column("person", "remind_day_before")
    op.create_table(
        "channel_choice",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("notice_group", sa.String(length=24), nullable=False),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_channel_choice_person_id")),
        sa.PrimaryKeyConstraint("person_id", "notice_group", "channel", name=op.f("pk_channel_choice")),
    )
    op.create_table(
        "phone",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_hash", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("code_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code_tries", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_phone_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_phone")),
    )
    op.create_index(op.f("ix_phone_number_hash"), "phone", ["number_hash"], unique=False)
    op.create_table(
        "post_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["lifted_by"], ["person.id"], name=op.f("fk_post_hold_lifted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_hold")),
    )
    op.create_table(
        "push_device",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("endpoint_hash", sa.String(length=64), nullable=False),
        sa.Column("p256dh", sa.Text(), nullable=False),
        sa.Column("auth", sa.Text(), nullable=False),
        sa.Column("discretion", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_push_device_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_device")),
        sa.UniqueConstraint("endpoint_hash", name=op.f("uq_push_device_endpoint_hash")),
    )
    op.create_index(op.f("ix_push_device_person_id"), "push_device", ["person_id"], unique=False)
    op.create_table(
        "check_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("walk_id", sa.Integer(), nullable=False),
        sa.Column("weekdays", sa.String(length=14), nullable=False),
        sa.Column("at_minute", sa.Integer(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("silence_days", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("held_until", sa.Date(), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("at_minute BETWEEN 0 AND 1439", name=op.f("ck_check_in_at_minute")),
        sa.ForeignKeyConstraint(["walk_id"], ["walk.id"], name=op.f("fk_check_in_walk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
        sa.UniqueConstraint("walk_id", name=op.f("uq_check_in_walk_id")),
    )
    op.create_index(op.f("ix_check_in_state_next_at"), "check_in", ["state", "next_at"], unique=False)
    op.create_table(
        "thread",
        sa.Column("walk_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("heavy_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heavy_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_thread_ended_by")),
        sa.ForeignKeyConstraint(["heavy_by"], ["person.id"], name=op.f("fk_thread_heavy_by")),
        sa.ForeignKeyConstraint(["walk_id"], ["walk.id"], name=op.f("fk_thread_walk_id")),
        sa.PrimaryKeyConstraint("walk_id", name=op.f("pk_thread")),
    )
    op.create_index(op.f("ix_thread_heavy_at"), "thread", ["heavy_at"], unique=False)
    op.create_table(
        "thread_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("walk_id", sa.Integer(), nullable=False),
        sa.Column("writer_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("answers_id", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("height IS NULL OR height BETWEEN 1 AND 5", name=op.f("ck_thread_line_height")),
        sa.ForeignKeyConstraint(["answers_id"], ["thread_line.id"], name=op.f("fk_thread_line_answers_id")),
        sa.ForeignKeyConstraint(["walk_id"], ["walk.id"], name=op.f("fk_thread_line_walk_id")),
        sa.ForeignKeyConstraint(["writer_id"], ["person.id"], name=op.f("fk_thread_line_writer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_line")),
    )
    op.create_index(op.f("ix_thread_line_walk_id_id"), "thread_line", ["walk_id", "id"], unique=False)
    op.create_table(
        "thread_reader",
        sa.Column("walk_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("seen_line_id", sa.Integer(), nullable=False),
        sa.Column("by_text", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_thread_reader_person_id")),
        sa.ForeignKeyConstraint(["walk_id"], ["walk.id"], name=op.f("fk_thread_reader_walk_id")),
        sa.PrimaryKeyConstraint("walk_id", "person_id", name=op.f("pk_thread_reader")),
    )
    op.create_table(
        "text_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("sid", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=12), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_text_message_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_message")),
        sa.UniqueConstraint("sid", name=op.f("uq_text_message_sid")),
    )
    op.create_index(op.f("ix_text_message_notice_id"), "text_message", ["notice_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_notice_person_id_due_at"), table_name="notice")
    op.drop_index(op.f("ix_text_message_notice_id"), table_name="text_message")
    op.drop_table("text_message")
    op.drop_table("thread_reader")
    op.drop_index(op.f("ix_thread_line_walk_id_id"), table_name="thread_line")
    op.drop_table("thread_line")
    op.drop_index(op.f("ix_thread_heavy_at"), table_name="thread")
    op.drop_table("thread")
    op.drop_index(op.f("ix_check_in_state_next_at"), table_name="check_in")
    op.drop_table("check_in")
    op.drop_index(op.f("ix_push_device_person_id"), table_name="push_device")
    op.drop_table("push_device")
    op.drop_table("post_hold")
    op.drop_index(op.f("ix_phone_number_hash"), table_name="phone")
    op.drop_table("phone")
    op.drop_table("channel_choice")
    unsubscribe = sa.table("unsubscribe", sa.column("ends"))
    op.execute(unsubscribe.delete().where(unsubscribe.c.ends != "reminders"))
    with op.batch_alter_table("unsubscribe") as table:
        table.drop_constraint(op.f("fk_unsubscribe_walk_id"), type_="foreignkey")
        for column in ("ends", "walk_id", "was"):
            table.drop_column(column)
    for before, unit in (("remind_day_before", "d"), ("remind_hours_before", "m")):
        op.add_column("person", sa.Column(before, sa.Boolean(), nullable=False, server_default=sa.false()))
        person = sa.table("person", sa.column("reminder_leads"), sa.column(before))
        wanted = person.c.reminder_leads.contains(unit)
        op.execute(person.update().where(wanted).values({before: sa.true()}))
    op.drop_column("person", "reminder_leads")
    notice = sa.table("notice", sa.column("kind"), sa.column("channel"), sa.column("lead"))
    op.execute(notice.delete().where(notice.c.kind.in_(KINDS_SINCE)))
    op.execute(notice.delete().where(notice.c.channel != "email"))
    op.execute(notice.delete().where(notice.c.lead.not_in(["", "1d", "120m"])))
    _one_of_each(f"{ONE_OF_EACH}_lead", ONE_OF_EACH, [], length=12)
    op.drop_column("notice", "lead")
    op.drop_column("notice", "spread")


def _keys_that_end_more() -> None:
    with op.batch_alter_table("unsubscribe") as table:
        table.add_column(sa.Column("ends", sa.String(length=24), nullable=False, server_default="reminders"))
        table.add_column(sa.Column("walk_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("was", sa.String(length=80), nullable=False, server_default=""))
        table.create_foreign_key(op.f("fk_unsubscribe_walk_id"), "walk", ["walk_id"], ["id"])


def _one_of_each(before: str, after: str, more: list[str], *, length: int) -> None:
    """One row of a kind and a way for each reason and person; SQLite can only change that by writing the table anew."""
    attempts = sa.CheckConstraint("attempts >= 0", name=op.f("ck_notice_attempts"))
    with op.batch_alter_table("notice", table_args=(attempts,)) as table:
        table.alter_column("channel", type_=sa.String(length=length), existing_nullable=False)
        table.drop_constraint(op.f(before), type_="unique")
        table.create_unique_constraint(op.f(after), ["about", "person_id", "kind", "channel", "revision", *more])
