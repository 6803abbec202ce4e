"""Being sent to a family of skills counts otherwise than before, so what was believed under it no longer holds.

Beliefs are derived from the log: they are dropped, and whoever opens the database next folds them anew.
"""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Empty the tables of beliefs."""
    for table in ("belief", "worker_part", "worker_belief"):
        op.execute(f"DELETE FROM {table}")
