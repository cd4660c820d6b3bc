"""Other platforms have keys to send events, and people link their accounts there."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "source_key",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("community_id", NUMBER, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=True),
        sa.Column("counted_from", MOMENT, nullable=True),
        sa.Column("requests", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_key")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_source_key_secret_hash")),
    )
    op.create_index("ix_source_key_source", "source_key", ["community_id", "source"])
    op.create_table(
        "link_code",
        sa.Column("community_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("member_id", NUMBER, nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("display_name", sa.String(), nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("community_id", "code_hash", name=op.f("pk_link_code")),
    )
    op.create_index("ix_link_code_member", "link_code", ["community_id", "member_id"])
    op.create_index("ix_link_code_account", "link_code", ["community_id", "source", "external_id"])
    op.create_table(
        "link_guess",
        sa.Column("community_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("guesser", sa.String(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("wrong", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community_id", "guesser", name=op.f("pk_link_guess")),
    )
    op.add_column("member", sa.Column("merged_into", NUMBER, nullable=True))
    op.create_index("ix_member_merged_into", "member", ["merged_into"])


def downgrade() -> None:
    op.drop_index("ix_member_merged_into", "member")
    op.drop_column("member", "merged_into")
    for name in ("link_guess", "link_code", "source_key"):
        op.drop_table(name)
