"""Other platforms send events by a key of their own, limited to the kinds they were given."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from app import clock
from app.activity.counters import counting
from app.activity.event_log.models import IntakeRefusal, StoredEvent
from app.activity.formats.cloudevents import BATCH, ONE
from app.activity.sources.keys import keeping
from app.activity.sources.keys.commands import sources
from app.activity.sources.keys.models import SourceKey
from app.actor import COMMAND_LINE
from app.audit.models import AuditEntry
from app.communities import members
from app.factory import create_app
from app.programme.loading import ProgrammeRefused, parse
from tests.support.installations import NOON, PROGRAMME, World, make_installation, minutes

SOURCES = """
[sources.forum]
name = "Forum"
kinds = ["post", "reply", "donation"]
paid = ["donation"]

[sources.stream]
name = "Stream"
kinds = ["watched"]
uri = "https://stream.example/live"

[metrics.calm_posts]
kinds = ["post"]

[metrics.calm_posts.limits]
cooldown_seconds = 60

[achievements.writer]
name = "Writer"
all = [{ metric = "post", at_least = 3 }]
reward = { channel = "voucher", perk = "pin" }
"""


@pytest.fixture
def there(engine_url: str, tmp_path: Path) -> Iterator[World]:
    installation = make_installation(tmp_path, engine_url, PROGRAMME + SOURCES)
    with clock.standing_at(NOON + minutes(120)):
        yield World(installation)
    installation.close()


def new_key(world: World, source: str = "forum", **how: Any) -> str:
    with world.installation.unit_of_work() as session:
        how |= {"actor": COMMAND_LINE, "now": clock.now()}
        return keeping.make(session, world.community_id, source, **how)


def event(event_id: str, kind: str = "post", after: int = 0, **more: Any) -> dict[str, Any]:
    at = (NOON + minutes(after)).isoformat()
    own = {"specversion": "1.0", "id": event_id, "source": "forum", "type": kind}
    return own | {"subject": "ann", "time": at} | more


class Platform:
    """A source's own program."""

    def __init__(self, world: World, source: str = "forum"):
        self.client: FlaskClient = create_app(world.installation).test_client()
        self.headers = {"Authorization": f"Bearer {new_key(world, source)}"}

    def send(self, content: Any, kind: str = BATCH) -> TestResponse:
        return self.client.post(
            "/api/v1/events", json=content, content_type=kind, headers=self.headers
        )


def counts(world: World, member: str = "ann", source: str = "forum") -> dict[str, int]:
    with world.installation.reading() as session:
        known = members.find(session, world.community_id, source, member)
        return counting.counts(session, world.community_id, known.id)


def test_what_is_older_than_the_organisers_allow_is_refused(there: World) -> None:
    forum = Platform(there)
    days = {"1": 31, "2": 29}
    sent = [
        event(one, time=(clock.now() - timedelta(days=d)).isoformat()) for one, d in days.items()
    ]
    old, fine = (forum.send(sent).json or {})["results"]
    assert (old["reason"], fine["outcome"]) == ("too_old", "counted")
    assert old["detail"] == (
        "event 0, key time: it is older than 30 days, which the organisers can change"
    )


def test_a_batch_is_counted_and_answered_for_one_by_one(there: World) -> None:
    forum = Platform(there)
    sent = [
        event("1", data={"member_name": "Ann"}),
        event("2", after=0),
        event("1"),
        event("3", kind="watched"),
        event("4", subject=""),
        event("5", time="2099-01-01T00:00:00Z"),
        event("6", source="https://elsewhere.example"),
        event("7", kind="reply"),
        event("8", kind="calm_posts"),
    ]
    answer = forum.send(sent)
    assert answer.status_code == 200
    told = answer.json or {}
    assert {key: told[key] for key in ("counted", "duplicate", "refused")} == {
        "counted": 3,
        "duplicate": 1,
        "refused": 5,
    }
    assert [one["outcome"] for one in told["results"]] == [
        *("counted", "counted", "duplicate", "refused", "refused"),
        *("refused", "refused", "counted", "refused"),
    ]
    assert [one["id"] for one in told["results"]] == ["1", "2", "1", *"345678"]
    assert told["results"][0] == {"id": "1", "outcome": "counted"}
    assert told["results"][1]["limited"] == {"calm_posts": "cooldown"}
    assert [one.get("reason") for one in told["results"][3:7]] == [
        *("kind_not_allowed", "bad_value", "future", "wrong_source"),
    ]
    assert told["results"][3]["detail"] == (
        "event 3, key type: forum may send post, reply, donation"
    )
    assert told["results"][5]["detail"] == "event 5: its time lies in the future"
    assert counts(there) == {"calm_posts": 1, "post": 2, "reply": 1}
    with there.installation.reading() as session:
        kept = {row.reason: row.count for row in session.scalars(select(IntakeRefusal))}
        assert kept["kind_not_allowed"] == 2
        ann = members.find(session, there.community_id, "forum", "ann")
        assert ann.display_name == "Ann"


