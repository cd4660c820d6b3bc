"""The templates' English is the catalogue's, and every text of theirs has its translations."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

from tests.support.node import run_node

ROOT = Path(__file__).parents[3]
TEMPLATES = sorted((ROOT / "templates/kiosk").glob("*.html"))
ALONE = ("script", "style", "noscript", "code")
"""What is inside is no sentence, or stands there in all languages at once."""
NAMES = {
    "Kiosk",
    "–",
    "·",
    "−",
    "✕",
    "+",
    "Language",
    "Sprache",
    "Idioma",
    "English",
    "Deutsch",
    "Español",
}
JINJA = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
MARKS = {"strong": "*", "code": "|"}
VOID = {"meta", "link", "input", "br", "path", "circle", "use", "img"}


class Texts(HTMLParser):
    """Collects what is said in a template: by word, and without one."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[tuple[str, str | None, str]] = []
        self.unsaid: list[str] = []
        self._open: list[tuple[str, str | None, str | None]] = []
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        label, named = given.get("aria-label"), given.get("data-word-label")
        if named:
            self.said.append((named, None, label or ""))
        self.unsaid += [text for text in (given.get("title"), None if named else label) if text]
        if self._word:
            self._text += MARKS.get(tag, "")
        elif "data-word" in given:
            self._text = ""
        if tag not in VOID:
            self._open.append((tag, given.get("data-word"), given.get("data-word-with")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Shapes say nothing."""

    def handle_endtag(self, tag: str) -> None:
        _, name, value = self._open.pop()
        if name:
            self.said.append((name, value, " ".join(self._text.split())))
        elif self._word:
            self._text += MARKS.get(tag, "")

    def handle_data(self, data: str) -> None:
        if self._word:
            self._text += data
        elif not any(tag in ALONE for tag, _, _ in self._open):
            rest = re.sub(r"\{\{.*?\}\}", "", data).split()
            self.unsaid += [text for text in rest if text not in NAMES]

    @property
    def _word(self) -> str | None:
        return next((name for _, name, _ in self._open if name), None)


def read(path: Path) -> Texts:
    texts = Texts()
    # A block may stand inside a tag, as a title's word does.
    text = path.read_text("utf-8")
    title = re.search(r"title_word %\}( .+?)\{% endblock", text)
    text = re.sub(r"\{% block (title_word|kind|body_facts) %\}.*?\{% endblock %\}", "", text)
    if title:
        text = re.sub(r"\{% block title %\}(.*?)\{%", rf"<title{title[1]}>\1</title>{{%", text)
    texts.feed(JINJA.sub("", text))
    return texts


def test_the_english_of_a_template_is_the_catalogues(tmp_path: Path) -> None:
    said = [each for path in TEMPLATES for each in read(path).said]
    assert len(said) > 40
    module = (ROOT / "kiosk/static/words/templates.js").as_uri()
    script = tmp_path / "say.mjs"
    script.write_text(
        f'import {{ TEMPLATES }} from "{module}";\n'
        'import { readFileSync } from "node:fs";\n'
        "const said = JSON.parse(readFileSync(0, 'utf8')).map(([name, value]) => {\n"
        "  const [subject, which] = name.split('.');\n"
        "  const english = TEMPLATES[subject]?.[which]?.en;\n"
        "  return typeof english === 'function' ? english(value) : english;\n"
        "});\n"
        "process.stdout.write(JSON.stringify(said));\n",
        "utf-8",
    )
    spoken = json.loads(run_node(script, given=json.dumps(said)))
    assert [text for _, _, text in said] == spoken


def test_no_text_of_a_template_is_left_in_english_alone() -> None:
    assert {path.name: read(path).unsaid for path in TEMPLATES} == {
        path.name: [] for path in TEMPLATES
    }
