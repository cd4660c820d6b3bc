"""Codes by which accounts are linked: they work once, and guesses are few."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app import clock
from app.achievements.linking import joining
from app.communities.linking import codes, pruning
from app.communities.linking.codes import Account
from app.communities.linking.models import LinkCode, LinkGuess
from tests.app.achievements.linked import (
    LATER,
    MIXED,
    code_for,
    counts,
    on_discord,
)
from tests.app.achievements.test_events_api import SOURCES, Platform, event
from tests.support.installations import (
    PROGRAMME,
    World,
    world_of,
)
from tests.support.interleaving import one_after_the_other

there = world_of(PROGRAMME + SOURCES + MIXED, at=LATER)


def test_a_code_works_once_and_for_a_quarter_of_an_hour_however_it_is_typed(there: World) -> None:
    mine = on_discord(there)

    def enter(code: str) -> None:
        joining.enter_here(there.installation, there.community_id, mine, code)

    first, code = code_for(there), code_for(there)
    with pytest.raises(codes.WrongCode):
        enter(first)
    with clock.standing_at(LATER + timedelta(minutes=15)), pytest.raises(codes.WrongCode):
        enter(code)
    enter(f" {code[:4].lower().replace('0', 'o').replace('1', 'l')}-{code[4:]} ")
    with pytest.raises(codes.WrongCode):
        enter(code)
    with there.installation.reading() as session:
        assert session.scalars(select(LinkCode)).all() == []


def test_guesses_are_few_and_a_right_one_does_not_win_new_ones(there: World) -> None:
    mine = on_discord(there)

    def enter(code: str = "00000000") -> None:
        joining.enter_here(there.installation, there.community_id, mine, code)

    for _ in range(codes.GUESSES - 1):
        with pytest.raises(codes.WrongCode):
            enter()
    enter(code_for(there))
    with pytest.raises(codes.WrongCode):
        enter()
    code = code_for(there)
    for _ in range(2):
        with pytest.raises(codes.TooManyGuesses):
            enter(code)
    with clock.standing_at(LATER + timedelta(minutes=16)):
        enter(code_for(there))
        pruning.prune(there.installation)
    with there.installation.reading() as session:
        assert len(session.scalars(select(LinkGuess)).all()) == 1


def test_a_platform_shows_codes_and_hands_codes_in(there: World) -> None:
    forum = Platform(there)
    mine = on_discord(there)
    forum.send([event("1")])
    path, body = "/api/v1/links", {"member": "ann", "member_name": "Ann"}
    shown = forum.client.post(path, json=body, headers=forum.headers)
    assert shown.status_code == 201
    code = (shown.json or {})["code"]
    # It was shown there, and is to be entered here.
    with pytest.raises(codes.WrongCode, match="Ask for a new one here, by /link on Discord"):
        _confirmed(forum, code)
    with there.installation.unit_of_work() as session:
        own = codes.for_member(session, there.community_id, mine, now=clock.now())
    with pytest.raises(codes.WrongCode, match=r"what /link .* show is entered on the other"):
        joining.enter_here(there.installation, there.community_id, mine, own.in_parts)
    wrong = forum.client.post(f"{path}/confirm", json=body, headers=forum.headers)
    assert (wrong.status_code, (wrong.json or {})["detail"]) == (
        *(422, "Key code: this key is required."),
    )
    assert _confirmed(forum, own.in_parts) == {"linked": True, "was_linked": False}
    assert counts(there, mine)["post"] == 1
    linked = joining.enter_here(there.installation, there.community_id, mine, code)
    assert linked.was_linked


def _confirmed(forum: Platform, code: str) -> Any:
    body = {"member": "ann", "code": code}
    answer = forum.client.post("/api/v1/links/confirm", json=body, headers=forum.headers)
    if answer.status_code == 404:
        raise codes.WrongCode((answer.json or {})["detail"])
    return answer.json


def test_of_two_who_enter_a_code_or_guess_at_once_one_alone_gets_through(there: World) -> None:
    code = code_for(there)

    def use(session: Any) -> Any:
        return codes.use_accounts(session, there.community_id, code, now=LATER)

    assert one_after_the_other(there.installation, use, use) == [
        Account("forum", "ann", "Ann"),
        None,
    ]

    def guess(session: Any) -> None:
        codes.count_guess(session, there.community_id, "member:1", now=LATER)

    for _ in range(codes.GUESSES - 1):
        with there.installation.unit_of_work() as session:
            guess(session)
    first, second = one_after_the_other(there.installation, guess, guess)
    assert first is None
    assert isinstance(second, codes.TooManyGuesses)
