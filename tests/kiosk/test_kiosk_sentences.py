"""The kiosk says in its own words what the server says in its."""

import json
from pathlib import Path

from tests.support.node import run_node
from voucher.scans.rules import REFUSALS
from voucher.scans.sentences import SENTENCES

ONLY_THE_SERVER = {"unknown_voucher", "held", "out_of_stock"}


def test_a_device_says_each_verdict_of_its_own_in_the_words_of_the_server(tmp_path: Path) -> None:
    module = Path(__file__).parents[2] / "kiosk/static/offline/sentences.js"
    script = tmp_path / "say.mjs"
    script.write_text(
        f'import {{ SENTENCES }} from "{module.as_uri()}";\n'
        "process.stdout.write(JSON.stringify(SENTENCES));\n",
        "utf-8",
    )
    said = json.loads(run_node(script, given=""))
    assert said == {key: SENTENCES[key] for key in said}
    assert {"redeemed", "valid", *REFUSALS} - ONLY_THE_SERVER <= set(said)
