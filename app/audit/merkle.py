"""Merkle tree hashing as RFC 6962, section 2.1 (and RFC 9162) has it: pure functions."""

from collections.abc import Iterable, Sequence
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
