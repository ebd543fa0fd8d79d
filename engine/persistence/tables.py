"""The engine's tables. What waits has a row while it waits and no longer; what happened stands in `history`.

Rows of a case carry the region (district code) first in every key. Definitions are reference data without one.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)  # fmt: skip

from engine.persistence.columns import Id, Packed, Region, Utc, new_id, take_node

__all__ = ["Id", "Packed", "Region", "Utc", "metadata", "new_id", "take_node"]

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

node = Table(
    "node", metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("taken", Integer, nullable=False),
)  # fmt: skip

manual_clock = Table(
    "manual_clock", metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("now_at", Utc, nullable=False),
)  # fmt: skip

deployment = Table(
    "deployment", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("name", String(200)),
    Column("deployed_at", Utc, nullable=False),
    Column("deployed_by", String(100), nullable=False),
)  # fmt: skip

resource = Table(
    "resource", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("deployment_id", Id, ForeignKey("deployment.id"), nullable=False),
    Column("name", String(255), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("sha256", String(64), nullable=False),
)  # fmt: skip

# One row per version of a process, decision, form or resource kind of the layer above.
definition = Table(
    "definition", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("kind", String(20), nullable=False),
    Column("key", String(255), nullable=False),
    Column("version", Integer, nullable=False),
    Column("version_tag", String(255)),
    Column("name", String(500), nullable=False),
    Column("deployment_id", Id, ForeignKey("deployment.id"), nullable=False),
    Column("resource_id", Id, ForeignKey("resource.id"), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("extra", Packed, nullable=False),
    UniqueConstraint("kind", "key", "version"),
    Index(None, "deployment_id"),
)  # fmt: skip

# Which deployment holds which version, also those that it did not make new.
deployed = Table(
    "deployed", metadata,
    Column("deployment_id", Id, ForeignKey("deployment.id"), primary_key=True),
    Column("definition_id", Id, ForeignKey("definition.id"), primary_key=True),
)  # fmt: skip

start_subscription = Table(
    "start_subscription", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("kind", String(12), nullable=False),
    Column("name", String(255), nullable=False),
    Column("process_id", String(255), nullable=False),
    Column("definition_id", Id, ForeignKey("definition.id"), nullable=False),
    Column("element_id", String(255), nullable=False),
    Index(None, "kind", "name"),
    Index(None, "process_id"),
)  # fmt: skip

instance = Table(
    "instance", metadata,
    Column("region", Region(), primary_key=True),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("root_id", Id, nullable=False),
    Column("parent_id", Id),
    Column("parent_element_instance_id", Id),
    Column("definition_id", Id, ForeignKey("definition.id"), nullable=False),
    Column("process_id", String(255), nullable=False),
    Column("business_key", String(255)),
    Column("state", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    Column("tokens", LargeBinary, nullable=False),
    Column("started_at", Utc, nullable=False),
    Column("ended_at", Utc),
    Index(None, "region", "root_id"),
    Index("ix_instance_active_definition", "definition_id", sqlite_where=text("state = 'active'"),
          postgresql_where=text("state = 'active'")),
)  # fmt: skip

variable = Table(
    "variable", metadata,
    Column("region", Region(), primary_key=True),
    Column("instance_id", Id, primary_key=True, autoincrement=False),
    Column("name", String(255), primary_key=True),
    Column("scope_id", Id, primary_key=True, autoincrement=False),
    Column("value", Packed, nullable=False),
)  # fmt: skip


def _wait(name: str, *columns: Column[object] | Index) -> Table:
    """A table of things that an element instance waits for."""
    return Table(
        name, metadata,
        Column("region", Region(), primary_key=True),
        Column("id", Id, primary_key=True, autoincrement=False),
        Column("instance_id", Id, nullable=False),
        Column("root_id", Id, nullable=False),
        Column("definition_id", Id, nullable=False),
        Column("element_id", String(255), nullable=False),
        Column("element_instance_id", Id, nullable=False),
        *columns,
        Index(None, "region", "root_id"),
        Index(None, "region", "instance_id"),
    )  # fmt: skip


user_task = _wait(
    "user_task",
    Column("name", String(500), nullable=False),
    Column("form_id", Id),
    Column("external_form", String(500)),
    Column("assignee", String(255)),
    Column("candidate_users", Packed, nullable=False),
    Column("candidate_groups", Packed, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("due_at", Utc),
    Column("follow_up_at", Utc),
    Column("properties", Packed, nullable=False),
    Column("loop", Packed),
    Column("opened_at", Utc, nullable=False),
)

job = _wait(
    "job",
    Column("type", String(255), nullable=False),
    Column("retries", Integer, nullable=False),
    Column("headers", Packed, nullable=False),
    Column("properties", Packed, nullable=False),
    Column("available_at", Utc, nullable=False),
    Column("locked_by", String(255)),
    Column("locked_until", Utc),
    Column("created_at", Utc, nullable=False),
    Column("message", Text),
    Column("priority", Integer, nullable=False, server_default="0"),
    Column("listener", String(12)),  # the moment of the listener whose job it is; null: the element's own work
    Index(
        "ix_job_available",
        "type",
        "available_at",
        sqlite_where=text("retries > 0"),
        postgresql_where=text("retries > 0"),
    ),
)

timer = _wait(
    "timer",
    Column("due_at", Utc, nullable=False),
    Column("remaining", BigInteger),  # microseconds that are left, while the instance is suspended
    Column("cycle", Packed),
    Column("properties", Packed, nullable=False),
    Index("ix_timer_due", "due_at", "id"),
)

# The timers of timer start events: one per definition and region in which it is enabled.
start_timer = Table(
    "start_timer", metadata,
    Column("region", Region(), primary_key=True),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("process_id", String(255), nullable=False),
    Column("definition_id", Id, ForeignKey("definition.id"), nullable=False),
    Column("element_id", String(255), nullable=False),
    Column("due_at", Utc, nullable=False),
    Column("cycle", Packed),
    Index("ix_start_timer_due", "due_at"),
    Index(None, "process_id"),
)  # fmt: skip

subscription = _wait(
    "subscription",
    Column("kind", String(12), nullable=False),
    Column("name", String(255), nullable=False),
    Column("key", String(255)),
    Column("properties", Packed, nullable=False),
    Index("ix_subscription_name", "region", "kind", "name", "key"),
)

incident = _wait(
    "incident",
    Column("job_id", Id),
    Column("kind", String(40), nullable=False),
    Column("zh", Text, nullable=False),
    Column("en", Text, nullable=False),
    Column("created_at", Utc, nullable=False),
)

# Messages that are remembered: buffered for their time to live, or known by id so that none is taken twice.
message = Table(
    "message", metadata,
    Column("region", Region(), primary_key=True),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("name", String(255), nullable=False),
    Column("key", String(255), nullable=False),
    Column("message_id", String(255)),
    Column("variables", Packed, nullable=False),
    Column("taken_by", Packed, nullable=False),
    Column("expires_at", Utc, nullable=False),
    Index("ix_message_name", "region", "name", "key"),
    UniqueConstraint("region", "name", "key", "message_id"),
    Index("ix_message_expires", "expires_at"),
)  # fmt: skip

# What an instance throws to others (messages, signals): delivered after commit, one transaction per receiver.
thrown = Table(
    "thrown", metadata,
    Column("region", Region(), primary_key=True),
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("kind", String(12), nullable=False),
    Column("name", String(255), nullable=False),
    Column("key", String(255)),
    Column("variables", Packed, nullable=False),
    Column("receiver", Packed),
    Column("due_at", Utc, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("stuck", Boolean, nullable=False),
    Index("ix_thrown_due", "due_at"),
)  # fmt: skip

# Append-only. Entry n of an instance is its version n.
history = Table(
    "history", metadata,
    Column("region", Region(), primary_key=True),
    Column("instance_id", Id, primary_key=True, autoincrement=False),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("at", Utc, nullable=False),
    Column("by", String(100), nullable=False),
    Column("command", String(40), nullable=False),
    Column("events", LargeBinary, nullable=False),
)  # fmt: skip
