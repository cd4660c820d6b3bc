"""Is the record what it was? Entries against leaves, leaves against signed checkpoints."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import func, select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from app.audit import notes
from app.audit.entries import hash_of
from app.audit.merkle import Frontier
from app.audit.models import AuditCheckpoint, AuditEntry, AuditLeaf, AuditTree
from app.audit.notes import Checkpoint, NoteRefused
from app.clock import as_text

PAGE = 5000
LOWEST = -(2**62)


@dataclass(frozen=True)
class Problem:
    """Something that is not as it was sealed; `number` names the entry where one can be named."""

    number: int | None
    sentence: str


@dataclass
class Finding:
    """What a verification found, and how far its answer holds."""

    verified_to: int = 0
    verified_at: datetime | None = None
    unsealed: int = 0
    checkpoints_compared: int = 0
    problems: list[Problem] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The finding as `audit verify --json` prints it."""
        return {
            "ok": not self.problems,
            "verified_to": self.verified_to,
            "verified_at": as_text(self.verified_at) if self.verified_at else None,
            "unsealed": self.unsealed,
            "checkpoints_compared": self.checkpoints_compared,
            "problems": [vars(problem) for problem in self.problems],
        }


def verify(
    session: Session, community_id: int, key: Ed25519PublicKey, outside: Sequence[str]
) -> Finding:
    """Compares a community's record with its own checkpoints and with those kept `outside`.

    Finds an edited, removed, inserted or reordered entry and names its number; a record that was
    shortened is found by the checkpoints from outside. The answer holds up to the newest
    checkpoint; entries that are not yet sealed are counted, not judged.
    """
    finding = Finding()
    tree = session.get(AuditTree, community_id)
    own = session.scalars(
        select(AuditCheckpoint.note)
        .where(AuditCheckpoint.community_id == community_id)
        .order_by(AuditCheckpoint.size)
    ).all()
    sealed = list(_signed(finding, own, key, "the database"))
    origin = sealed[0].origin if sealed else tree.origin if tree else None
    theirs = f"/{community_id}"
    kept = [
        one
        for one in _signed(finding, outside, key, "the file")
        if (one.origin == origin if origin else one.origin.endswith(theirs))
    ]
    leaves = _compare_entries(session, community_id, finding)
    _compare_roots(finding, leaves, sealed, kept)
    finding.unsealed = (
        session.scalar(
            select(func.count())
            .select_from(AuditEntry)
            .where(AuditEntry.community_id == community_id, text("number IS NULL"))
        )
        or 0
    )
    finding.problems.sort(key=lambda problem: problem.number or 0)
    return finding


def _signed(
    finding: Finding, texts: Sequence[str], key: Ed25519PublicKey, place: str
) -> Iterator[Checkpoint]:
    for position, note in enumerate(texts, start=1):
        try:
            yield notes.read(note, key)
        except NoteRefused as reason:
            sentence = f"Checkpoint {position} of {place} does not hold: {reason}."
            finding.problems.append(Problem(None, sentence))


def _compare_entries(session: Session, community_id: int, finding: Finding) -> list[bytes]:
    """Holds every numbered entry against its leaf; returns the leaves' hashes in order."""
    leaves: list[bytes] = []
    entries = _pages(session, AuditEntry, community_id)
    entry = next(entries, None)
    for leaf in _pages(session, AuditLeaf, community_id):
        if leaf.number < 1:
            finding.problems.append(Problem(leaf.number, "No tree has a place of this number."))
            continue
        while leaf.number != len(leaves) + 1:
            finding.problems.append(Problem(len(leaves) + 1, "Its place in the tree is gone."))
            leaves.append(b"")
        while entry is not None and entry.number < leaf.number:
            finding.problems.append(Problem(entry.number, "This entry was inserted."))
            entry = next(entries, None)
        if entry is None or entry.number != leaf.number:
            finding.problems.append(Problem(leaf.number, "This entry was removed."))
        else:
            if _hash_or_none(entry) != leaf.hash:
                sentence = "This entry is not the one that was sealed here: edited or moved."
                finding.problems.append(Problem(entry.number, sentence))
            entry = next(entries, None)
        leaves.append(leaf.hash)
    while entry is not None:
        finding.problems.append(
            Problem(entry.number, "This entry was inserted: nothing sealed it.")
        )
        entry = next(entries, None)
    return leaves


def _compare_roots(
    finding: Finding, leaves: list[bytes], sealed: list[Checkpoint], kept: list[Checkpoint]
) -> None:
    frontier, last_good, reported = Frontier(), 0, False
    every = sorted({(c.size, c.root): c for c in [*sealed, *kept]}.values(), key=lambda c: c.size)
    finding.checkpoints_compared = len(every)
    for checkpoint in every:
        if checkpoint.size > len(leaves):
            sentence = (
                f"The record was shortened: it had {checkpoint.size} sealed entries "
                f"at {as_text(checkpoint.at)}, and has {len(leaves)}."
            )
            finding.problems.append(Problem(len(leaves) + 1, sentence))
            break
        while frontier.size < checkpoint.size:
            frontier.append(leaves[frontier.size])
        if frontier.root() == checkpoint.root:
            last_good = checkpoint.size
            finding.verified_to, finding.verified_at = checkpoint.size, checkpoint.at
        elif not reported:
            reported = True
            sentence = (
                f"The entries {last_good + 1} to {checkpoint.size} do not give the root "
                f"that was signed at {as_text(checkpoint.at)}."
            )
            finding.problems.append(Problem(last_good + 1, sentence))
    if len(leaves) > frontier.size:
        sentence = f"No checkpoint covers the entries {frontier.size + 1} to {len(leaves)}."
        finding.problems.append(Problem(frontier.size + 1, sentence))


@dataclass(frozen=True)
class Unreadable:
    """A row that somebody edited so that it is no entry any more."""

    number: int


def _hash_or_none(entry: AuditEntry | Unreadable) -> bytes | None:
    try:
        return None if isinstance(entry, Unreadable) else hash_of(entry)
    except (rfc8785.CanonicalizationError, ValueError, TypeError):
        return None


def _pages(session: Session, table: Any, community_id: int) -> Iterator[Any]:
    """Rows with a number in their order, a page at a time, so that memory stays bounded."""
    last = LOWEST
    while True:
        numbers = session.scalars(
            select(table.number)
            .where(table.community_id == community_id, table.number > last)
            .order_by(table.number)
            .limit(PAGE)
        ).all()
        if not numbers:
            return
        last = numbers[-1]
        yield from _rows(session, table, community_id, numbers)
        session.expunge_all()


def _rows(session: Session, table: Any, community_id: int, numbers: Sequence[int]) -> list[Any]:
    try:
        return list(
            session.scalars(
                select(table)
                .where(table.community_id == community_id)
                .where(table.number.between(numbers[0], numbers[-1]))
                .order_by(table.number)
            )
        )
    except (ValueError, TypeError, AttributeError, StatementError):
        if len(numbers) == 1:
            return [Unreadable(numbers[0])]
        middle = len(numbers) // 2
        return [
            row
            for half in (numbers[:middle], numbers[middle:])
            for row in _rows(session, table, community_id, half)
        ]
