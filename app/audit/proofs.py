"""Proving that an entry is in the record: its content, its path, and the checkpoint that sealed it.

A proof is a JSON object that anybody can check who has the record's public key: nobody needs the
record, or trust in whoever keeps it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, cast

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import entries, notes
from app.audit.merkle import inclusion_path, leaf_hash, node_hash, root_from_path, root_of
from app.audit.models import AuditCheckpoint, AuditEntry, AuditLeaf
from app.audit.notes import NoteRefused
from app.plugins import Plugins
from app.refusals import Refused

KEPT_LEVEL = 12
"""Roots over 4,096 leaves and more are remembered: what is complete never changes."""


class NotSealed(Refused):
    """The entry has no number yet: the next seal gives it one, a moment later."""

    code: ClassVar[str] = "not_sealed"
    status: ClassVar[int] = 409


class ProofRefused(Refused):
    """A proof does not hold; the text says why."""

    code: ClassVar[str] = "proof_refused"


@dataclass(frozen=True)
class Proven:
    """What a proof shows: this entry had this number when the record was sealed at that time."""

    number: int
    sealed_at: datetime
    entry: dict[str, Any]


def prove(session: Session, entry: AuditEntry) -> dict[str, Any]:
    """The proof of an entry, as JSON values; raises `NotSealed`."""
    if entry.number is None:
        raise NotSealed("This step is recorded and not sealed yet. Look again in a moment.")
    sealed = session.scalars(
        select(AuditCheckpoint)
        .where(AuditCheckpoint.community_id == entry.community_id)
        .where(AuditCheckpoint.size >= entry.number)
        .order_by(AuditCheckpoint.size)
        .limit(1)
    ).one()
    tree = _Tree(session, entry.community_id)
    path = inclusion_path(entry.number - 1, sealed.size, tree.subtree)
    return {
        "entry": entries.content_of(entry),
        "number": entry.number,
        "path": [step.hex() for step in path],
        "checkpoint": sealed.note,
    }


def check(proof: Any, key: Ed25519PublicKey) -> Proven:
    """What a proof shows; raises `ProofRefused` where it does not hold for this key."""
    try:
        entry, number = dict(proof["entry"]), int(proof["number"])
        checkpoint = notes.read(str(proof["checkpoint"]), key)
        path = [bytes.fromhex(step) for step in proof["path"]]
        leaf = leaf_hash(rfc8785.dumps(entry))
        root = root_from_path(number - 1, checkpoint.size, leaf, path)
    except NoteRefused as error:
        raise ProofRefused(f"The checkpoint does not hold: {error}.") from error
    except (ValueError, TypeError, KeyError, rfc8785.CanonicalizationError) as error:
        raise ProofRefused("This is not a proof of an entry.") from error
    if root != checkpoint.root:
        raise ProofRefused("The entry is not the one that was sealed under this number.")
    return Proven(number, checkpoint.at, entry)


class _Tree:
    """Roots of complete subtrees, from the leaves that lie below them."""

    def __init__(self, session: Session, community_id: int):
        self._session, self._community_id = session, community_id
        self._memory = cast(Plugins, session.info["plugins"]).memory

    def subtree(self, level: int, place: int) -> bytes:
        """The root over 2^level leaves; those of many are remembered."""
        if level < KEPT_LEVEL:
            return self._from_leaves(level, place)
        known = ("audit.subtree", self._community_id, level, place)
        if known not in self._memory:
            self._memory[known] = self._made(level, place)
        return cast(bytes, self._memory[known])

    def _made(self, level: int, place: int) -> bytes:
        if level == KEPT_LEVEL:
            return self._from_leaves(level, place)
        below = level - 1
        return node_hash(self.subtree(below, 2 * place), self.subtree(below, 2 * place + 1))

    def _from_leaves(self, level: int, place: int) -> bytes:
        first = place << level
        leaves = self._session.scalars(
            select(AuditLeaf.hash)
            .where(AuditLeaf.community_id == self._community_id)
            .where(AuditLeaf.number.between(first + 1, first + (1 << level)))
            .order_by(AuditLeaf.number)
        ).all()
        return root_of(leaves)
