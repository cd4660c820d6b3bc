"""The voucher token: mint, parse, verify. Needs no database and nothing of the project."""

from voucher.token.codes import parse_code, print_code
from voucher.token.judging import (
    judge,
    refuse_outside,
    refuse_outside_window,
    refuse_static,
    refuse_without_network,
)
from voucher.token.keyset import KeySet
from voucher.token.layout import Flag, Payload, Window
from voucher.token.reading import read
from voucher.token.seed import SeedKey
from voucher.token.signer import CanSign, VoucherSigner, mint, mint_all
from voucher.token.verdicts import (
    CannotSign,
    CodeUnreadable,
    KeySetUnreadable,
    PayloadUnsound,
    TokenError,
    TokenRefused,
    TokenVerdict,
)
from voucher.token.verify import Verdict, verify

__all__ = [
    "CanSign",
    "CannotSign",
    "CodeUnreadable",
    "Flag",
    "KeySet",
    "KeySetUnreadable",
    "Payload",
    "PayloadUnsound",
    "SeedKey",
    "TokenError",
    "TokenRefused",
    "TokenVerdict",
    "Verdict",
    "VoucherSigner",
    "Window",
    "judge",
    "mint",
    "mint_all",
    "parse_code",
    "print_code",
    "read",
    "refuse_outside",
    "refuse_outside_window",
    "refuse_static",
    "refuse_without_network",
    "verify",
]
