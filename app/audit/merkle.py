"""Merkle tree hashing as RFC 6962, section 2.1 (and RFC 9162) has it: pure functions."""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(content: bytes) -> bytes:
    """The hash of one leaf: SHA-256 over 0x00 and its content."""
    return sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256 over 0x01 and both children."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The roots of the complete subtrees of a growing tree: enough to append and give its root.

    Appending a leaf costs O(log n), and the sizes of the subtrees are the bits of `size`.
    """

    def __init__(self, size: int = 0, roots: Iterable[bytes] = ()):
        self.size = size
        self.roots = list(roots)
        if len(self.roots) != size.bit_count():
            raise ValueError("a frontier has one root for each bit of its size")

    def append(self, leaf: bytes) -> None:
        """Adds a leaf's hash on the right."""
        self.roots.append(leaf)
        carried = self.size
        while carried & 1:
            right = self.roots.pop()
            self.roots[-1] = node_hash(self.roots[-1], right)
            carried >>= 1
        self.size += 1

    def root(self) -> bytes:
        """The root of the whole tree."""
        if not self.roots:
            return EMPTY_ROOT
        root = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            root = node_hash(left, root)
        return root


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over all these leaf hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


Subtree = Callable[[int, int], bytes]
"""(level, place) → the root over the leaves from place × 2^level on, 2^level of them."""


def inclusion_path(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """The hashes that lead from leaf `index` (from 0) to the root of a tree of `size` leaves.

    RFC 6962, section 2.1.1. Only roots of complete subtrees are asked for, about log² of them.
    """
    if not 0 <= index < size:
        raise ValueError("a tree has no such leaf")
    path: list[bytes] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _largest_power_below(end - begin)
        if index < middle:
            path.append(_range_root(middle, end, subtree))
            end = middle
        else:
            path.append(_range_root(begin, middle, subtree))
            begin = middle
    return path[::-1]


def root_from_path(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """The root that a leaf and its path give (RFC 9162, section 2.1.3.2).

    Raises `ValueError` where the path has not as many hashes as such a leaf needs.
    """
    if not 0 <= index < size:
        raise ValueError("a tree has no such leaf")
    place, last, root = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise ValueError("the path is too long")
        if place & 1 or place == last:
            root = node_hash(sibling, root)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            root = node_hash(root, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise ValueError("the path is too short")
    return root


def _range_root(begin: int, end: int, subtree: Subtree) -> bytes:
    """The root over a range that begins where a complete subtree of its size would."""
    width = end - begin
    if width & (width - 1) == 0:
        level = width.bit_length() - 1
        return subtree(level, begin >> level)
    middle = begin + _largest_power_below(width)
    return node_hash(_range_root(begin, middle, subtree), _range_root(middle, end, subtree))


def _largest_power_below(width: int) -> int:
    return 1 << ((width - 1).bit_length() - 1)
