"""The kiosk says in its own words what the server says in its."""

import json
import re
from pathlib import Path

from tests.kiosk.page.scenes import SCENES
from tests.support.node import run_node
from voucher.scans.rules import REFUSALS
from voucher.scans.sentences import MISSED, SENTENCES

ROOT = Path(__file__).parents[3]
WORDS = ROOT / "kiosk/static/words"
PICTURES = ROOT / "docs/images/verdicts"
MOST_BYTES = 600_000


def test_the_page_has_a_word_and_the_servers_sentence_for_every_verdict(tmp_path: Path) -> None:
    script = tmp_path / "say.mjs"
    script.write_text(
        f'import {{ SENTENCES }} from "{(WORDS / "sentences.js").as_uri()}";\n'
        f'import {{ VERDICTS }} from "{(WORDS / "verdicts.js").as_uri()}";\n'
        f'import {{ MISSED }} from "{(WORDS / "refusals.js").as_uri()}";\n'
        "const said = Object.entries(SENTENCES).map(([key, { en }]) => [key, en]);\n"
        "const words = Object.keys(VERDICTS);\n"
        "process.stdout.write(JSON.stringify([Object.fromEntries(said), words, MISSED]));\n",
        "utf-8",
    )
    said, words, missed = json.loads(run_node(script, given=""))
    assert said == SENTENCES
    assert {name: each["en"] for name, each in missed.items()} == MISSED
    of_kinds = tuple(f"{verdict}_" for verdict in words)
    verdicts = {key for key in SENTENCES if not key.startswith(of_kinds)}
    assert verdicts | set(REFUSALS) == set(words)


def test_the_page_for_staff_shows_every_answer_by_its_word(tmp_path: Path) -> None:
    script = tmp_path / "say.mjs"
    script.write_text(
        f'import {{ VERDICTS, WORDS }} from "{(WORDS / "verdicts.js").as_uri()}";\n'
        "const said = Object.entries({ ...VERDICTS, ...WORDS, asking: undefined });\n"
        "const shown = said.flatMap(([, it]) => it ? [`${it.en} · ${it.de} · ${it.es}`] : []);\n"
        "process.stdout.write(JSON.stringify(shown));\n",
        "utf-8",
    )
    text = (ROOT / "docs/verdicts.md").read_text("utf-8")
    words = {word for word in json.loads(run_node(script, given="")) if word not in text}
    assert words == set()
    pictures = {path.stem: path.stat().st_size for path in PICTURES.glob("*.webp")}
    assert set(pictures) == set(SCENES) == set(re.findall(r"verdicts/(\w+)\.webp", text))
    assert sum(pictures.values()) < MOST_BYTES
