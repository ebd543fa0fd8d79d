"""What a suspended timer has left, when a task is to be taken up again, which job comes first"""

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None

# Microseconds since 1970 on SQLite, which has no type for moments.
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("remaining", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("user_task", schema=None) as batch_op:
        batch_op.add_column(sa.Column("follow_up_at", MOMENT, nullable=True))
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.add_column(sa.Column("priority", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_column("priority")
    with op.batch_alter_table("user_task", schema=None) as batch_op:
        batch_op.drop_column("follow_up_at")
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.drop_column("remaining")