def test_the_same_request_again_changes_nothing(there: World) -> None:
    forum = Platform(there)
    sent = [event(str(number), after=number) for number in range(4)]
    assert (forum.send(sent).json or {})["counted"] == 4
    before = counts(there)
    again = forum.send(sent).json or {}
    assert (again["counted"], again["duplicate"]) == (0, 4)
    assert counts(there) == before
    with there.installation.reading() as session:
        assert session.scalar(select(func.count()).select_from(StoredEvent)) == 4
        kinds = session.scalars(select(AuditEntry.kind)).all()
        assert kinds.count("achievement.granted") == 1


def test_one_event_comes_structured_or_by_headers(there: World) -> None:
    forum = Platform(there)
    assert (forum.send(event("1"), ONE).json or {})["counted"] == 1
    headers = {f"ce-{key}": value for key, value in event("2", after=5).items()} | forum.headers
    answer = forum.client.post("/api/v1/events", json={"amount": 2}, headers=headers)
    assert (answer.json or {})["results"] == [{"id": "2", "outcome": "counted"}]
    assert counts(there)["post"] == 3


def test_a_source_may_have_an_address_of_its_own(there: World) -> None:
    stream = Platform(there, "stream")
    own: Any = {"kind": "watched", "source": "https://stream.example/live"}
    told = stream.send([event("1", **own), event("2", kind="watched", source="stream")]).json or {}
    assert [one.get("reason") for one in told["results"]] == [None, "wrong_source"]


def test_too_many_events_are_refused_and_a_full_request_is_not(there: World) -> None:
    forum = Platform(there)
    every = [event(str(number)) for number in range(1001)]
    answer = forum.send(every)
    assert (answer.status_code, (answer.json or {})["title"]) == (413, "too_many_events")
    assert (forum.send(every[:1000]).json or {})["counted"] == 1000
    assert (forum.send([]).json or {})["results"] == []
    assert forum.send(event("x"), "application/json").status_code == 415


def test_older_keys_end_a_day_later_or_at_once(there: World) -> None:
    first = Platform(there)
    second = Platform(there)
    assert first.send([]).status_code == second.send([]).status_code == 200
    with clock.standing_at(clock.now() + timedelta(hours=25)):
        refused = first.send([])
        assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
        assert "needs a source's key that works" in (refused.json or {})["detail"]
        assert second.send([]).status_code == 200
    third = {"Authorization": f"Bearer {new_key(there, revoke=True)}"}
    assert first.send([]).status_code == second.send([]).status_code == 401
    first.headers = third
    assert first.send([]).status_code == 200
    with there.installation.unit_of_work() as session:
        how: dict[str, Any] = {"actor": COMMAND_LINE, "now": clock.now()}
        assert keeping.revoke_all(session, there.community_id, "forum", **how) == 1
        assert keeping.revoke_all(session, there.community_id, "forum", **how) == 0
        with pytest.raises(keeping.UnknownSource, match=r"no source fourm; known are: .*forum"):
            keeping.revoke_all(session, there.community_id, "fourm", **how)
    assert first.send([]).status_code == 401


