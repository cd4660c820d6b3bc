"""Sealing: entries without a number get one, their hashes go into the tree, the root is signed."""

from datetime import datetime
from typing import Any, cast

import uuid_utils.compat
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import bindparam, insert, select, text, update
from sqlalchemy.orm import Session

from app import clock
from app.audit import checkpoints, keys, notes
from app.audit.entries import hash_of
from app.audit.merkle import Frontier
from app.audit.models import AuditCheckpoint, AuditEntry, AuditLeaf, AuditTree
from app.audit.notes import Checkpoint
from app.installation import Installation

BATCH = 2000


def seal_due(installation: Installation) -> int:
    """Seals what is not yet sealed, of every community; returns how many entries it sealed."""
    with installation.reading() as session:
        waiting = session.scalars(
            select(AuditEntry.community_id).where(text("number IS NULL")).distinct()
        ).all()
    return sum(_seal_all(installation, community_id) for community_id in waiting)


def _seal_all(installation: Installation, community_id: int) -> int:
    path, sealed = checkpoints.path_of(installation.settings), 0
    while True:
        with installation.unit_of_work() as session:
            key = keys.private_key(session, installation.settings)
            checkpoint = seal(session, community_id, key, now=clock.now())
        if checkpoint is None:
            return sealed
        size_before, size, note = checkpoint
        sealed += size - size_before
        # After the commit: a checkpoint of a tree that was rolled back would be a false alarm.
        checkpoints.append(path, [(size, note)])


def seal(
    session: Session, community_id: int, key: Ed25519PrivateKey, *, now: datetime
) -> tuple[int, int, str] | None:
    """Numbers and seals up to `BATCH` entries of one community, in the caller's transaction.

    Returns the size before, the size after and the signed note; None where nothing waits. Entries
    without a number are looked for, never those past the last one: a slow transaction may commit
    behind a fast one. The tree's row is locked, so that there is one sealer a tree.
    """
    tree = _locked_tree(session, community_id)
    waiting = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.community_id == community_id, text("number IS NULL"))
        .order_by(AuditEntry.id)
        .limit(BATCH)
    ).all()
    if not waiting:
        return None
    before = tree.size
    frontier = Frontier(tree.size, [bytes.fromhex(root) for root in tree.frontier])
    leaves = [_leaf(community_id, frontier, entry) for entry in waiting]
    session.execute(insert(AuditLeaf), leaves)
    _number(
        session, [(entry.id, leaf["number"]) for entry, leaf in zip(waiting, leaves, strict=True)]
    )
    tree.size, tree.frontier = frontier.size, [root.hex() for root in frontier.roots]
    note = notes.sign(Checkpoint(tree.origin, frontier.size, frontier.root(), now), key)
    session.add(AuditCheckpoint(community_id=community_id, size=frontier.size, at=now, note=note))
    return before, frontier.size, note


def _leaf(community_id: int, frontier: Frontier, entry: AuditEntry) -> dict[str, Any]:
    hashed = hash_of(entry)
    frontier.append(hashed)
    return {"community_id": community_id, "number": frontier.size, "hash": hashed}


def _number(session: Session, numbered: list[tuple[Any, int]]) -> None:
    entry = cast(Any, AuditEntry.__table__)
    session.connection().execute(
        update(entry).where(entry.c.id == bindparam("entry_id")).values(number=bindparam("given")),
        [{"entry_id": entry_id, "given": number} for entry_id, number in numbered],
    )


def _locked_tree(session: Session, community_id: int) -> AuditTree:
    tree = session.get(AuditTree, community_id, with_for_update=True)
    if tree is None:
        # The origin is this tree's name in every note. It is drawn, so that no two are the same.
        origin = f"keepsake/{uuid_utils.compat.uuid4()}/{community_id}"
        tree = AuditTree(community_id=community_id, origin=origin, size=0, frontier=[])
        session.add(tree)
        session.flush()
    return tree
