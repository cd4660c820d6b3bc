"""The shared vectors of the record's checks are what the server's function says."""

import json
from collections import Counter

from tests.voucher.scans import record_vectors
from voucher.scans.rules import OK, REFUSALS
from voucher.token import TokenVerdict

BY_OTHERS = {"unknown_voucher", "unknown_perk", "allowance_spent"}
"""Verdicts of which this function knows nothing: there is no voucher, or no network."""


def test_the_committed_vectors_are_those_that_are_made() -> None:
    assert record_vectors.FILE.read_text("utf-8") == record_vectors.as_text(record_vectors.made())


def test_every_case_has_the_verdict_of_the_function() -> None:
    vectors = json.loads(record_vectors.FILE.read_text("utf-8"))
    for case in vectors["cases"]:
        assert record_vectors.verdict_of(case["view"], case["asked"]) == case["verdict"]


def test_every_verdict_of_the_record_occurs_more_than_once() -> None:
    cases = json.loads(record_vectors.FILE.read_text("utf-8"))["cases"]
    counts = Counter(case["verdict"] for case in cases)
    by_record = {OK, "not_yet_valid", "expired", *REFUSALS} - BY_OTHERS
    by_record -= {str(verdict) for verdict in TokenVerdict} - {"not_yet_valid", "expired", OK}
    assert set(counts) == by_record
    assert min(counts.values()) > 3
