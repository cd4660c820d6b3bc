"""The organisers' page of sources: what each sent, its keys, gaps, and accounts that are linked."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app import clock
from app.achievements.linking import joining
from app.activity.sources import gaps
from app.activity.sources.keys.models import SourceKey
from app.actor import WORKER, Actor
from app.audit.models import AuditEntry
from app.communities import members
from app.communities.linking.codes import Account
from tests.app.achievements.test_events_api import SOURCES, Platform, event
from tests.support.installations import NOON, PROGRAMME, World, make_installation, message, minutes
from tests.support.pages import Visitor

PATH = "/console/sources"


@pytest.fixture
def there(engine_url: str, tmp_path: Path) -> Iterator[World]:
    world = World(make_installation(tmp_path, engine_url, PROGRAMME + SOURCES))
    yield world
    world.installation.close()


@pytest.fixture
def organiser(there: World) -> Visitor:
    return Visitor(there.installation).sign_in()


def words(text: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)))


def section(organiser: Visitor, source: str) -> str:
    """What the page says of one source."""
    page = organiser.get(PATH).text
    return words(page.partition(f'id="source-{source}"')[2].partition("</section>")[0])


def kinds_recorded(world: World) -> list[tuple[str, str]]:
    with world.installation.reading() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        return [(one.kind, one.actor) for one in rows]


def test_what_came_of_each_source_is_told(there: World, organiser: Visitor) -> None:
    platform = Platform(there)
    platform.send([event("1"), event("2", after=1), event("1"), event("3", kind="reply")])
    platform.send([event("1"), event("4", kind="watched"), event("5", subject="")])
    there.take(message("m"), source="discord")
    with there.installation.unit_of_work() as session:
        span: dict[str, Any] = {
            "from_at": NOON,
            "until_at": NOON + minutes(30),
            "reason": "no_history",
        }
        how: dict[str, Any] = {"actor": WORKER, "now": clock.now()}
        gaps.note(session, there.community_id, "discord", **span, **how)
    forum = section(organiser, "forum")
    for said in (
        "Counted 3",
        "Sent again 2",
        "Refused 2",
        "post 2",
        "reply 1",
        "donation Money can buy it 0",
        "of a kind that it may not send last",
        "Last heard",
        "last used",
    ):
        assert said in forum, forum
    assert "No key" not in forum and "No key" in section(organiser, "stream")
    discord = section(organiser, "discord")
    assert "Counted 1" in discord and "its history could not be read" in discord
    assert "Make a key" not in discord
    overview = words(organiser.get("/console").text)
    assert "Stream No key never heard" in overview


def test_a_key_is_shown_once_and_revoked(there: World, organiser: Visitor) -> None:
    made = organiser.post(f"{PATH}/forum/key")
    [secret] = re.findall(r"kss_[\w-]+", made.text)
    assert made.headers["Cache-Control"] == "no-store"
    assert secret not in organiser.get(PATH).text
    platform = Platform(there)
    platform.headers = {"Authorization": f"Bearer {secret}"}
    assert platform.send([event("1")]).status_code == 200
    assert organiser.post(f"{PATH}/forum/revoke", key="1").status_code == 303
    assert platform.send([event("2")]).status_code == 401
    assert organiser.post(f"{PATH}/forum/revoke", key="1").status_code == 404
    assert organiser.post(f"{PATH}/forum/revoke", key="x").status_code == 404
    assert organiser.post(f"{PATH}/nowhere/key").status_code == 404
    assert organiser.post(f"{PATH}/forum/key", older="now").status_code == 200
    with there.installation.reading() as session:
        ended = session.scalars(select(SourceKey.ends_at).order_by(SourceKey.id)).all()
        assert [one is None for one in ended] == [False, False, True]
    organiser.post(f"{PATH}/forum/revoke")
    told = [one for one in kinds_recorded(there) if one[0].startswith("source.")]
    assert ("source.key_revoked", "organiser:1") in told
    assert told[-1] == ("source.keys_revoked", "organiser:1")
    assert "None: nothing can be sent." in section(organiser, "forum")


def test_linked_accounts_are_counted_and_unlinked_with_a_reason(
    there: World, organiser: Visitor
) -> None:
    there.take(message("m", "100", member_name="Dora"), source="discord")
    there.take(message("p", "ann", kind="post", member_name="Ann"), source="forum")
    there.take(message("q", "bob", kind="post"), source="forum")
    with there.installation.unit_of_work() as session:
        mine = members.find(session, there.community_id, "discord", "100").id
        how: dict[str, Any] = {"actor": Actor("member", str(mine)), "now": clock.now()}
        joining.link(session, there.community_id, mine, Account("forum", "ann"), **how)
    assert "Linked accounts 1" in section(organiser, "forum")
    assert "Dora is Ann there" in section(organiser, "forum")
    silent = organiser.post(f"{PATH}/forum/unlink", account="ann", reason=" ")
    assert silent.status_code == 422 and "Say why" in silent.text
    done = organiser.post(f"{PATH}/forum/unlink", account="ann", reason="not theirs")
    assert done.status_code == 303
    assert "Linked accounts 0" in section(organiser, "forum")
    assert kinds_recorded(there)[-1] == ("member.unlinked", "organiser:1")
    again = organiser.post(f"{PATH}/forum/unlink", account="ann", reason="not theirs")
    assert again.status_code == 409 and "No member has an account ann" in again.text
    assert organiser.post(f"{PATH}/forum/unlink", account="\x00", reason="x").status_code == 409


def test_a_source_that_was_withdrawn_keeps_its_figures(there: World, organiser: Visitor) -> None:
    Platform(there).send([event("1")])
    text = PROGRAMME + SOURCES.replace("[sources.forum]", "[sources.board]")
    shown = organiser.post("/console/programme/compare", text=text)
    assert "Source Forum is withdrawn. Its keys are refused then" in words(shown.text)
    form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', shown.text))
    form = {name: unescape(value) for name, value in form.items()}
    assert organiser.post("/console/programme/apply", **form).status_code == 303
    forum = section(organiser, "forum")
    assert "Not in the programme" in forum and "Counted 1" in forum and "Make a key" not in forum
