"""The kiosk says in its own words what the server says in its."""

import json
from pathlib import Path

from tests.support.node import run_node
from voucher.scans.rules import REFUSALS
from voucher.scans.sentences import SENTENCES

WORDS = Path(__file__).parents[2] / "kiosk/static/words"


def test_the_page_has_a_word_and_the_servers_sentence_for_every_verdict(tmp_path: Path) -> None:
    script = tmp_path / "say.mjs"
    script.write_text(
        f'import {{ SENTENCES }} from "{(WORDS / "sentences.js").as_uri()}";\n'
        f'import {{ VERDICTS }} from "{(WORDS / "verdicts.js").as_uri()}";\n'
        "const said = Object.entries(SENTENCES).map(([key, { en }]) => [key, en]);\n"
        "const words = Object.keys(VERDICTS);\n"
        "process.stdout.write(JSON.stringify([Object.fromEntries(said), words]));\n",
        "utf-8",
    )
    said, words = json.loads(run_node(script, given=""))
    assert said == SENTENCES
    of_kinds = tuple(f"{verdict}_" for verdict in words)
    verdicts = {key for key in SENTENCES if not key.startswith(of_kinds)}
    assert verdicts | set(REFUSALS) == set(words)
