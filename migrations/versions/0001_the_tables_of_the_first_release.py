"""The tables of the first release"""

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None


# Microseconds since 1970 on SQLite, which has no type for moments.
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "answer",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_answer")),
        sa.UniqueConstraint("region", "key", name=op.f("uq_answer_region_key")),
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_at"), ["at"], unique=False)

    op.create_table(
        "audit_chain",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("chain", sa.String(length=80), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("anchored", sa.Integer(), nullable=False),
        sa.Column("moved_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("region", "chain", name=op.f("pk_audit_chain")),
    )
    with op.batch_alter_table("audit_chain", schema=None) as batch_op:
        batch_op.create_index(
            "ix_audit_chain_loose",
            ["moved_at"],
            unique=False,
            sqlite_where=sa.text("n > anchored"),
            postgresql_where=sa.text("n > anchored"),
        )

    op.create_table(
        "audit_entry",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chain", sa.String(length=80), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("capacity", sa.String(length=20), nullable=False),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("ground", sa.Text(), nullable=True),
        sa.Column("clause", sa.String(length=300), nullable=True),
        sa.Column("payload_digest", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("region", "chain", "n", name=op.f("uq_audit_entry_region_chain_n")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entry_actor", ["region", "actor_id", "id"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("heads", sa.LargeBinary(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_payload",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("payload_sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_audit_payload")),
    )
    op.create_table(
        "calendar_day",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_calendar_day")),
        sa.UniqueConstraint("region", "on", name=op.f("uq_calendar_day_region_on")),
    )
    op.create_table(
        "counter",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("office", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("region", "name", "year", "office", name=op.f("pk_counter")),
    )
    op.create_table(
        "deployment",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("deployed_at", MOMENT, nullable=False),
        sa.Column("deployed_by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment")),
    )
    op.create_table(
        "history",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("instance_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("command", sa.String(length=40), nullable=False),
        sa.Column("events", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("region", "instance_id", "n", name=op.f("pk_history")),
    )
    op.create_table(
        "incident",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instance_id", sa.BigInteger(), nullable=False),
        sa.Column("root_id", sa.BigInteger(), nullable=False),
        sa.Column("definition_id", sa.BigInteger(), nullable=False),
        sa.Column("element_id", sa.String(length=255), nullable=False),
        sa.Column("element_instance_id", sa.BigInteger(), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_incident")),
    )
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incident_region_instance_id"), ["region", "instance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incident_region_root_id"), ["region", "root_id"], unique=False)

    op.create_table(
        "job",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instance_id", sa.BigInteger(), nullable=False),
        sa.Column("root_id", sa.BigInteger(), nullable=False),
        sa.Column("definition_id", sa.BigInteger(), nullable=False),
        sa.Column("element_id", sa.String(length=255), nullable=False),
        sa.Column("element_instance_id", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.String(length=255), nullable=False),
        sa.Column("retries", sa.Integer(), nullable=False),
        sa.Column("headers", sa.LargeBinary(), nullable=False),
        sa.Column("properties", sa.LargeBinary(), nullable=False),
        sa.Column("available_at", MOMENT, nullable=False),
        sa.Column("locked_by", sa.String(length=255), nullable=True),
        sa.Column("locked_until", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(
            "ix_job_available",
            ["type", "available_at"],
            unique=False,
            sqlite_where=sa.text("retries > 0"),
            postgresql_where=sa.text("retries > 0"),
        )
        batch_op.create_index(batch_op.f("ix_job_region_instance_id"), ["region", "instance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_job_region_root_id"), ["region", "root_id"], unique=False)

    op.create_table(
        "manual_clock",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("now_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manual_clock")),
    )
    op.create_table(
        "message",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("message_id", sa.String(length=255), nullable=True),
        sa.Column("variables", sa.LargeBinary(), nullable=False),
        sa.Column("taken_by", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_message")),
        sa.UniqueConstraint("region", "name", "key", "message_id", name=op.f("uq_message_region_name_key_message_id")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("ix_message_expires", ["expires_at"], unique=False)
        batch_op.create_index("ix_message_name", ["region", "name", "key"], unique=False)

    op.create_table(
        "node",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_node")),
    )
    op.create_table(
        "notification",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("audience", sa.String(length=120), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("text_id", sa.String(length=60), nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_notification")),
    )
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.create_index("ix_notification_audience", ["region", "audience", "sent_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_notification_region_case_id"), ["region", "case_id"], unique=False)

    op.create_table(
        "office",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_office")),
        sa.UniqueConstraint("region", "code", name=op.f("uq_office_region_code")),
    )
    with op.batch_alter_table("office", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_office_region_parent_id"), ["region", "parent_id"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("cause", sa.String(length=200), nullable=True),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("payload_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("region", "cause", name=op.f("uq_outbox_region_cause")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_due",
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "policy_edition",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("decision_id", sa.String(length=255), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("applies_to", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_policy_edition")),
        sa.UniqueConstraint(
            "region", "decision_id", "version", name=op.f("uq_policy_edition_region_decision_id_version")
        ),
    )
    with op.batch_alter_table("policy_edition", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_policy_edition_region_decision_id_effective_from"),
            ["region", "decision_id", "effective_from"],
            unique=False,
        )

    op.create_table(
        "sign_in_failure",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_sign_in_failure")),
    )
    with op.batch_alter_table("sign_in_failure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_failure_address_at"), ["address", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_failure_login_at"), ["login", "at"], unique=False)

    op.create_table(
        "staff",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_staff")),
        sa.UniqueConstraint("login", name=op.f("uq_staff_login")),
    )
    op.create_table(
        "subscription",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instance_id", sa.BigInteger(), nullable=False),
        sa.Column("root_id", sa.BigInteger(), nullable=False),
        sa.Column("definition_id", sa.BigInteger(), nullable=False),
        sa.Column("element_id", sa.String(length=255), nullable=False),
        sa.Column("element_instance_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=True),
        sa.Column("properties", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_subscription")),
    )
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.create_index("ix_subscription_name", ["region", "kind", "name", "key"], unique=False)
        batch_op.create_index(batch_op.f("ix_subscription_region_instance_id"), ["region", "instance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_subscription_region_root_id"), ["region", "root_id"], unique=False)

    op.create_table(
        "thrown",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=True),
        sa.Column("variables", sa.LargeBinary(), nullable=False),
        sa.Column("receiver", sa.LargeBinary(), nullable=True),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("stuck", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_thrown")),
    )
    with op.batch_alter_table("thrown", schema=None) as batch_op:
        batch_op.create_index("ix_thrown_due", ["due_at"], unique=False)

    op.create_table(
        "timer",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instance_id", sa.BigInteger(), nullable=False),
        sa.Column("root_id", sa.BigInteger(), nullable=False),
        sa.Column("definition_id", sa.BigInteger(), nullable=False),
        sa.Column("element_id", sa.String(length=255), nullable=False),
        sa.Column("element_instance_id", sa.BigInteger(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("cycle", sa.LargeBinary(), nullable=True),
        sa.Column("properties", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_timer")),
    )
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.create_index("ix_timer_due", ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_timer_region_instance_id"), ["region", "instance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_timer_region_root_id"), ["region", "root_id"], unique=False)

    op.create_table(
        "user_task",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instance_id", sa.BigInteger(), nullable=False),
        sa.Column("root_id", sa.BigInteger(), nullable=False),
        sa.Column("definition_id", sa.BigInteger(), nullable=False),
        sa.Column("element_id", sa.String(length=255), nullable=False),
        sa.Column("element_instance_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("form_id", sa.BigInteger(), nullable=True),
        sa.Column("external_form", sa.String(length=500), nullable=True),
        sa.Column("assignee", sa.String(length=255), nullable=True),
        sa.Column("candidate_users", sa.LargeBinary(), nullable=False),
        sa.Column("candidate_groups", sa.LargeBinary(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("properties", sa.LargeBinary(), nullable=False),
        sa.Column("loop", sa.LargeBinary(), nullable=True),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_user_task")),
    )
    with op.batch_alter_table("user_task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_task_region_instance_id"), ["region", "instance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_user_task_region_root_id"), ["region", "root_id"], unique=False)

    op.create_table(
        "variable",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("instance_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("scope_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("region", "instance_id", "name", "scope_id", name=op.f("pk_variable")),
    )
    op.create_table(
        "credential",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "id"], ["staff.region", "staff.id"], name=op.f("fk_credential_region_id_staff")
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_credential")),
    )
    op.create_table(
        "holding",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("post", sa.String(length=60), nullable=False),
        sa.Column("office_id", sa.BigInteger(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["region", "office_id"], ["office.region", "office.id"], name=op.f("fk_holding_region_office_id_office")
        ),
        sa.ForeignKeyConstraint(
            ["region", "staff_id"], ["staff.region", "staff.id"], name=op.f("fk_holding_region_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_holding")),
    )
    with op.batch_alter_table("holding", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_holding_region_office_id_post"), ["region", "office_id", "post"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_holding_region_staff_id"), ["region", "staff_id"], unique=False)

    op.create_table(
        "person",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("pinyin", sa.String(length=300), nullable=False),
        sa.Column("initials", sa.String(length=100), nullable=False),
        sa.Column("sex", sa.String(length=10), nullable=True),
        sa.Column("birth_on", sa.Date(), nullable=True),
        sa.Column("id_type", sa.String(length=30), nullable=True),
        sa.Column("id_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id_hash", sa.String(length=64), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("bank_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("health_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("village_id", sa.BigInteger(), nullable=True),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "village_id"], ["office.region", "office.id"], name=op.f("fk_person_region_village_id_office")
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_person")),
        sa.UniqueConstraint("region", "id_hash", name=op.f("uq_person_region_id_hash")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_region_initials"), ["region", "initials"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_region_name"), ["region", "name"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_region_pinyin"), ["region", "pinyin"], unique=False)

    op.create_table(
        "relation",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("household_id", sa.BigInteger(), nullable=True),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("nature", sa.String(length=40), nullable=True),
        sa.Column("care", sa.Boolean(), nullable=True),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("said_by", sa.String(length=100), nullable=False),
        sa.Column("since_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("bars", sa.Boolean(), nullable=False),
        sa.Column("row_id", sa.String(length=60), nullable=True),
        sa.Column("clause", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "staff_id"], ["staff.region", "staff.id"], name=op.f("fk_relation_region_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_relation")),
    )
    with op.batch_alter_table("relation", schema=None) as batch_op:
        batch_op.create_index(
            "ix_relation_barring",
            ["region", "staff_id"],
            unique=False,
            sqlite_where=sa.text("bars and ended_at is null"),
            postgresql_where=sa.text("bars and ended_at is null"),
        )
        batch_op.create_index(batch_op.f("ix_relation_region_case_id"), ["region", "case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_relation_region_household_id"), ["region", "household_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_relation_region_person_id"), ["region", "person_id"], unique=False)

    op.create_table(
        "resource",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("deployment_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name=op.f("fk_resource_deployment_id_deployment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource")),
    )
    op.create_table(
        "staff_session",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["region", "staff_id"], ["staff.region", "staff.id"], name=op.f("fk_staff_session_region_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_staff_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_session_token_hash")),
    )
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_session_region_staff_id"), ["region", "staff_id"], unique=False)

    op.create_table(
        "definition",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("version_tag", sa.String(length=255), nullable=True),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("deployment_id", sa.BigInteger(), nullable=False),
        sa.Column("resource_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("extra", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name=op.f("fk_definition_deployment_id_deployment")
        ),
        sa.ForeignKeyConstraint(["resource_id"], ["resource.id"], name=op.f("fk_definition_resource_id_resource")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition")),
        sa.UniqueConstraint("kind", "key", "version", name=op.f("uq_definition_kind_key_version")),
    )
    with op.batch_alter_table("definition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_definition_deployment_id"), ["deployment_id"], unique=False)

    op.create_table(
        "household",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("file_no", sa.String(length=40), nullable=False),
        sa.Column("head_id", sa.BigInteger(), nullable=True),
        sa.Column("village_id", sa.BigInteger(), nullable=True),
        sa.Column("urban", sa.Boolean(), nullable=True),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "head_id"], ["person.region", "person.id"], name=op.f("fk_household_region_head_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["region", "village_id"], ["office.region", "office.id"], name=op.f("fk_household_region_village_id_office")
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_household")),
        sa.UniqueConstraint("region", "file_no", name=op.f("uq_household_region_file_no")),
    )
    with op.batch_alter_table("household", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_household_region_head_id"), ["region", "head_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_household_region_village_id"), ["region", "village_id"], unique=False)

    op.create_table(
        "case_file",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_no", sa.String(length=60), nullable=False),
        sa.Column("root_instance_id", sa.BigInteger(), nullable=False),
        sa.Column("definition_id", sa.BigInteger(), nullable=False),
        sa.Column("process_id", sa.String(length=255), nullable=False),
        sa.Column("process_version", sa.Integer(), nullable=False),
        sa.Column("procedure_name", sa.String(length=200), nullable=False),
        sa.Column("procedure_name_en", sa.String(length=200), nullable=False),
        sa.Column("matter", sa.String(length=60), nullable=True),
        sa.Column("aid_kind", sa.String(length=60), nullable=True),
        sa.Column("channel", sa.String(length=30), nullable=True),
        sa.Column("person_name", sa.String(length=100), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=True),
        sa.Column("office_id", sa.BigInteger(), nullable=False),
        sa.Column("village_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=60), nullable=True),
        sa.Column("started_by", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("origin_job_id", sa.BigInteger(), nullable=True),
        sa.Column("cause", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["region", "household_id"],
            ["household.region", "household.id"],
            name=op.f("fk_case_file_region_household_id_household"),
        ),
        sa.ForeignKeyConstraint(
            ["region", "office_id"], ["office.region", "office.id"], name=op.f("fk_case_file_region_office_id_office")
        ),
        sa.ForeignKeyConstraint(
            ["region", "started_by"], ["staff.region", "staff.id"], name=op.f("fk_case_file_region_started_by_staff")
        ),
        sa.ForeignKeyConstraint(
            ["region", "village_id"], ["office.region", "office.id"], name=op.f("fk_case_file_region_village_id_office")
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("region", "case_no", name=op.f("uq_case_file_region_case_no")),
        sa.UniqueConstraint("region", "cause", name=op.f("uq_case_file_region_cause")),
        sa.UniqueConstraint("region", "origin_job_id", name=op.f("uq_case_file_region_origin_job_id")),
        sa.UniqueConstraint("region", "root_instance_id", name=op.f("uq_case_file_region_root_instance_id")),
    )
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.create_index("ix_case_file_office", ["region", "office_id", "state", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_file_region_household_id"), ["region", "household_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_file_region_started_by"), ["region", "started_by"], unique=False)

    op.create_table(
        "deployed",
        sa.Column("deployment_id", sa.BigInteger(), nullable=False),
        sa.Column("definition_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["definition.id"], name=op.f("fk_deployed_definition_id_definition")
        ),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name=op.f("fk_deployed_deployment_id_deployment")
        ),
        sa.PrimaryKeyConstraint("deployment_id", "definition_id", name=op.f("pk_deployed")),
    )
    op.create_table(
        "instance",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root_id", sa.BigInteger(), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("parent_element_instance_id", sa.BigInteger(), nullable=True),
        sa.Column("definition_id", sa.BigInteger(), nullable=False),
        sa.Column("process_id", sa.String(length=255), nullable=False),
        sa.Column("business_key", sa.String(length=255), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("tokens", sa.LargeBinary(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["definition.id"], name=op.f("fk_instance_definition_id_definition")
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_instance")),
    )
    with op.batch_alter_table("instance", schema=None) as batch_op:
        batch_op.create_index(
            "ix_instance_active_definition",
            ["definition_id"],
            unique=False,
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        )
        batch_op.create_index(batch_op.f("ix_instance_region_root_id"), ["region", "root_id"], unique=False)

    op.create_table(
        "member",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["region", "household_id"],
            ["household.region", "household.id"],
            name=op.f("fk_member_region_household_id_household"),
        ),
        sa.ForeignKeyConstraint(
            ["region", "person_id"], ["person.region", "person.id"], name=op.f("fk_member_region_person_id_person")
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_member")),
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_region_household_id"), ["region", "household_id"], unique=False)
        batch_op.create_index(
            "uq_member_open",
            ["region", "person_id"],
            unique=True,
            sqlite_where=sa.text("until_on is null"),
            postgresql_where=sa.text("until_on is null"),
        )

    op.create_table(
        "start_subscription",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("process_id", sa.String(length=255), nullable=False),
        sa.Column("definition_id", sa.BigInteger(), nullable=False),
        sa.Column("element_id", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["definition.id"], name=op.f("fk_start_subscription_definition_id_definition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_start_subscription")),
    )
    with op.batch_alter_table("start_subscription", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_start_subscription_kind_name"), ["kind", "name"], unique=False)
        batch_op.create_index(batch_op.f("ix_start_subscription_process_id"), ["process_id"], unique=False)

    op.create_table(
        "start_timer",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("process_id", sa.String(length=255), nullable=False),
        sa.Column("definition_id", sa.BigInteger(), nullable=False),
        sa.Column("element_id", sa.String(length=255), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("cycle", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["definition.id"], name=op.f("fk_start_timer_definition_id_definition")
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_start_timer")),
    )
    with op.batch_alter_table("start_timer", schema=None) as batch_op:
        batch_op.create_index("ix_start_timer_due", ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_start_timer_process_id"), ["process_id"], unique=False)

    op.create_table(
        "aid",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("grade", sa.String(length=60), nullable=True),
        sa.Column("amount", sa.String(length=50), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["region", "case_id"], ["case_file.region", "case_file.id"], name=op.f("fk_aid_region_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_aid")),
    )
    with op.batch_alter_table("aid", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_aid_region_case_id"), ["region", "case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_aid_region_household_id"), ["region", "household_id"], unique=False)

    op.create_table(
        "archive_file",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("file_no", sa.String(length=60), nullable=True),
        sa.Column("record_class", sa.String(length=60), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("pieces", sa.Integer(), nullable=True),
        sa.Column("secrecy", sa.String(length=60), nullable=True),
        sa.Column("retention_until", sa.Date(), nullable=True),
        sa.Column("retention_clause", sa.String(length=100), nullable=True),
        sa.Column("sealed_at", MOMENT, nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["region", "case_id"],
            ["case_file.region", "case_file.id"],
            name=op.f("fk_archive_file_region_case_id_case_file"),
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_archive_file")),
        sa.UniqueConstraint(
            "region", "case_id", "record_class", name=op.f("uq_archive_file_region_case_id_record_class")
        ),
        sa.UniqueConstraint("region", "file_no", name=op.f("uq_archive_file_region_file_no")),
    )
    op.create_table(
        "case_link",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("from_case_id", sa.BigInteger(), nullable=False),
        sa.Column("to_case_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "from_case_id"],
            ["case_file.region", "case_file.id"],
            name=op.f("fk_case_link_region_from_case_id_case_file"),
        ),
        sa.ForeignKeyConstraint(
            ["region", "to_case_id"],
            ["case_file.region", "case_file.id"],
            name=op.f("fk_case_link_region_to_case_id_case_file"),
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_case_link")),
        sa.UniqueConstraint(
            "region",
            "from_case_id",
            "to_case_id",
            "kind",
            name=op.f("uq_case_link_region_from_case_id_to_case_id_kind"),
        ),
    )
    with op.batch_alter_table("case_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_link_region_to_case_id"), ["region", "to_case_id"], unique=False)

    op.create_table(
        "clock",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("item", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("length", sa.String(length=50), nullable=False),
        sa.Column("rolls", sa.Boolean(), nullable=False),
        sa.Column("amber_share", sa.String(length=50), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("amber_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("remaining", sa.String(length=50), nullable=False),
        sa.Column("extensions", sa.Integer(), nullable=False),
        sa.Column("follows", sa.String(length=40), nullable=True),
        sa.Column("calendar_version", sa.Integer(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("clause", sa.String(length=300), nullable=False),
        sa.Column("row_id", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(
            ["region", "case_id"], ["case_file.region", "case_file.id"], name=op.f("fk_clock_region_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_clock")),
    )
    with op.batch_alter_table("clock", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clock_region_case_id"), ["region", "case_id"], unique=False)
        batch_op.create_index(
            "uq_clock_open",
            ["region", "case_id", "code", "item"],
            unique=True,
            sqlite_where=sa.text("state <> 'stopped'"),
            postgresql_where=sa.text("state <> 'stopped'"),
        )

    op.create_table(
        "document",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("type", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "case_id"],
            ["case_file.region", "case_file.id"],
            name=op.f("fk_document_region_case_id_case_file"),
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_document")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_region_case_id"), ["region", "case_id"], unique=False)

    op.create_table(
        "human_task",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=True),
        sa.Column("office_id", sa.BigInteger(), nullable=False),
        sa.Column("instance_id", sa.BigInteger(), nullable=False),
        sa.Column("process_id", sa.String(length=255), nullable=False),
        sa.Column("procedure_name", sa.String(length=200), nullable=False),
        sa.Column("procedure_name_en", sa.String(length=200), nullable=False),
        sa.Column("case_no", sa.String(length=60), nullable=False),
        sa.Column("person_name", sa.String(length=100), nullable=False),
        sa.Column("element_id", sa.String(length=255), nullable=False),
        sa.Column("element_name", sa.String(length=500), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("title_en", sa.String(length=500), nullable=False),
        sa.Column("form_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("resumes_as", sa.String(length=20), nullable=True),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("audiences", sa.Text(), nullable=False),
        sa.Column("assignee_id", sa.BigInteger(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("clock_ref", sa.String(length=250), nullable=True),
        sa.Column("clock_id", sa.BigInteger(), nullable=True),
        sa.Column("stage", sa.String(length=40), nullable=True),
        sa.Column("not_by", sa.Text(), nullable=False),
        sa.Column("allowed", sa.Text(), nullable=True),
        sa.Column("second", sa.String(length=100), nullable=True),
        sa.Column("second_id", sa.BigInteger(), nullable=True),
        sa.Column("clause", sa.String(length=300), nullable=False),
        sa.Column("offered_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.Column("claimed_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("closed_by", sa.BigInteger(), nullable=True),
        sa.Column("closed_for", sa.BigInteger(), nullable=True),
        sa.Column("closed_how", sa.String(length=30), nullable=True),
        sa.Column("vote", sa.String(length=30), nullable=True),
        sa.Column("return_to", sa.BigInteger(), nullable=True),
        sa.Column("urged", sa.Integer(), nullable=False),
        sa.Column("urged_at", MOMENT, nullable=True),
        sa.Column("why", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "case_id"],
            ["case_file.region", "case_file.id"],
            name=op.f("fk_human_task_region_case_id_case_file"),
        ),
        sa.ForeignKeyConstraint(
            ["region", "office_id"], ["office.region", "office.id"], name=op.f("fk_human_task_region_office_id_office")
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_human_task")),
    )
    with op.batch_alter_table("human_task", schema=None) as batch_op:
        batch_op.create_index(
            "ix_human_task_clock",
            ["region", "clock_id"],
            unique=False,
            sqlite_where=sa.text("state <> 'closed'"),
            postgresql_where=sa.text("state <> 'closed'"),
        )
        batch_op.create_index(
            "ix_human_task_done",
            ["region", "closed_by", "closed_at", "id"],
            unique=False,
            sqlite_where=sa.text("closed_by is not null"),
            postgresql_where=sa.text("closed_by is not null"),
        )
        batch_op.create_index("ix_human_task_element", ["region", "case_id", "element_id"], unique=False)
        batch_op.create_index(
            "ix_human_task_household",
            ["region", "household_id"],
            unique=False,
            sqlite_where=sa.text("state <> 'closed'"),
            postgresql_where=sa.text("state <> 'closed'"),
        )
        batch_op.create_index(
            "ix_human_task_mine",
            ["region", "assignee_id", "rank", "due_at", "id"],
            unique=False,
            sqlite_where=sa.text("state <> 'closed'"),
            postgresql_where=sa.text("state <> 'closed'"),
        )
        batch_op.create_index(
            "ix_human_task_office",
            ["region", "office_id", "rank", "due_at", "id"],
            unique=False,
            sqlite_where=sa.text("state <> 'closed'"),
            postgresql_where=sa.text("state <> 'closed'"),
        )

    op.create_table(
        "ledger_entry",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ledger", sa.String(length=10), nullable=False),
        sa.Column("entry_no", sa.String(length=60), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("office_id", sa.BigInteger(), nullable=False),
        sa.Column("item", sa.String(length=200), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("struck_on", sa.Date(), nullable=True),
        sa.Column("red_at", MOMENT, nullable=True),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "case_id"],
            ["case_file.region", "case_file.id"],
            name=op.f("fk_ledger_entry_region_case_id_case_file"),
        ),
        sa.ForeignKeyConstraint(
            ["region", "office_id"],
            ["office.region", "office.id"],
            name=op.f("fk_ledger_entry_region_office_id_office"),
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("region", "ledger", "entry_no", name=op.f("uq_ledger_entry_region_ledger_entry_no")),
    )
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.create_index("ix_ledger_entry_office", ["region", "ledger", "office_id", "opened_on"], unique=False)
        batch_op.create_index(
            "ix_ledger_entry_open",
            ["region", "ledger", "office_id"],
            unique=False,
            sqlite_where=sa.text("struck_on is null"),
            postgresql_where=sa.text("struck_on is null"),
        )
        batch_op.create_index(batch_op.f("ix_ledger_entry_region_case_id"), ["region", "case_id"], unique=False)

    op.create_table(
        "payment",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("payee", sa.String(length=100), nullable=False),
        sa.Column("amount", sa.String(length=50), nullable=False),
        sa.Column("way", sa.String(length=60), nullable=False),
        sa.Column("receipt", sa.String(length=100), nullable=False),
        sa.Column("part", sa.Boolean(), nullable=False),
        sa.Column("paid_at", MOMENT, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "case_id"],
            ["case_file.region", "case_file.id"],
            name=op.f("fk_payment_region_case_id_case_file"),
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_payment")),
        sa.UniqueConstraint("region", "job_id", name=op.f("uq_payment_region_job_id")),
    )
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_region_case_id"), ["region", "case_id"], unique=False)

    op.create_table(
        "policy_snapshot",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("jurisdiction", sa.String(length=40), nullable=False),
        sa.Column("aid_kind", sa.String(length=60), nullable=True),
        sa.Column("editions", sa.LargeBinary(), nullable=False),
        sa.Column("values", sa.LargeBinary(), nullable=False),
        sa.Column("units", sa.LargeBinary(), nullable=False),
        sa.Column("row_ids", sa.LargeBinary(), nullable=False),
        sa.Column("clauses", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "case_id"],
            ["case_file.region", "case_file.id"],
            name=op.f("fk_policy_snapshot_region_case_id_case_file"),
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_policy_snapshot")),
        sa.UniqueConstraint("region", "case_id", "n", name=op.f("uq_policy_snapshot_region_case_id_n")),
    )
    op.create_table(
        "submission",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=True),
        sa.Column("element_id", sa.String(length=255), nullable=False),
        sa.Column("form_id", sa.BigInteger(), nullable=True),
        sa.Column("data_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("dropped", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "case_id"],
            ["case_file.region", "case_file.id"],
            name=op.f("fk_submission_region_case_id_case_file"),
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_submission")),
    )
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submission_region_case_id"), ["region", "case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_submission_region_task_id"), ["region", "task_id"], unique=False)

    op.create_table(
        "archive_item",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("archive_file_id", sa.BigInteger(), nullable=False),
        sa.Column("item", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("post", sa.String(length=60), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=True),
        sa.Column("submission_id", sa.BigInteger(), nullable=True),
        sa.Column("excused", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["region", "archive_file_id"],
            ["archive_file.region", "archive_file.id"],
            name=op.f("fk_archive_item_region_archive_file_id_archive_file"),
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_archive_item")),
        sa.UniqueConstraint(
            "region", "archive_file_id", "item", name=op.f("uq_archive_item_region_archive_file_id_item")
        ),
    )
    op.create_table(
        "clock_event",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("clock_id", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("amount", sa.String(length=50), nullable=True),
        sa.Column("ground", sa.Text(), nullable=True),
        sa.Column("clause", sa.String(length=300), nullable=True),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("remaining_before", sa.String(length=50), nullable=True),
        sa.Column("remaining_after", sa.String(length=50), nullable=True),
        sa.Column("due_before", MOMENT, nullable=True),
        sa.Column("due_after", MOMENT, nullable=True),
        sa.Column("told", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "clock_id"], ["clock.region", "clock.id"], name=op.f("fk_clock_event_region_clock_id_clock")
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_clock_event")),
        sa.UniqueConstraint("region", "clock_id", "n", name=op.f("uq_clock_event_region_clock_id_n")),
    )
    op.create_table(
        "clock_timer",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("clock_id", sa.BigInteger(), nullable=True),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("item", sa.String(length=200), nullable=False),
        sa.Column("edge", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "case_id"],
            ["case_file.region", "case_file.id"],
            name=op.f("fk_clock_timer_region_case_id_case_file"),
        ),
        sa.ForeignKeyConstraint(
            ["region", "clock_id"], ["clock.region", "clock.id"], name=op.f("fk_clock_timer_region_clock_id_clock")
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_clock_timer")),
    )
    with op.batch_alter_table("clock_timer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clock_timer_region_case_id"), ["region", "case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_clock_timer_region_clock_id"), ["region", "clock_id"], unique=False)

    op.create_table(
        "draft",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("data_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "staff_id"], ["staff.region", "staff.id"], name=op.f("fk_draft_region_staff_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["region", "task_id"],
            ["human_task.region", "human_task.id"],
            name=op.f("fk_draft_region_task_id_human_task"),
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_draft")),
        sa.UniqueConstraint("region", "task_id", "staff_id", name=op.f("uq_draft_region_task_id_staff_id")),
    )
    op.create_table(
        "ledger_event",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("valid_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("what", sa.String(length=30), nullable=False),
        sa.Column("ground", sa.Text(), nullable=True),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "entry_id"],
            ["ledger_entry.region", "ledger_entry.id"],
            name=op.f("fk_ledger_event_region_entry_id_ledger_entry"),
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_ledger_event")),
        sa.UniqueConstraint("region", "entry_id", "n", name=op.f("uq_ledger_event_region_entry_id_n")),
    )
    op.create_table(
        "letter",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("letter_no", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("template", sa.String(length=100), nullable=False),
        sa.Column("template_version", sa.Integer(), nullable=False),
        sa.Column("data_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("issued_by", sa.BigInteger(), nullable=True),
        sa.Column("document_id", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["region", "case_id"], ["case_file.region", "case_file.id"], name=op.f("fk_letter_region_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["region", "document_id"],
            ["document.region", "document.id"],
            name=op.f("fk_letter_region_document_id_document"),
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_letter")),
        sa.UniqueConstraint("region", "letter_no", name=op.f("uq_letter_region_letter_no")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_region_case_id"), ["region", "case_id"], unique=False)

    op.create_table(
        "notice",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("notice_no", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("template", sa.String(length=100), nullable=False),
        sa.Column("template_version", sa.Integer(), nullable=False),
        sa.Column("data_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("posted_at", MOMENT, nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("document_id", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["region", "case_id"], ["case_file.region", "case_file.id"], name=op.f("fk_notice_region_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["region", "document_id"],
            ["document.region", "document.id"],
            name=op.f("fk_notice_region_document_id_document"),
        ),
        sa.PrimaryKeyConstraint("region", "id", name=op.f("pk_notice")),
        sa.UniqueConstraint("region", "notice_no", name=op.f("uq_notice_region_notice_no")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_region_case_id"), ["region", "case_id"], unique=False)

    op.create_table(
        "offer",
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("task_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("audience", sa.String(length=120), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=True),
        sa.Column("process_id", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["region", "task_id"],
            ["human_task.region", "human_task.id"],
            name=op.f("fk_offer_region_task_id_human_task"),
        ),
        sa.PrimaryKeyConstraint("region", "task_id", "audience", name=op.f("pk_offer")),
    )
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.create_index("ix_offer_audience", ["region", "audience", "rank", "due_at", "task_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.drop_index("ix_offer_audience")

    op.drop_table("offer")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_region_case_id"))

    op.drop_table("notice")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_letter_region_case_id"))

    op.drop_table("letter")
    op.drop_table("ledger_event")
    op.drop_table("draft")
    with op.batch_alter_table("clock_timer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clock_timer_region_clock_id"))
        batch_op.drop_index(batch_op.f("ix_clock_timer_region_case_id"))

    op.drop_table("clock_timer")
    op.drop_table("clock_event")
    op.drop_table("archive_item")
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submission_region_task_id"))
        batch_op.drop_index(batch_op.f("ix_submission_region_case_id"))

    op.drop_table("submission")
    op.drop_table("policy_snapshot")
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_region_case_id"))

    op.drop_table("payment")
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_entry_region_case_id"))
        batch_op.drop_index(
            "ix_ledger_entry_open",
            sqlite_where=sa.text("struck_on is null"),
            postgresql_where=sa.text("struck_on is null"),
        )
        batch_op.drop_index("ix_ledger_entry_office")

    op.drop_table("ledger_entry")
    with op.batch_alter_table("human_task", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_human_task_office",
            sqlite_where=sa.text("state <> 'closed'"),
            postgresql_where=sa.text("state <> 'closed'"),
        )
        batch_op.drop_index(
            "ix_human_task_mine",
            sqlite_where=sa.text("state <> 'closed'"),
            postgresql_where=sa.text("state <> 'closed'"),
        )
        batch_op.drop_index(
            "ix_human_task_household",
            sqlite_where=sa.text("state <> 'closed'"),
            postgresql_where=sa.text("state <> 'closed'"),
        )
        batch_op.drop_index("ix_human_task_element")
        batch_op.drop_index(
            "ix_human_task_done",
            sqlite_where=sa.text("closed_by is not null"),
            postgresql_where=sa.text("closed_by is not null"),
        )
        batch_op.drop_index(
            "ix_human_task_clock",
            sqlite_where=sa.text("state <> 'closed'"),
            postgresql_where=sa.text("state <> 'closed'"),
        )

    op.drop_table("human_task")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_region_case_id"))

    op.drop_table("document")
    with op.batch_alter_table("clock", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_clock_open", sqlite_where=sa.text("state <> 'stopped'"), postgresql_where=sa.text("state <> 'stopped'")
        )
        batch_op.drop_index(batch_op.f("ix_clock_region_case_id"))

    op.drop_table("clock")
    with op.batch_alter_table("case_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_link_region_to_case_id"))

    op.drop_table("case_link")
    op.drop_table("archive_file")
    with op.batch_alter_table("aid", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_aid_region_household_id"))
        batch_op.drop_index(batch_op.f("ix_aid_region_case_id"))

    op.drop_table("aid")
    with op.batch_alter_table("start_timer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_start_timer_process_id"))
        batch_op.drop_index("ix_start_timer_due")

    op.drop_table("start_timer")
    with op.batch_alter_table("start_subscription", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_start_subscription_process_id"))
        batch_op.drop_index(batch_op.f("ix_start_subscription_kind_name"))

    op.drop_table("start_subscription")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_member_open", sqlite_where=sa.text("until_on is null"), postgresql_where=sa.text("until_on is null")
        )
        batch_op.drop_index(batch_op.f("ix_member_region_household_id"))

    op.drop_table("member")
    with op.batch_alter_table("instance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_instance_region_root_id"))
        batch_op.drop_index(
            "ix_instance_active_definition",
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        )

    op.drop_table("instance")
    op.drop_table("deployed")
    with op.batch_alter_table("case_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_file_region_started_by"))
        batch_op.drop_index(batch_op.f("ix_case_file_region_household_id"))
        batch_op.drop_index("ix_case_file_office")

    op.drop_table("case_file")
    with op.batch_alter_table("household", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_household_region_village_id"))
        batch_op.drop_index(batch_op.f("ix_household_region_head_id"))

    op.drop_table("household")
    with op.batch_alter_table("definition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_definition_deployment_id"))

    op.drop_table("definition")
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_session_region_staff_id"))

    op.drop_table("staff_session")
    op.drop_table("resource")
    with op.batch_alter_table("relation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_relation_region_person_id"))
        batch_op.drop_index(batch_op.f("ix_relation_region_household_id"))
        batch_op.drop_index(batch_op.f("ix_relation_region_case_id"))
        batch_op.drop_index(
            "ix_relation_barring",
            sqlite_where=sa.text("bars and ended_at is null"),
            postgresql_where=sa.text("bars and ended_at is null"),
        )

    op.drop_table("relation")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_region_pinyin"))
        batch_op.drop_index(batch_op.f("ix_person_region_name"))
        batch_op.drop_index(batch_op.f("ix_person_region_initials"))

    op.drop_table("person")
    with op.batch_alter_table("holding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_holding_region_staff_id"))
        batch_op.drop_index(batch_op.f("ix_holding_region_office_id_post"))

    op.drop_table("holding")
    op.drop_table("credential")
    op.drop_table("variable")
    with op.batch_alter_table("user_task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_task_region_root_id"))
        batch_op.drop_index(batch_op.f("ix_user_task_region_instance_id"))

    op.drop_table("user_task")
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_timer_region_root_id"))
        batch_op.drop_index(batch_op.f("ix_timer_region_instance_id"))
        batch_op.drop_index("ix_timer_due")

    op.drop_table("timer")
    with op.batch_alter_table("thrown", schema=None) as batch_op:
        batch_op.drop_index("ix_thrown_due")

    op.drop_table("thrown")
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subscription_region_root_id"))
        batch_op.drop_index(batch_op.f("ix_subscription_region_instance_id"))
        batch_op.drop_index("ix_subscription_name")

    op.drop_table("subscription")
    op.drop_table("staff")
    with op.batch_alter_table("sign_in_failure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_failure_login_at"))
        batch_op.drop_index(batch_op.f("ix_sign_in_failure_address_at"))

    op.drop_table("sign_in_failure")
    with op.batch_alter_table("policy_edition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_policy_edition_region_decision_id_effective_from"))

    op.drop_table("policy_edition")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_due", sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'")
        )

    op.drop_table("outbox")
    with op.batch_alter_table("office", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_office_region_parent_id"))

    op.drop_table("office")
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notification_region_case_id"))
        batch_op.drop_index("ix_notification_audience")

    op.drop_table("notification")
    op.drop_table("node")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index("ix_message_name")
        batch_op.drop_index("ix_message_expires")

    op.drop_table("message")
    op.drop_table("manual_clock")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_region_root_id"))
        batch_op.drop_index(batch_op.f("ix_job_region_instance_id"))
        batch_op.drop_index(
            "ix_job_available", sqlite_where=sa.text("retries > 0"), postgresql_where=sa.text("retries > 0")
        )

    op.drop_table("job")
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incident_region_root_id"))
        batch_op.drop_index(batch_op.f("ix_incident_region_instance_id"))

    op.drop_table("incident")
    op.drop_table("history")
    op.drop_table("deployment")
    op.drop_table("counter")
    op.drop_table("calendar_day")
    op.drop_table("audit_payload")
    op.drop_table("audit_head")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entry_actor")

    op.drop_table("audit_entry")
    with op.batch_alter_table("audit_chain", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_audit_chain_loose", sqlite_where=sa.text("n > anchored"), postgresql_where=sa.text("n > anchored")
        )

    op.drop_table("audit_chain")
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_at"))

    op.drop_table("answer")
