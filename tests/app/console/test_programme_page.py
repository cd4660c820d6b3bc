"""The organisers' page of the programme: what was shown is what is applied, and by whom."""

import io
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app import clock
from app.achievements.grants import settling
from app.achievements.models import Grant
from app.audit.models import AuditEntry
from app.programme.applying import ready
from tests.support.installations import PROGRAMME, World, make_installation, message, minutes
from tests.support.pages import Visitor

EASIER = PROGRAMME.replace(
    '{ metric = "message", at_least = 3 }', '{ metric = "message", at_least = 2 }'
)
PATH = "/console/programme"


@pytest.fixture
def world(engine_url: str, tmp_path: Path) -> Iterator[World]:
    """Bob was in two channels, but wrote two messages only."""
    world, now = World(make_installation(tmp_path, engine_url)), clock.now() - minutes(30)
    world.take(*[message(f"b{i}", "bob", now + minutes(i), channel=f"c{i}") for i in range(2)])
    yield world
    world.installation.close()


@pytest.fixture
def organiser(world: World) -> Visitor:
    return Visitor(world.installation).sign_in()


def words(answer: Any) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)))


def hidden(page: str) -> dict[str, str]:
    """What the form to apply it carries."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)
    return {name: unescape(value) for name, value in found}


def upload(organiser: Visitor, data: bytes, name: str = "new.toml") -> Any:
    return organiser.client.post(
        f"{PATH}/compare",
        base_url=organiser.address,
        headers={"Accept": "text/html", "Origin": organiser.address},
        data={"file": (io.BytesIO(data), name), "text": ""},
    )


def sent(form: dict[str, str]) -> dict[str, str]:
    """As a browser sends it: with CR LF."""
    return form | {"text": form["text"].replace("\n", "\r\n")}


def test_a_file_is_shown_with_its_effect_applied_and_recorded_with_who_did_it(
    world: World, organiser: Visitor
) -> None:
    shown = upload(organiser, EASIER.replace("\n", "\r\n").encode())
    assert "Explorer is changed: 1 member would newly qualify, 0 lose." in words(shown)
    assert '<span class="diff-new">+all = [' in shown.text
    assert 'aria-current="true">Programme' in shown.text
    assert 'aria-current="page">Programme' in organiser.get(PATH).text
    assert ready(world.installation).text == PROGRAMME
    form = hidden(shown.text)
    answer = organiser.post(f"{PATH}/apply", **sent(form))
    assert (answer.status_code, answer.location) == (303, f"{PATH}?applied=1")
    # The file on this machine is what it was: it does not take back what was changed here.
    assert ready(world.installation).text == EASIER
    assert organiser.get(f"{PATH}/programme.toml").text == EASIER
    page = organiser.get(answer.location)
    assert "It is in force." in words(page)
    assert re.search(r"by Mara 1 line added, 1 removed", words(page))
    assert "programme.toml on this machine is older" in words(page)
    with world.installation.reading() as session:
        applied = select(AuditEntry).where(AuditEntry.kind == "programme.applied")
        last = session.scalars(applied.order_by(AuditEntry.id.desc())).first()
        assert last is not None and last.actor == "organiser:1"
    assert settling.settle(world.installation) == 1
    with world.installation.reading() as session:
        assert session.scalars(select(Grant.achievement)).all() == ["explorer"]
    # Sent twice, it is applied once.
    assert organiser.post(f"{PATH}/apply", **sent(form)).status_code == 303
    assert len(re.findall("<details>", organiser.get(PATH).text)) == 2


def test_a_changed_file_is_applied_over_what_was_changed_here(
    world: World, organiser: Visitor
) -> None:
    form = hidden(upload(organiser, EASIER.encode()).text)
    organiser.post(f"{PATH}/apply", **form)
    file = world.installation.settings.programme_file
    file.write_text(PROGRAMME.replace("Explorer", "Wanderer"), "utf-8")
    assert "Wanderer" in ready(world.installation).text


def test_what_was_changed_since_it_was_shown_is_not_applied(
    world: World, organiser: Visitor
) -> None:
    form = hidden(upload(organiser, EASIER.encode()).text)
    other = PROGRAMME.replace("Explorer", "Wanderer")
    organiser.post(f"{PATH}/apply", **hidden(upload(organiser, other.encode()).text))
    answer = organiser.post(f"{PATH}/apply", **sent(form))
    assert answer.status_code == 409
    assert "The programme was changed since this was shown" in words(answer)
    assert "at_least = 2 }]" in unescape(answer.text), "what was to be applied is still there"
    mended = form | {"text": form["text"] + "\n# more"}
    assert organiser.post(f"{PATH}/apply", **mended).status_code == 409
    assert ready(world.installation).text == other


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        (
            PROGRAMME.replace("at_least = 3 }]", "at_least = 0 }]").replace("Pop-up", ""),
            (
                "new.toml, line 17: [achievements.starter.all.0], key at_least: this should be",
                "[stations.popup], key name",
            ),
        ),
        (PROGRAMME.replace("[perks.pin]", "[perks.pin"), ("this is not TOML", "at line 25")),
        (PROGRAMME.replace('key = "test"', 'key = "tset"'), ("this console is of test",)),
        ("\x00", ("this is not TOML",)),
        (" ", ("is required",)),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_stays_to_be_mended(
    organiser: Visitor, text: str, sentences: tuple[str, ...]
) -> None:
    answer = upload(organiser, text.encode())
    assert answer.status_code in (400, 422)
    for sentence in sentences:
        assert sentence in words(answer), words(answer)
    assert "Nothing was changed." in words(answer)
    kept = re.search(r"<textarea[^>]*>\n(.*)</textarea>", answer.text, re.DOTALL)
    assert kept is not None and unescape(kept[1]) == text


def test_what_is_no_text_or_nothing_or_too_much_is_one_sentence(organiser: Visitor) -> None:
    assert "no text in UTF-8" in words(upload(organiser, b"\xff\xfe"))
    assert "at most 256 KiB" in words(upload(organiser, b"#" * (256 * 1024 + 1)))
    empty = organiser.post(f"{PATH}/compare", text=" ")
    assert "Choose a file" in words(empty)
    same = organiser.post(f"{PATH}/compare", text=PROGRAMME)
    assert "nothing would change" in words(same)


def test_an_earlier_programme_and_the_machines_file_can_be_taken(
    world: World, organiser: Visitor
) -> None:
    form = hidden(upload(organiser, EASIER.encode()).text)
    organiser.post(f"{PATH}/apply", **form)
    back = organiser.post(f"{PATH}/compare", version="1")
    assert hidden(back.text)["text"] == PROGRAMME
    assert "earlier programme" in words(organiser.post(f"{PATH}/compare", version="99"))
    file = world.installation.settings.programme_file
    file.write_text(PROGRAMME.replace("Explorer", "Wanderer"), "utf-8")
    assert "has changes that are not in force" in words(organiser.get(PATH))
    assert "Wanderer" in hidden(organiser.post(f"{PATH}/compare", take="file").text)["text"]
