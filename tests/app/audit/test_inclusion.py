"""Inclusion paths, as RFC 6962 has them: of every leaf of every small tree."""

import pytest

from app.audit.merkle import inclusion_path, leaf_hash, root_from_path, root_of

LEAVES = [leaf_hash(bytes([number])) for number in range(66)]


def subtree(level: int, place: int) -> bytes:
    return root_of(LEAVES[place << level : (place + 1) << level])


def test_each_path_leads_to_its_trees_root_and_to_no_other() -> None:
    for size in range(1, len(LEAVES) + 1):
        root = root_of(LEAVES[:size])
        for index in range(size):
            path = inclusion_path(index, size, subtree)
            assert root_from_path(index, size, LEAVES[index], path) == root
            assert root_from_path(index, size, leaf_hash(b"other"), path) != root


def test_a_path_of_another_length_is_refused() -> None:
    path = inclusion_path(4, 7, subtree)
    for wrong in (path[:-1], [*path, LEAVES[0]]):
        with pytest.raises(ValueError, match="too"):
            root_from_path(4, 7, LEAVES[4], wrong)


def test_the_examples_of_rfc_6962() -> None:
    # Section 2.1.3: of seven leaves, the path of d3 is [c, g, l] and that of d6 is [i, k].
    assert inclusion_path(3, 7, subtree) == [LEAVES[2], subtree(1, 0), root_of(LEAVES[4:7])]
    assert inclusion_path(6, 7, subtree) == [subtree(1, 2), subtree(2, 0)]


@pytest.mark.parametrize("index", [-1, 7])
def test_a_leaf_that_is_not_there_has_no_path(index: int) -> None:
    with pytest.raises(ValueError, match="no such leaf"):
        inclusion_path(index, 7, subtree)
