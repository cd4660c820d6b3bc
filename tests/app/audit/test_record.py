"""The record: what was sealed cannot be changed without being found, by number."""

from pathlib import Path

import pytest
import uuid_utils.compat
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from app import clock
from app.actor import WORKER
from app.audit import checkpoints, entries, keys, sealing
from app.audit.entries import RecordedFact
from app.audit.merkle import EMPTY_ROOT, Frontier, leaf_hash, node_hash
from app.audit.verification import Finding, verify
from tests.support.installations import PROGRAMME, World, beside, thread


def root_by_the_rfc(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return node_hash(root_by_the_rfc(leaves[:half]), root_by_the_rfc(leaves[half:]))


@given(st.integers(0, 130))
def test_the_frontier_gives_the_rfcs_root(size: int) -> None:
    leaves = [leaf_hash(str(i).encode()) for i in range(size)]
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    assert frontier.root() == root_by_the_rfc(leaves)
    assert Frontier(size, frontier.roots).root() == frontier.root()


def sealed(world: World, count: int = 4) -> None:
    for number in range(count):
        world.issue(member=str(number))
    sealing.seal_due(world.installation)


def find(world: World, path: Path | None = None) -> Finding:
    installation = world.installation
    kept = checkpoints.read(path or checkpoints.path_of(installation.settings))
    with installation.reading() as session:
        key = keys.public_key(session, installation.settings)
        return verify(session, world.community_id, key, kept)


def change(world: World, statement: str) -> None:
    with world.installation.database.engine.begin() as connection:
        connection.execute(text(statement))


def test_an_untouched_record_is_intact_and_says_how_far(world: World) -> None:
    sealed(world)
    world.issue()
    finding = find(world)
    assert finding.problems == []
    assert (finding.verified_to, finding.unsealed) == (5, 1)  # the programme is the first entry


CHANGES = {
    "edited": ["UPDATE audit_entry SET actor = 'organiser:0' WHERE number = 3"],
    "edited into nonsense": ["UPDATE audit_entry SET data = '{\"a\": 1}' WHERE number = 3"],
    "removed": ["DELETE FROM audit_entry WHERE number = 3"],
    "inserted": [
        "UPDATE audit_entry SET number = -number WHERE number >= 3",
        "UPDATE audit_entry SET number = 1 - number WHERE number < 0",
        "INSERT INTO audit_entry SELECT '{id}', community_id, 3, kind, at, actor, data, subject "
        "FROM audit_entry WHERE number = 2",
    ],
    "reordered": [
        "UPDATE audit_entry SET number = -3 WHERE number = 3",
        "UPDATE audit_entry SET number = 3 WHERE number = 4",
        "UPDATE audit_entry SET number = 4 WHERE number = -3",
    ],
}


@pytest.mark.parametrize("how", CHANGES)
def test_a_changed_entry_is_found_by_its_number(world: World, how: str) -> None:
    sealed(world)
    on_sqlite = world.installation.database.is_sqlite
    unused = "0" * 31 + "1" if on_sqlite else "00000000-0000-0000-0000-000000000001"
    for statement in CHANGES[how]:
        change(world, statement.replace("{id}", unused))
    assert find(world).problems[0].number == 3


def test_an_entry_that_was_made_unreadable_is_found_by_its_number(world: World) -> None:
    sealed(world)
    broken = "no json" if world.installation.database.is_sqlite else '"no object"'
    change(world, f"UPDATE audit_entry SET data = '{broken}' WHERE number = 2")
    assert [problem.number for problem in find(world).problems] == [2]


def test_an_entry_edited_with_its_leaf_is_found_by_the_signed_root(world: World) -> None:
    sealed(world)
    change(
        world,
        "UPDATE audit_leaf SET hash = (SELECT hash FROM audit_leaf WHERE number = 1) "
        "WHERE number = 3",
    )
    assert any("root" in problem.sentence for problem in find(world).problems)


def test_a_shortened_record_is_found_by_the_checkpoints_outside(world: World) -> None:
    sealed(world, 2)
    sealed(world, 2)
    for statement in (
        "DELETE FROM audit_entry WHERE number > 3",
        "DELETE FROM audit_leaf WHERE number > 3",
        "DELETE FROM audit_checkpoint WHERE size > 3",
        "UPDATE audit_tree SET size = 3",
    ):
        change(world, statement)
    finding = find(world)
    assert [problem.number for problem in finding.problems] == [4]
    assert "shortened" in finding.problems[0].sentence


def test_a_record_that_is_gone_is_found_and_is_not_missed_in_another_community(
    world: World, tmp_path: Path
) -> None:
    sealed(world)
    other = beside(world, tmp_path / "other.toml", PROGRAMME.replace('"test"', '"other"', 1))
    assert not find(other).problems
    for table in ("entry", "leaf", "checkpoint", "tree"):
        change(world, f"DELETE FROM audit_{table} WHERE community_id = {world.community_id}")
    assert "shortened" in find(world).problems[0].sentence
    assert not find(other).problems


def test_an_entry_that_commits_late_is_sealed_behind_those_before_it(world: World) -> None:
    begun_early = uuid_utils.compat.uuid7()  # what comes now gets higher ids, and is sealed first
    sealed(world)
    late = RecordedFact(begun_early, world.community_id, "slow", clock.now(), WORKER, {})
    with world.installation.unit_of_work() as session:
        entries.write(session, [late])
    assert find(world).unsealed == 1
    sealing.seal_due(world.installation)
    assert (find(world).unsealed, find(world).problems) == (0, [])


def test_every_seal_appends_a_signed_checkpoint(world: World) -> None:
    sealed(world, 1)
    world.take(thread("1"), thread("2"), thread("3"))
    sealing.seal_due(world.installation)
    assert len(checkpoints.read(checkpoints.path_of(world.installation.settings))) == 2
