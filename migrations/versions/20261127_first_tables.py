"""First tables"""

import sqlalchemy as sa
from alembic import op

revision = "20261127"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("story", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("evidence_sha256", sa.String(length=64), nullable=False),
        sa.Column("latest", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("first_seen_on", sa.Date(), nullable=False),
        sa.Column("last_seen_on", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_by", sa.String(length=80), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assigned_to", sa.String(length=80), nullable=True),
        sa.Column("silenced_until", sa.Date(), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("openings", sa.Integer(), nullable=False),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=80), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("close_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.create_index(
            "uq_alerts_open_story",
            ["story"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "audit_marks",
        sa.Column(
            "entry_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("entry_number", name=op.f("pk_audit_marks")),
    )
    with op.batch_alter_table("audit_marks", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_marks_audit_id_entry_number"), ["audit_id", "entry_number"], unique=False
        )

    op.create_table(
        "channels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret_name", sa.String(length=80), nullable=True),
        sa.Column("added_by", sa.String(length=80), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channels")),
        sa.UniqueConstraint("name", name=op.f("uq_channels_name")),
    )
    op.create_table(
        "editions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("setting", sa.String(length=40), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("coverage", sa.String(length=40), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("file_name", sa.String(length=260), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("rejections", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editions")),
        sa.UniqueConstraint(
            "kind", "setting", "name", "revision", name=op.f("uq_editions_kind_setting_name_revision")
        ),
    )
    op.create_table(
        "log_entries",
        sa.Column(
            "number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("previous_sha256", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_log_entries")),
    )
    op.create_table(
        "login_attempts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("name_sha256", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempts")),
    )
    with op.batch_alter_table("login_attempts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_attempts_address_at"), ["address", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_login_attempts_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_login_attempts_name_sha256_at"), ["name_sha256", "at"], unique=False)

    op.create_table(
        "monitor_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("ran_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monitor_runs")),
    )
    op.create_table(
        "monitor_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("added_by", sa.String(length=80), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monitor_versions")),
        sa.UniqueConstraint("name", "version", name=op.f("uq_monitor_versions_name_version")),
    )
    op.create_table(
        "pending_sign_ons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=80), nullable=False),
        sa.Column("verifier", sa.Text(), nullable=False),
        sa.Column("back", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_sign_ons")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_pending_sign_ons_token_sha256")),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.create_index(
            "uq_runs_unfinished",
            ["name"],
            unique=True,
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        )

    op.create_table(
        "sources",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sa.UniqueConstraint("name", name=op.f("uq_sources_name")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("display_name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("credential", sa.String(length=80), nullable=True),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("name", name=op.f("uq_users_name")),
    )
    op.create_table(
        "absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_absences_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absences_last_on"), ["last_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_absences_user_id"), ["user_id"], unique=False)

    op.create_table(
        "addon_pairs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("primary_code", sa.String(length=10), nullable=False),
        sa.Column("edit_type", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_addon_pairs_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addon_pairs")),
    )
    with op.batch_alter_table("addon_pairs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_addon_pairs_edition_id_code"), ["edition_id", "code"], unique=False)

    op.create_table(
        "calendar_feeds",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_calendar_feeds_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_calendar_feeds")),
    )
    op.create_table(
        "credentials",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("certificate_number", sa.String(length=80), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_credentials_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials")),
        sa.UniqueConstraint("user_id", "title", name=op.f("uq_credentials_user_id_title")),
    )
    op.create_table(
        "fee_schedule_rows",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("modifier", sa.String(length=4), nullable=False),
        sa.Column("status", sa.String(length=4), nullable=False),
        sa.Column("global_days", sa.String(length=4), nullable=False),
        sa.Column("pctc", sa.String(length=4), nullable=False),
        sa.Column("multiple", sa.String(length=4), nullable=False),
        sa.Column("bilateral", sa.String(length=4), nullable=False),
        sa.Column("assistant", sa.String(length=4), nullable=False),
        sa.Column("co_surgeon", sa.String(length=4), nullable=False),
        sa.Column("team", sa.String(length=4), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_fee_schedule_rows_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee_schedule_rows")),
    )
    with op.batch_alter_table("fee_schedule_rows", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_fee_schedule_rows_edition_id_code"), ["edition_id", "code"], unique=False
        )

    op.create_table(
        "guideline_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("ran_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ran_by", sa.String(length=80), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("editions", sa.Text(), nullable=False),
        sa.Column("not_judged", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_guideline_runs_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guideline_runs")),
    )
    with op.batch_alter_table("guideline_runs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guideline_runs_source_id"), ["source_id"], unique=False)

    op.create_table(
        "hcc_rows",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("model", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_hcc_rows_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hcc_rows")),
    )
    with op.batch_alter_table("hcc_rows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hcc_rows_edition_id_code"), ["edition_id", "code"], unique=False)

    op.create_table(
        "kept_weeks",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("recipe", sa.String(length=64), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("counts", sa.LargeBinary(), nullable=False),
        sa.Column("slices", sa.LargeBinary(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_kept_weeks_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_weeks")),
        sa.UniqueConstraint("source_id", "week_on", name=op.f("uq_kept_weeks_source_id_week_on")),
    )
    op.create_table(
        "listed_codes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("billable", sa.Boolean(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("title", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_listed_codes_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listed_codes")),
    )
    with op.batch_alter_table("listed_codes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_listed_codes_edition_id_code_title"), ["edition_id", "code", "title"], unique=False
        )

    op.create_table(
        "mue_values",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("adjudication", sa.Integer(), nullable=False),
        sa.Column("rationale", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_mue_values_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mue_values")),
    )
    with op.batch_alter_table("mue_values", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mue_values_edition_id_code"), ["edition_id", "code"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("idempotency_key", sa.String(length=200), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("channel", sa.String(length=80), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("body_text", sa.Text(), nullable=True),
        sa.Column("body_html", sa.Text(), nullable=True),
        sa.Column("chart_png", sa.LargeBinary(), nullable=True),
        sa.Column("alert_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_outbox_alert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_outbox_idempotency_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_state"), ["state"], unique=False)

    op.create_table(
        "pending_logins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_pending_logins_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_logins")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_pending_logins_token_sha256")),
    )
    op.create_table(
        "person_identifiers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_name", sa.String(length=80), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("folded", sa.String(length=400), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_name"], ["users.name"], name=op.f("fk_person_identifiers_user_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_identifiers")),
        sa.UniqueConstraint("field", "folded", name=op.f("uq_person_identifiers_field_folded")),
    )
    with op.batch_alter_table("person_identifiers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_identifiers_user_name"), ["user_name"], unique=False)

    op.create_table(
        "plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("where_sql", sa.Text(), nullable=True),
        sa.Column("coding_source", sa.String(length=40), nullable=True),
        sa.Column("stratify", sa.Text(), nullable=False),
        sa.Column("spread", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("date_basis", sa.String(length=40), nullable=False),
        sa.Column("objective", sa.String(length=40), nullable=False),
        sa.Column("confidence", sa.String(length=80), nullable=False),
        sa.Column("tolerable", sa.String(length=80), nullable=True),
        sa.Column("expected", sa.String(length=80), nullable=True),
        sa.Column("half_width", sa.String(length=80), nullable=True),
        sa.Column("variation", sa.String(length=80), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("repeat", sa.Text(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("auditors", sa.Text(), nullable=False),
        sa.Column("blind_share", sa.String(length=80), nullable=False),
        sa.Column("second_review_share", sa.String(length=80), nullable=False),
        sa.Column("timing", sa.String(length=40), nullable=False),
        sa.Column("prebill_rate", sa.String(length=80), nullable=True),
        sa.Column("hold_days", sa.Integer(), nullable=True),
        sa.Column("credentials", sa.Text(), nullable=False),
        sa.Column("second_signature", sa.Boolean(), nullable=False),
        sa.Column("finish_days", sa.Integer(), nullable=False),
        sa.Column("lead", sa.String(length=80), nullable=True),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.String(length=80), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_by", sa.String(length=80), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_plans_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("name", name=op.f("uq_plans_name")),
    )
    op.create_table(
        "population_counts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shares", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_population_counts_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_population_counts")),
    )
    with op.batch_alter_table("population_counts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_population_counts_source_id"), ["source_id"], unique=False)

    op.create_table(
        "ptp_groups",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("column1", sa.String(length=10), nullable=False),
        sa.Column("modifier_indicator", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("rationale", sa.String(length=200), nullable=False),
        sa.Column("column2s", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_ptp_groups_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ptp_groups")),
    )
    with op.batch_alter_table("ptp_groups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ptp_groups_edition_id_column1"), ["edition_id", "column1"], unique=False)

    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_recovery_codes_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint("user_id", "code_sha256", name=op.f("uq_recovery_codes_user_id_code_sha256")),
    )
    op.create_table(
        "second_factors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_second_factors_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factors")),
        sa.UniqueConstraint("user_id", name=op.f("uq_second_factors_user_id")),
    )
    op.create_table(
        "stream_readings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("monitor", sa.String(length=80), nullable=False),
        sa.Column("stream", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("statistic", sa.Double(), nullable=True),
        sa.Column("threshold", sa.Double(), nullable=True),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["monitor_runs.id"], name=op.f("fk_stream_readings_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stream_readings")),
    )
    with op.batch_alter_table("stream_readings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stream_readings_run_id"), ["run_id"], unique=False)

    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("delivery", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_subscriptions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint("user_id", "kind", name=op.f("uq_subscriptions_user_id_kind")),
    )
    op.create_table(
        "web_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_web_sessions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_sessions")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_web_sessions_token_sha256")),
    )
    with op.batch_alter_table("web_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_web_sessions_user_id"), ["user_id"], unique=False)

    op.create_table(
        "audits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("seed_sha256", sa.String(length=64), nullable=False),
        sa.Column("seed_source", sa.String(length=40), nullable=False),
        sa.Column("opened_by", sa.String(length=80), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("abandoned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("abandoned_by", sa.String(length=80), nullable=True),
        sa.Column("abandon_reason", sa.Text(), nullable=True),
        sa.Column("privileged", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_audits_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audits")),
    )
    with op.batch_alter_table("audits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audits_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "guideline_lines",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("served_week_on", sa.Date(), nullable=False),
        sa.Column("coding_source", sa.String(length=40), nullable=False),
        sa.Column("model_version", sa.String(length=120), nullable=True),
        sa.Column("provider", sa.String(length=120), nullable=True),
        sa.Column("payer", sa.String(length=120), nullable=True),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["guideline_runs.id"], name=op.f("fk_guideline_lines_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guideline_lines")),
    )
    with op.batch_alter_table("guideline_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guideline_lines_run_id_week_on"), ["run_id", "week_on"], unique=False)

    op.create_table(
        "guideline_tallies",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("served_week_on", sa.Date(), nullable=False),
        sa.Column("rule", sa.String(length=80), nullable=False),
        sa.Column("edition", sa.String(length=80), nullable=False),
        sa.Column("coding_source", sa.String(length=40), nullable=False),
        sa.Column("model_version", sa.String(length=120), nullable=True),
        sa.Column("provider", sa.String(length=120), nullable=True),
        sa.Column("payer", sa.String(length=120), nullable=True),
        sa.Column("violations", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["guideline_runs.id"], name=op.f("fk_guideline_tallies_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guideline_tallies")),
    )
    with op.batch_alter_table("guideline_tallies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guideline_tallies_run_id_week_on"), ["run_id", "week_on"], unique=False)

    op.create_table(
        "alert_steps",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("move", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("person", sa.String(length=80), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("audit_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_alert_steps_alert_id")),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.id"], name=op.f("fk_alert_steps_audit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_steps")),
    )
    with op.batch_alter_table("alert_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alert_steps_alert_id"), ["alert_id"], unique=False)

    op.create_table(
        "audit_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.String(length=80), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.id"], name=op.f("fk_audit_notes_audit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_notes")),
    )
    with op.batch_alter_table("audit_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_notes_audit_id"), ["audit_id"], unique=False)

    op.create_table(
        "corrective_actions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("education_topic", sa.String(length=200), nullable=True),
        sa.Column("audit_id", sa.Integer(), nullable=True),
        sa.Column("field", sa.String(length=40), nullable=True),
        sa.Column("value", sa.String(length=200), nullable=True),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("added_by", sa.String(length=80), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_by", sa.String(length=80), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("check_plan_id", sa.Integer(), nullable=True),
        sa.Column("check_first_on", sa.Date(), nullable=True),
        sa.Column("check_last_on", sa.Date(), nullable=True),
        sa.Column("checked_by", sa.String(length=80), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.id"], name=op.f("fk_corrective_actions_audit_id")),
        sa.ForeignKeyConstraint(["check_plan_id"], ["plans.id"], name=op.f("fk_corrective_actions_check_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrective_actions")),
    )
    with op.batch_alter_table("corrective_actions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_corrective_actions_audit_id"), ["audit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_corrective_actions_owner"), ["owner"], unique=False)
        batch_op.create_index(batch_op.f("ix_corrective_actions_state"), ["state"], unique=False)

    op.create_table(
        "counted_reports",
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("state_key", sa.String(length=80), nullable=False),
        sa.Column("entry_number", sa.BigInteger(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("report_sha256", sa.String(length=64), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("shared_claims", sa.Text(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.id"], name=op.f("fk_counted_reports_audit_id")),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("pk_counted_reports")),
    )
    op.create_table(
        "kept_outcomes",
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("outcomes", sa.LargeBinary(), nullable=False),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.id"], name=op.f("fk_kept_outcomes_audit_id")),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("pk_kept_outcomes")),
    )
    op.create_table(
        "overpayments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("payer", sa.String(length=200), nullable=True),
        sa.Column("identified_on", sa.Date(), nullable=False),
        sa.Column("investigated_from", sa.Date(), nullable=True),
        sa.Column("quantified_on", sa.Date(), nullable=True),
        sa.Column("quantified_cents", sa.BigInteger(), nullable=True),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("refunded_on", sa.Date(), nullable=True),
        sa.Column("refunded_cents", sa.BigInteger(), nullable=True),
        sa.Column("added_by", sa.String(length=80), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.id"], name=op.f("fk_overpayments_audit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overpayments")),
    )
    with op.batch_alter_table("overpayments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_overpayments_audit_id"), ["audit_id"], unique=False)

    op.create_table(
        "privileged_names",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("user_name", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.id"], name=op.f("fk_privileged_names_audit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privileged_names")),
        sa.UniqueConstraint("audit_id", "user_name", name=op.f("uq_privileged_names_audit_id_user_name")),
    )
    op.create_table(
        "sample_rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sample_size", sa.Integer(), nullable=False),
        sa.Column("algorithm", sa.String(length=80), nullable=False),
        sa.Column("derivation", sa.Text(), nullable=False),
        sa.Column("drawn_by", sa.String(length=80), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.id"], name=op.f("fk_sample_rounds_audit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_rounds")),
        sa.UniqueConstraint("audit_id", "number", name=op.f("uq_sample_rounds_audit_id_number")),
    )
    op.create_table(
        "sampling_frames",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("query_text", sa.Text(), nullable=False),
        sa.Column("claims", sa.BigInteger(), nullable=False),
        sa.Column("paid_cents", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("exclusions", sa.Text(), nullable=False),
        sa.Column("strata", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.id"], name=op.f("fk_sampling_frames_audit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sampling_frames")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_sampling_frames_audit_id")),
    )
    op.create_table(
        "sign_offs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("signer", sa.String(length=80), nullable=False),
        sa.Column("credential", sa.Text(), nullable=True),
        sa.Column("meaning", sa.Text(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tainted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.id"], name=op.f("fk_sign_offs_audit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_offs")),
    )
    with op.batch_alter_table("sign_offs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_offs_audit_id"), ["audit_id"], unique=False)

    op.create_table(
        "source_checks",
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("checked_by", sa.String(length=80), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("identical", sa.Boolean(), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("vanished", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.id"], name=op.f("fk_source_checks_audit_id")),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("pk_source_checks")),
    )
    op.create_table(
        "action_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["corrective_actions.id"], name=op.f("fk_action_entries_action_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_entries")),
        sa.UniqueConstraint("action_id", "number", name=op.f("uq_action_entries_action_id_number")),
    )
    op.create_table(
        "overpayment_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("overpayment_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["overpayment_id"], ["overpayments.id"], name=op.f("fk_overpayment_entries_overpayment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overpayment_entries")),
        sa.UniqueConstraint("overpayment_id", "number", name=op.f("uq_overpayment_entries_overpayment_id_number")),
    )
    op.create_table(
        "selections",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=200), nullable=False),
        sa.Column("claim_id", sa.String(length=200), nullable=False),
        sa.Column("line_number", sa.Integer(), nullable=True),
        sa.Column("stratum", sa.Text(), nullable=False),
        sa.Column("draw_order", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.String(length=64), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=True),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.id"], name=op.f("fk_selections_audit_id")),
        sa.ForeignKeyConstraint(["round_id"], ["sample_rounds.id"], name=op.f("fk_selections_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selections")),
        sa.UniqueConstraint("audit_id", "item_id", name=op.f("uq_selections_audit_id_item_id")),
    )
    with op.batch_alter_table("selections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_selections_claim_id_audit_id"), ["claim_id", "audit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_selections_round_id"), ["round_id"], unique=False)

    op.create_table(
        "audit_cases",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("selection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("coding_source", sa.String(length=40), nullable=False),
        sa.Column("model_version", sa.String(length=120), nullable=True),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("protected", sa.Text(), nullable=False),
        sa.Column("claim_sha256", sa.String(length=64), nullable=False),
        sa.Column("assigned_to", sa.String(length=80), nullable=True),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.Column("documentation_status", sa.String(length=40), nullable=False),
        sa.Column("review_status", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("reviewed_by", sa.String(length=80), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seconds_spent", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audits.id"], name=op.f("fk_audit_cases_audit_id")),
        sa.ForeignKeyConstraint(["selection_id"], ["selections.id"], name=op.f("fk_audit_cases_selection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_cases")),
        sa.UniqueConstraint("audit_id", "number", name=op.f("uq_audit_cases_audit_id_number")),
        sa.UniqueConstraint("selection_id", name=op.f("uq_audit_cases_selection_id")),
    )
    with op.batch_alter_table("audit_cases", schema=None) as batch_op:
        batch_op.create_index(
            "ix_audit_cases_progress",
            ["audit_id", "review_status", "documentation_status", "revision", "assigned_to", "seconds_spent"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_audit_cases_review_status_assigned_to_audit_id_number"),
            ["review_status", "assigned_to", "audit_id", "number"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_audit_cases_reviewed_by_audit_id"), ["reviewed_by", "audit_id"], unique=False
        )

    op.create_table(
        "applied_changes",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["audit_cases.id"], name=op.f("fk_applied_changes_case_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_applied_changes")),
    )
    with op.batch_alter_table("applied_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_applied_changes_applied_at"), ["applied_at"], unique=False)

    op.create_table(
        "bill_holds",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["audit_cases.id"], name=op.f("fk_bill_holds_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_bill_holds")),
    )
    with op.batch_alter_table("bill_holds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bill_holds_due_on"), ["due_on"], unique=False)

    op.create_table(
        "blind_codings",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("review_pass", sa.String(length=40), nullable=False),
        sa.Column("codes", sa.Text(), nullable=False),
        sa.Column("coded_by", sa.String(length=80), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["audit_cases.id"], name=op.f("fk_blind_codings_case_id")),
        sa.PrimaryKeyConstraint("case_id", "review_pass", name=op.f("pk_blind_codings")),
    )
    op.create_table(
        "case_views",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("user_name", sa.String(length=80), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("route", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["audit_cases.id"], name=op.f("fk_case_views_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_views")),
    )
    with op.batch_alter_table("case_views", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_views_case_id_at"), ["case_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_views_user_name_at"), ["user_name", "at"], unique=False)

    op.create_table(
        "documentation_requests",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("review_pass", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("requested_by", sa.String(length=80), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.String(length=80), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["audit_cases.id"], name=op.f("fk_documentation_requests_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documentation_requests")),
    )
    with op.batch_alter_table("documentation_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_documentation_requests_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_documentation_requests_state"), ["state"], unique=False)

    op.create_table(
        "further_reviews",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("review_pass", sa.String(length=40), nullable=False),
        sa.Column("assigned_to", sa.String(length=80), nullable=True),
        sa.Column("documentation_status", sa.String(length=40), nullable=False),
        sa.Column("review_status", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("reviewed_by", sa.String(length=80), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seconds_spent", sa.Integer(), nullable=False),
        sa.Column("differs", sa.Boolean(), nullable=True),
        sa.Column("replaced_documentation", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["audit_cases.id"], name=op.f("fk_further_reviews_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_further_reviews")),
        sa.UniqueConstraint("case_id", "review_pass", name=op.f("uq_further_reviews_case_id_review_pass")),
    )
    with op.batch_alter_table("further_reviews", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_further_reviews_review_pass_differs"), ["review_pass", "differs"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_further_reviews_review_status_assigned_to"), ["review_status", "assigned_to"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_further_reviews_reviewed_by_review_pass"), ["reviewed_by", "review_pass"], unique=False
        )

    op.create_table(
        "missed_queries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("noted_by", sa.String(length=80), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["audit_cases.id"], name=op.f("fk_missed_queries_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missed_queries")),
        sa.UniqueConstraint("case_id", name=op.f("uq_missed_queries_case_id")),
    )
    op.create_table(
        "provider_queries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("indicators", sa.Text(), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("addressee", sa.String(length=80), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("link_sha256", sa.String(length=64), nullable=True),
        sa.Column("link_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=320), nullable=True),
        sa.Column("answer_route", sa.String(length=40), nullable=True),
        sa.Column("answer_option", sa.Text(), nullable=True),
        sa.Column("answer_text", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=80), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["audit_cases.id"], name=op.f("fk_provider_queries_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_queries")),
        sa.UniqueConstraint("link_sha256", name=op.f("uq_provider_queries_link_sha256")),
    )
    with op.batch_alter_table("provider_queries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_provider_queries_addressee"), ["addressee"], unique=False)
        batch_op.create_index(batch_op.f("ix_provider_queries_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_provider_queries_state"), ["state"], unique=False)

    op.create_table(
        "rulings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("citation", sa.Text(), nullable=True),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("written_by", sa.String(length=80), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=80), nullable=True),
        sa.Column("replaced_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["audit_cases.id"], name=op.f("fk_rulings_case_id")),
        sa.ForeignKeyConstraint(["replaced_by"], ["rulings.id"], name=op.f("fk_rulings_replaced_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulings")),
    )
    op.create_table(
        "findings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("review_pass", sa.String(length=40), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("line", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("code_system", sa.String(length=40), nullable=False),
        sa.Column("code_submitted", sa.String(length=40), nullable=True),
        sa.Column("modifiers", sa.String(length=80), nullable=False),
        sa.Column("units", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("correct_code", sa.String(length=40), nullable=True),
        sa.Column("correct_modifiers", sa.String(length=80), nullable=True),
        sa.Column("correct_units", sa.Integer(), nullable=True),
        sa.Column("correct_sequence", sa.Integer(), nullable=True),
        sa.Column("error_type", sa.String(length=40), nullable=True),
        sa.Column("severity", sa.String(length=40), nullable=True),
        sa.Column("root_cause", sa.String(length=80), nullable=True),
        sa.Column("citation", sa.Text(), nullable=True),
        sa.Column("ruling", sa.Integer(), nullable=True),
        sa.Column("rationale", sa.Text(), nullable=True),
        sa.Column("correct_allowed_cents", sa.BigInteger(), nullable=True),
        sa.Column("found_by", sa.String(length=80), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["audit_cases.id"], name=op.f("fk_findings_case_id")),
        sa.ForeignKeyConstraint(["ruling"], ["rulings.id"], name=op.f("fk_findings_ruling")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
        sa.UniqueConstraint(
            "case_id",
            "review_pass",
            "stage",
            "line",
            "version",
            name=op.f("uq_findings_case_id_review_pass_stage_line_version"),
        ),
    )
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.create_index(
            "ix_findings_departures",
            ["code_submitted"],
            unique=False,
            sqlite_where=sa.text("outcome != 'agree'"),
            postgresql_where=sa.text("outcome != 'agree'"),
        )

    op.create_table(
        "ruling_codes",
        sa.Column("ruling_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["ruling_id"], ["rulings.id"], name=op.f("fk_ruling_codes_ruling_id")),
        sa.PrimaryKeyConstraint("ruling_id", "code", name=op.f("pk_ruling_codes")),
    )
    with op.batch_alter_table("ruling_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ruling_codes_code"), ["code"], unique=False)

    op.create_table(
        "rebuttals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("finding_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("line", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("argued_by", sa.String(length=80), nullable=False),
        sa.Column("argued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("escalated_to", sa.String(length=80), nullable=True),
        sa.Column("correct_code", sa.String(length=40), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["audit_cases.id"], name=op.f("fk_rebuttals_case_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_rebuttals_finding_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rebuttals")),
    )
    with op.batch_alter_table("rebuttals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rebuttals_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rebuttals_state"), ["state"], unique=False)

    op.create_table(
        "rebuttal_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("rebuttal_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("escalated_to", sa.String(length=80), nullable=True),
        sa.Column("correct_code", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["rebuttal_id"], ["rebuttals.id"], name=op.f("fk_rebuttal_entries_rebuttal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rebuttal_entries")),
        sa.UniqueConstraint("rebuttal_id", "number", name=op.f("uq_rebuttal_entries_rebuttal_id_number")),
    )


def downgrade() -> None:
    op.drop_table("rebuttal_entries")
    with op.batch_alter_table("rebuttals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rebuttals_state"))
        batch_op.drop_index(batch_op.f("ix_rebuttals_case_id"))

    op.drop_table("rebuttals")
    with op.batch_alter_table("ruling_codes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ruling_codes_code"))

    op.drop_table("ruling_codes")
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_findings_departures",
            sqlite_where=sa.text("outcome != 'agree'"),
            postgresql_where=sa.text("outcome != 'agree'"),
        )

    op.drop_table("findings")
    op.drop_table("rulings")
    with op.batch_alter_table("provider_queries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_provider_queries_state"))
        batch_op.drop_index(batch_op.f("ix_provider_queries_case_id"))
        batch_op.drop_index(batch_op.f("ix_provider_queries_addressee"))

    op.drop_table("provider_queries")
    op.drop_table("missed_queries")
    with op.batch_alter_table("further_reviews", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_further_reviews_reviewed_by_review_pass"))
        batch_op.drop_index(batch_op.f("ix_further_reviews_review_status_assigned_to"))
        batch_op.drop_index(batch_op.f("ix_further_reviews_review_pass_differs"))

    op.drop_table("further_reviews")
    with op.batch_alter_table("documentation_requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_documentation_requests_state"))
        batch_op.drop_index(batch_op.f("ix_documentation_requests_case_id"))

    op.drop_table("documentation_requests")
    with op.batch_alter_table("case_views", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_views_user_name_at"))
        batch_op.drop_index(batch_op.f("ix_case_views_case_id_at"))

    op.drop_table("case_views")
    op.drop_table("blind_codings")
    with op.batch_alter_table("bill_holds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bill_holds_due_on"))

    op.drop_table("bill_holds")
    with op.batch_alter_table("applied_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_applied_changes_applied_at"))

    op.drop_table("applied_changes")
    with op.batch_alter_table("audit_cases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_cases_reviewed_by_audit_id"))
        batch_op.drop_index(batch_op.f("ix_audit_cases_review_status_assigned_to_audit_id_number"))
        batch_op.drop_index("ix_audit_cases_progress")

    op.drop_table("audit_cases")
    with op.batch_alter_table("selections", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_selections_round_id"))
        batch_op.drop_index(batch_op.f("ix_selections_claim_id_audit_id"))

    op.drop_table("selections")
    op.drop_table("overpayment_entries")
    op.drop_table("action_entries")
    op.drop_table("source_checks")
    with op.batch_alter_table("sign_offs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_offs_audit_id"))

    op.drop_table("sign_offs")
    op.drop_table("sampling_frames")
    op.drop_table("sample_rounds")
    op.drop_table("privileged_names")
    with op.batch_alter_table("overpayments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_overpayments_audit_id"))

    op.drop_table("overpayments")
    op.drop_table("kept_outcomes")
    op.drop_table("counted_reports")
    with op.batch_alter_table("corrective_actions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_corrective_actions_state"))
        batch_op.drop_index(batch_op.f("ix_corrective_actions_owner"))
        batch_op.drop_index(batch_op.f("ix_corrective_actions_audit_id"))

    op.drop_table("corrective_actions")
    with op.batch_alter_table("audit_notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_notes_audit_id"))

    op.drop_table("audit_notes")
    with op.batch_alter_table("alert_steps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alert_steps_alert_id"))

    op.drop_table("alert_steps")
    with op.batch_alter_table("guideline_tallies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guideline_tallies_run_id_week_on"))

    op.drop_table("guideline_tallies")
    with op.batch_alter_table("guideline_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guideline_lines_run_id_week_on"))

    op.drop_table("guideline_lines")
    with op.batch_alter_table("audits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audits_plan_id"))

    op.drop_table("audits")
    with op.batch_alter_table("web_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_web_sessions_user_id"))

    op.drop_table("web_sessions")
    op.drop_table("subscriptions")
    with op.batch_alter_table("stream_readings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stream_readings_run_id"))

    op.drop_table("stream_readings")
    op.drop_table("second_factors")
    op.drop_table("recovery_codes")
    with op.batch_alter_table("ptp_groups", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ptp_groups_edition_id_column1"))

    op.drop_table("ptp_groups")
    with op.batch_alter_table("population_counts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_population_counts_source_id"))

    op.drop_table("population_counts")
    op.drop_table("plans")
    with op.batch_alter_table("person_identifiers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_identifiers_user_name"))

    op.drop_table("person_identifiers")
    op.drop_table("pending_logins")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_state"))

    op.drop_table("outbox")
    with op.batch_alter_table("mue_values", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mue_values_edition_id_code"))

    op.drop_table("mue_values")
    with op.batch_alter_table("listed_codes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_listed_codes_edition_id_code_title"))

    op.drop_table("listed_codes")
    op.drop_table("kept_weeks")
    with op.batch_alter_table("hcc_rows", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hcc_rows_edition_id_code"))

    op.drop_table("hcc_rows")
    with op.batch_alter_table("guideline_runs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guideline_runs_source_id"))

    op.drop_table("guideline_runs")
    with op.batch_alter_table("fee_schedule_rows", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fee_schedule_rows_edition_id_code"))

    op.drop_table("fee_schedule_rows")
    op.drop_table("credentials")
    op.drop_table("calendar_feeds")
    with op.batch_alter_table("addon_pairs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_addon_pairs_edition_id_code"))

    op.drop_table("addon_pairs")
    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_absences_user_id"))
        batch_op.drop_index(batch_op.f("ix_absences_last_on"))

    op.drop_table("absences")
    op.drop_table("users")
    op.drop_table("sources")
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_runs_unfinished",
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        )

    op.drop_table("runs")
    op.drop_table("pending_sign_ons")
    op.drop_table("monitor_versions")
    op.drop_table("monitor_runs")
    with op.batch_alter_table("login_attempts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_attempts_name_sha256_at"))
        batch_op.drop_index(batch_op.f("ix_login_attempts_at"))
        batch_op.drop_index(batch_op.f("ix_login_attempts_address_at"))

    op.drop_table("login_attempts")
    op.drop_table("log_entries")
    op.drop_table("editions")
    op.drop_table("channels")
    with op.batch_alter_table("audit_marks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_marks_audit_id_entry_number"))

    op.drop_table("audit_marks")
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_alerts_open_story",
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.drop_table("alerts")
