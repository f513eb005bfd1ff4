"""What a restored backup took back in the store, so that a person's change after it is told from it.

Revision: 0003, after 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of what was rewound before, nothing is known yet, and the next look fills it in."""
    with op.batch_alter_table("store_copies") as table:
        table.add_column(sa.Column("rewound", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("store_copies") as table:
        table.alter_column("rewound", server_default=None)


def downgrade() -> None:
    """Take the column away."""
    with op.batch_alter_table("store_copies") as table:
        table.drop_column("rewound")
