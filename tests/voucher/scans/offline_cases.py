"""Generated cases of a kiosk without a network: what it knows, and what is shown to it."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from hashlib import sha256
from random import Random
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.clock import as_text
from voucher.token import Flag, KeySet, Payload, mint

SEED, NUMBER = bytes([7]) * 32, 7
KEYS = KeySet(
    {NUMBER: Ed25519PrivateKey.from_private_bytes(SEED).public_key().public_bytes_raw()},
    frozenset({8}),
)
NOON = int(datetime(2026, 11, 27, 11, tzinfo=UTC).timestamp())
"""A Friday's noon in Berlin."""
FROM, UNTIL = NOON - 7200, NOON + 252_000
PERK, UNKNOWN_PERK = 5, 6
OTHERS = {"desk_mitte": "Desk Mitte", "fair": "Fair"}

Case = dict[str, Any]


def name_of(voucher: bytes) -> str:
    """What a device knows a voucher by."""
    return urlsafe_b64encode(sha256(voucher).digest()[:12]).decode()


def generate(random: Random) -> Case:
    """A voucher at a kiosk that lost its network; mostly one thing is wrong with it, or none."""
    voucher = random.randbytes(8)
    perk = some_perk(random)
    row = some_row(random, perk["uses"]) if random.random() < 0.4 else None
    memory = [some_hand_over(random, voucher) for _ in range(random.choice((0, 0, 0, 1, 1, 2)))]
    station = {
        "key": "popup",
        "name": "Pop-up Berlin",
        "zone": "Europe/Berlin",
        "hours": random.choice((None, ["Fri-Sun 10:00-18:00"], ["Sat 10:00-18:00"], [])),
        "closed": random.choice(([], [], ["2026-11-28"], ["Fri 11:00-13:00"])),
    }
    if random.random() < 0.8:
        station |= {"hours": None, "closed": []}
    moment, text = shown(random, voucher)
    perk |= what_is_missed(random)
    return {
        "voucher": name_of(voucher),
        "shown": {"kind": "token" if random.random() < 0.97 else "code", "text": text},
        "wanted": {
            "mode": random.choice(("redeem", "redeem", "check")),
            "uses": random.choice((1, 1, 1, 2)),
            "identityConfirmed": random.random() < 0.4,
        },
        "moment": moment,
        "known": {
            "state": {
                "perks": {str(PERK): perk},
                "station": station,
                "stations": OTHERS,
                "vouchers": {} if row is None else {name_of(voucher): row},
            },
            "memory": memory,
            "allowance": {
                "left": random.choice((0, 1, 2, *(50,) * 9)),
                "until": moment + random.choice((-1, 0, 1, *(10**7,) * 9)),
            },
        },
    }


def some_perk(random: Random) -> Case:
    kind = random.choice(("item", "pickup", "priority_entry", "early_access", "discount"))
    return {
        "name": "Enamel pin",
        "kind": kind,
        "hand_over": "One, from the tray",
        "coupon": "TEN" if kind == "discount" else None,
        "staff_note": None,
        "identity": random.random() < 0.15,
        "minimum_age": 18 if random.random() < 0.15 else None,
        "live": random.random() < 0.3,
        "offline": random.random() < 0.95,
        "stations": random.choice(
            (None,) * 6 + (["fair", "popup"], ["fair"], ["gone", "fair"], [])
        ),
        "closed": random.choice(([],) * 6 + (["Fri"], ["2026-11-27 11:00-12:30"])),
        "uses": random.choice((1, 1, 3)),
    }


def what_is_missed(random: Random) -> Case:
    """What a perk holds for who comes too late."""
    ends = datetime.fromtimestamp(UNTIL + random.choice((-1, 0, 1, 7200)), UTC)
    return {
        "missed": random.choice(("lost", "ask", "renew", "renew")),
        "fixed_until": random.choice((None, as_text(ends))),
        "withdrawn": random.random() < 0.2,
    }


def some_row(random: Random, uses: int) -> Case:
    row: Case = {
        "standing": random.choice(("open",) * 9 + ("void", "superseded", "refunded")),
        "usesLeft": random.randint(0, uses),
        "sync": random.randint(1, 6),
    }
    if random.random() < 0.3:
        row["validUntil"] = UNTIL + 7200
    if random.random() < 0.1:
        row["validFrom"] = FROM - 3600
    return row


def some_hand_over(random: Random, voucher: bytes) -> Case:
    mine = random.random() < 0.6
    at = datetime.fromtimestamp(NOON - random.randint(1, 7000), UTC)
    return {
        "name": name_of(voucher if mine else random.randbytes(8)),
        "uses": random.choice((1, 1, 2)),
        "at": at.isoformat().replace("+00:00", "Z"),
        "station": "Pop-up Berlin",
        "device": "Door 5",
        "operator": random.choice((None, "Mia")),
        "recorded": random.choice((None, 2, 3, 4)),
    }


def shown(random: Random, voucher: bytes) -> tuple[int, str]:
    """A moment in milliseconds, and what is held before the camera then."""
    begins, ends, flags = FROM, UNTIL, random.choice((1, 1, 1, 1, 3, 3, 0))
    moment = NOON * 1000 + random.randint(-999, 999)
    if random.random() < 0.2:
        moment = random.choice((FROM, UNTIL, UNTIL + 7200)) * 1000 + random.choice((-1, 0, 1))
    if random.random() < 0.25:
        flags |= Flag.LIVE
        begins = moment // 1000 - random.choice((-31, -30, 20, 20, 20, 20, 59, 89, 90, 91))
        ends = begins + 60
    perk = PERK if random.random() < 0.95 else UNKNOWN_PERK
    text = mint(Payload(1, NUMBER, flags, perk, voucher, begins, ends), SEED)
    if random.random() < 0.05:
        text = random.choice((text[:-2] + "AA", text[:20], "." + text))
    return moment, text