def test_keys_of_a_source_that_the_programme_names_no_more_can_be_ended(there: World) -> None:
    new_key(there)
    with there.installation.unit_of_work() as session:
        how: dict[str, Any] = {"actor": COMMAND_LINE, "now": clock.now()}
        session.execute(update(SourceKey).values(source="gone"))
        assert keeping.revoke_all(session, there.community_id, "gone", **how) == 1
        assert keeping.revoke_all(session, there.community_id, "gone", **how) == 0


def test_a_key_is_kept_as_its_hash_and_in_no_fact(there: World) -> None:
    key = new_key(there)
    with there.installation.reading() as session:
        told = str([entry.data for entry in session.scalars(select(AuditEntry))])
        row = session.scalars(select(SourceKey)).one()
        assert key not in told
        assert key.encode() not in row.secret_hash


def test_a_key_that_is_used_too_often_has_to_wait(
    there: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "REQUESTS_A_MINUTE", 2)
    forum = Platform(there)
    with clock.standing_at(NOON):
        codes = [forum.send([event(str(number))]).status_code for number in range(3)]
    assert codes == [200, 200, 429]
    with clock.standing_at(NOON + minutes(1)):
        assert (forum.send([event("2")]).json or {})["counted"] == 1


def test_a_source_that_the_programme_no_longer_names_sends_nothing(there: World) -> None:
    forum = Platform(there)
    (there.installation.settings.programme_file).write_text(PROGRAMME, "utf-8")
    World(there.installation)
    answer = forum.send([event("1")])
    assert (answer.status_code, (answer.json or {})["title"]) == (403, "source_gone")


def test_the_command_shows_the_key_alone_on_its_output(there: World) -> None:
    shown = CliRunner().invoke(sources, ["key", "forum"], obj=there.installation)
    key = shown.stdout.strip()
    assert keeping.sender_of(there.installation, key, now=clock.now()) is not None
    listed = CliRunner().invoke(sources, ["list"], obj=there.installation).stdout
    assert "forum (Forum): post, reply, donation (paid); 1 key, last heard never" in listed
    unknown = CliRunner().invoke(sources, ["key", "shop"], obj=there.installation)
    assert isinstance(unknown.exception, keeping.UnknownSource)


WRONG = {
    '[sources.discord]\nname = "D"\nkinds = ["x"]': "discord is a source of our own",
    '[sources.shop]\nname = "S"\nkinds = ["x"]\npaid = ["y"]': "`paid` names y",
    '[sources.shop]\nname = "S"\nkinds = []': "key kinds",
    '[sources.shop]\nname = "S"\nkinds = ["calm_posts"]': "calm_posts is the name of a kind",
    '[achievements.rich]\nname = "R"\nall = [{ metric = "donation", at_least = 1 }]\n'
    'reward = { channel = "voucher", perk = "pin" }': "buy donation, as .sources.forum. says",
    '[sources.shop]\nname = "S"\nkinds = ["bought"]\npaid = true\n[achievements.rich]\nname = "R"\n'
    'all = [{ metric = "bought", at_least = 1 }]\n'
    'reward = { channel = "voucher", perk = "pin" }': "money can buy bought, as .sources.shop.",
    '[metrics.given]\nkinds = ["post", "donation"]\n[achievements.rich]\nname = "R"\n'
    'all = [{ metric = "given", at_least = 1 }]\n'
    'reward = { channel = "voucher", perk = "pin" }': "achievements.rich.*money can buy donation",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_programme_says_what_is_wrong_with_its_sources(there: World, text: str) -> None:
    with pytest.raises(ProgrammeRefused, match=WRONG[text]):
        parse(f"{PROGRAMME}{SOURCES}{text}", there.installation.plugins, name="p")


DOCS = Path(__file__).parents[3] / "docs" / "sources.md"


def test_what_the_documentation_sends_is_answered_as_it_says(
    engine_url: str, tmp_path: Path
) -> None:
    text = DOCS.read_text("utf-8")
    [settings] = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    [sent] = re.findall(r"-d '(\{\"specversion.*?)'", text, re.DOTALL)
    [answered] = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    installation = make_installation(tmp_path, engine_url, f"{PROGRAMME}\n{settings}")
    answer = Platform(World(installation)).send(json.loads(sent), ONE)
    assert answer.json == json.loads(answered)
    installation.close()
