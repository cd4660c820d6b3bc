import json
from pathlib import Path
from typing import Any

import pytest

from voucher.token import KeySet, Payload, mint, verify

CASES = json.loads((Path(__file__).parents[2] / "vectors" / "voucher-tokens.json").read_text())[
    "cases"
]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_each_vector_gets_its_verdict_and_fields(case: dict[str, Any], keys: KeySet) -> None:
    answer = verify(case["text"], keys, case["now"], offline=case.get("offline", False))
    assert (answer.verdict, answer.fields) == (case["verdict"], case.get("fields"))


def test_the_first_vector_is_minted_to_the_letter(payload: Payload, seed: bytes) -> None:
    assert mint(payload, seed) == CASES[0]["text"]
