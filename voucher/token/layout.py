"""The 24 bytes that a token signs."""

import struct
from dataclasses import dataclass
from enum import IntFlag
from typing import NamedTuple

from voucher.token.verdicts import PayloadUnsound

VERSION = 1
LAYOUT = struct.Struct(">BHBI8sII")
LIVE_SECONDS_AT_MOST = 120
HIGHEST_KEY = 65535


class Flag(IntFlag):
    """The bits of the flags byte; the other five are reserved and zero."""

    OFFLINE_OK = 1
    LIVE_REQUIRED = 2
    LIVE = 4


LIVE_BIT = int(Flag.LIVE)
ALL_FLAGS = int(Flag.OFFLINE_OK | Flag.LIVE_REQUIRED | Flag.LIVE)


class Window(NamedTuple):
    """Unix seconds: the first valid one, and the first that is invalid again."""

    valid_from: int
    valid_until: int


@dataclass(frozen=True, slots=True)
class Payload:
    """What a token says, once its signature is checked; times in Unix seconds.

    ``voucher`` is the voucher's id as 8 bytes: never a signed integer.
    """

    version: int
    key: int
    flags: int
    perk: int
    voucher: bytes
    valid_from: int
    valid_until: int

    @classmethod
    def unpack(cls, raw: bytes) -> "Payload":
        """Read exactly 24 bytes, judging nothing; raise PayloadUnsound for another length."""
        if len(raw) != LAYOUT.size:
            raise PayloadUnsound(f"a payload has {LAYOUT.size} bytes, not {len(raw)}")
        return cls(*LAYOUT.unpack(raw))

    def pack(self) -> bytes:
        """Write the 24 bytes; raise PayloadUnsound where a field does not fit its place."""
        # struct would pad a short id and cut a long one without a word.
        if len(self.voucher) != 8:
            raise PayloadUnsound(f"a voucher id has 8 bytes, not {len(self.voucher)}")
        try:
            return LAYOUT.pack(
                self.version,
                self.key,
                self.flags,
                self.perk,
                self.voucher,
                self.valid_from,
                self.valid_until,
            )
        except struct.error as problem:
            raise PayloadUnsound(f"a field does not fit the payload: {problem}") from problem

    @property
    def live(self) -> bool:
        """Whether this is a slice of a minute, to be shown and not kept."""
        return bool(self.flags & Flag.LIVE)

    @property
    def live_required(self) -> bool:
        """Whether only a live token of this voucher may be redeemed."""
        return bool(self.flags & Flag.LIVE_REQUIRED)

    @property
    def offline_ok(self) -> bool:
        """Whether a device without a network may accept it."""
        return bool(self.flags & Flag.OFFLINE_OK)

    @property
    def window(self) -> Window:
        """The signed dates."""
        return Window(self.valid_from, self.valid_until)

    @property
    def sound(self) -> bool:
        """Whether flags and dates keep the rules (the sixth check)."""
        flags, lasts = int(self.flags), self.valid_until - self.valid_from
        short_enough = not flags & LIVE_BIT or lasts <= LIVE_SECONDS_AT_MOST
        return not flags & ~ALL_FLAGS and lasts > 0 and short_enough

    def as_fields(self) -> dict[str, int | str]:
        """Give the fields by name, the voucher's id in hexadecimal."""
        named = {name: getattr(self, name) for name in self.__slots__}
        return named | {"voucher": self.voucher.hex()}
