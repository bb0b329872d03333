"""Everyone together, who offers, resting and ending, a keepsake, a peer's well-being."""

import sqlalchemy as sa
from alembic import op

revision = "b2c3"
down_revision = "a1f0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "looks_after",
        sa.Column("peer_id", sa.Integer(), nullable=False),
        sa.Column("coordinator_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["coordinator_id"], ["person.id"], name=op.f("fk_looks_after_coordinator_id")),
        sa.ForeignKeyConstraint(["peer_id"], ["person.id"], name=op.f("fk_looks_after_peer_id")),
        sa.PrimaryKeyConstraint("peer_id", name=op.f("pk_looks_after")),
    )
    op.create_index(op.f("ix_looks_after_coordinator_id"), "looks_after", ["coordinator_id"], unique=False)
    op.create_table(
        "pair_mark",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("peer_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=24), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_pair_mark_by_id")),
        sa.ForeignKeyConstraint(["member_id"], ["person.id"], name=op.f("fk_pair_mark_member_id")),
        sa.ForeignKeyConstraint(["peer_id"], ["person.id"], name=op.f("fk_pair_mark_peer_id")),
        sa.PrimaryKeyConstraint("member_id", "peer_id", name=op.f("pk_pair_mark")),
    )
    op.create_index(
        "uq_pair_mark_pin",
        "pair_mark",
        ["member_id"],
        unique=True,
        sqlite_where=sa.text("mark = 'pin'"),
        postgresql_where=sa.text("mark = 'pin'"),
    )
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("fairness", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("weights_version", sa.Integer(), nullable=True),
        sa.Column("found", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("progress BETWEEN 0 AND 100", name=op.f("ck_proposal_progress")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_proposal_made_by")),
        sa.ForeignKeyConstraint(["weights_version"], ["weights.version"], name=op.f("fk_proposal_weights_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    op.create_index(
        "uq_proposal_open",
        "proposal",
        ["open"],
        unique=True,
        sqlite_where=sa.text("open"),
        postgresql_where=sa.text("open"),
    )
    op.create_table(
        "talk_wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_talk_wish_person_id")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_talk_wish_settled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk_wish")),
    )
    op.create_index(op.f("ix_talk_wish_person_id"), "talk_wish", ["person_id"], unique=False)
    op.create_table(
        "keepsake",
        sa.Column("walk_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_keepsake_person_id")),
        sa.ForeignKeyConstraint(["walk_id"], ["walk.id"], name=op.f("fk_keepsake_walk_id")),
        sa.PrimaryKeyConstraint("walk_id", "person_id", name=op.f("pk_keepsake")),
    )
    op.create_table(
        "offer",
        sa.Column("walk_id", sa.Integer(), nullable=False),
        sa.Column("peer_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=24), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["peer_id"], ["person.id"], name=op.f("fk_offer_peer_id")),
        sa.ForeignKeyConstraint(["walk_id"], ["walk.id"], name=op.f("fk_offer_walk_id")),
        sa.PrimaryKeyConstraint("walk_id", "peer_id", name=op.f("pk_offer")),
    )
    op.create_index(op.f("ix_offer_peer_id"), "offer", ["peer_id"], unique=False)
    op.create_table(
        "past_suggestion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("walk_id", sa.Integer(), nullable=False),
        sa.Column("peer_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("weights_version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["peer_id"], ["person.id"], name=op.f("fk_past_suggestion_peer_id")),
        sa.ForeignKeyConstraint(["walk_id"], ["walk.id"], name=op.f("fk_past_suggestion_walk_id")),
        sa.ForeignKeyConstraint(
            ["weights_version"], ["weights.version"], name=op.f("fk_past_suggestion_weights_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_suggestion")),
    )
    op.create_index(op.f("ix_past_suggestion_walk_id"), "past_suggestion", ["walk_id"], unique=False)
    op.create_table(
        "proposed_pair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("walk_id", sa.Integer(), nullable=False),
        sa.Column("peer_id", sa.Integer(), nullable=True),
        sa.Column("was_peer_id", sa.Integer(), nullable=True),
        sa.Column("walk_revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["peer_id"], ["person.id"], name=op.f("fk_proposed_pair_peer_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_proposed_pair_proposal_id")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_proposed_pair_settled_by")),
        sa.ForeignKeyConstraint(["walk_id"], ["walk.id"], name=op.f("fk_proposed_pair_walk_id")),
        sa.ForeignKeyConstraint(["was_peer_id"], ["person.id"], name=op.f("fk_proposed_pair_was_peer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposed_pair")),
        sa.UniqueConstraint("proposal_id", "walk_id", name=op.f("uq_proposed_pair_proposal_id_walk_id")),
    )
    op.create_index(op.f("ix_proposed_pair_peer_id"), "proposed_pair", ["peer_id"], unique=False)
    op.create_index(op.f("ix_proposed_pair_walk_id"), "proposed_pair", ["walk_id"], unique=False)
    op.create_table(
        "chat_felt",
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("felt", sa.String(length=24), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_chat_felt_booking_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_chat_felt_person_id")),
        sa.PrimaryKeyConstraint("booking_id", "person_id", name=op.f("pk_chat_felt")),
    )
    op.create_index(op.f("ix_chat_felt_person_id_at"), "chat_felt", ["person_id", "at"], unique=False)
    op.create_index(op.f("ix_peer_topic_topic_id"), "peer_topic", ["topic_id"], unique=False)
    op.add_column("peer_profile", sa.Column("ready_asked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("peer_profile", sa.Column("fine_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("suggestion", sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("walk", sa.Column("ends_on", sa.Date(), nullable=True))
    op.add_column("weights", sa.Column("note", sa.Text(), nullable=True))


# What the version before does not know is told in its words: it could not read the rows otherwise.
STATES_BEFORE = {"offering": "shortlisted", "resting": "walking", "ending": "walking", "ended": "closed"}
STEPS_BEFORE = {
    "ask_who_offers": "shortlist",
    "offers_close": "shortlist",
    "rest": "keep_going",
    "walk_on": "keep_going",
    "end": "keep_going",
    "farewell": "stop",
}
KINDS_SINCE = (
    "offer_asked",
    "offer_made",
    "ready_again",
    "find_a_time",
    "walk_rests",
    "walk_goes_on",
    "walk_ending",
    "keepsake",
)


def in_words_before(table: str, column: str, words: dict[str, str]) -> None:
    target = sa.table(table, sa.column(column))
    for since, before in words.items():
        op.execute(target.update().where(target.c[column] == since).values({column: before}))


def downgrade() -> None:
    for table, column in (("walk", "state"), ("walk_step", "was"), ("walk_step", "became")):
        in_words_before(table, column, STATES_BEFORE)
    in_words_before("walk_step", "step", STEPS_BEFORE)
    notice = sa.table("notice", sa.column("kind"))
    op.execute(notice.delete().where(notice.c.kind.in_(KINDS_SINCE)))
    op.drop_column("weights", "note")
    op.drop_column("walk", "ends_on")
    op.drop_column("suggestion", "offered_at")
    op.drop_column("peer_profile", "fine_at")
    op.drop_column("peer_profile", "ready_asked_at")
    op.drop_index(op.f("ix_peer_topic_topic_id"), table_name="peer_topic")
    op.drop_index(op.f("ix_chat_felt_person_id_at"), table_name="chat_felt")
    op.drop_table("chat_felt")
    op.drop_index(op.f("ix_proposed_pair_walk_id"), table_name="proposed_pair")
    op.drop_index(op.f("ix_proposed_pair_peer_id"), table_name="proposed_pair")
    op.drop_table("proposed_pair")
    op.drop_index(op.f("ix_past_suggestion_walk_id"), table_name="past_suggestion")
    op.drop_table("past_suggestion")
    op.drop_index(op.f("ix_offer_peer_id"), table_name="offer")
    op.drop_table("offer")
    op.drop_table("keepsake")
    op.drop_index(op.f("ix_talk_wish_person_id"), table_name="talk_wish")
    op.drop_table("talk_wish")
    op.drop_index(
        "uq_proposal_open", table_name="proposal", sqlite_where=sa.text("open"), postgresql_where=sa.text("open")
    )
    op.drop_table("proposal")
    op.drop_index(
        "uq_pair_mark_pin",
        table_name="pair_mark",
        sqlite_where=sa.text("mark = 'pin'"),
        postgresql_where=sa.text("mark = 'pin'"),
    )
    op.drop_table("pair_mark")
    op.drop_index(op.f("ix_looks_after_coordinator_id"), table_name="looks_after")
    op.drop_table("looks_after")
