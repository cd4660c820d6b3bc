"""A member sees in their wallet which accounts count for them, and enters a code there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app import clock
from app.communities.linking import codes
from app.communities.linking.codes import Account
from tests.support.installations import NOON, World, make_installation, message
from tests.voucher.wallet.conftest import WITH_MORE, wallet_of
from voucher.ledger.finding import of_member

FORUM = """
[sources.forum]
name = "Forum"
kinds = ["post"]

[achievements.writer]
name = "Writer"
all = [{ metric = "post", at_least = 1 }, { metric = "message", at_least = 1 }]
reward = { channel = "voucher", perk = "pin" }
"""


@pytest.fixture
def there(engine_url: str, tmp_path: Path) -> Iterator[World]:
    installation = make_installation(tmp_path, engine_url, WITH_MORE + FORUM)
    yield World(installation)
    installation.close()


def code_for(world: World, account: str = "ann") -> str:
    with world.installation.unit_of_work() as session:
        shown = Account("forum", account, "Ann <b>")
        return codes.for_account(session, world.community_id, shown, now=clock.now()).code


def test_a_code_is_entered_and_what_came_of_it_is_said(there: World) -> None:
    there.issue(name="Robin")
    there.take(message("1"), message("2"))
    there.take(message("3", "ann", NOON, kind="post"), source="forum")
    mine = wallet_of(there)
    assert "/wallet/accounts" in mine.get("/wallet/").text
    before = mine.get("/wallet/accounts").text
    assert "<strong>Sample</strong>: Robin" in before
    assert "Forum can show you a code" in before
    wrong = mine.post("/wallet/accounts", code="WRONG")
    assert wrong.status_code == 404
    assert 'role="alert">This code is not known' in wrong.text
    done = mine.post("/wallet/accounts", code=code_for(there)).text
    assert "your account on Forum (Ann &lt;b&gt;) is yours here too" in done
    assert "It brought you 1 new achievement." in done
    assert "<strong>Forum</strong>: Ann &lt;b&gt;" in done
    with there.installation.reading() as session:
        assert len(of_member(session, there.community_id, 1)) == 2


def test_a_member_unlinks_an_account_and_what_it_did_stays(there: World) -> None:
    there.issue(name="Robin")
    there.take(message("3", "ann", NOON, kind="post"), source="forum")
    mine = wallet_of(there)
    mine.post("/wallet/accounts", code=code_for(there))
    assert "Unlink my account on Forum" in mine.get("/wallet/accounts").text
    assert "Unlink my account on Sample" not in mine.get("/wallet/accounts").text
    evil = mine.post("/wallet/accounts/unlink", origin="https://evil.example", source="forum")
    assert evil.status_code == 403
    done = mine.post("/wallet/accounts/unlink", source="forum").text
    assert "Unlinked: your account on Forum." in done
    assert "You unlinked an account on Forum" in done
    again = mine.post("/wallet/accounts/unlink", source="forum")
    assert (again.status_code, "No account of" in again.text) == (409, True)
    other = mine.post("/wallet/accounts", code=code_for(there, "bob"))
    assert "only that one can be linked again" in other.text
    assert "is yours here too" in mine.post("/wallet/accounts", code=code_for(there)).text


def test_another_sites_page_enters_no_code_and_who_was_signed_out_neither(there: World) -> None:
    there.issue()
    mine = wallet_of(there)
    code = code_for(there)
    evil = mine.post("/wallet/accounts", origin="https://evil.example", code=code)
    assert evil.status_code == 403
    other = wallet_of(there)
    other.post("/wallet/sign-out-elsewhere")
    assert mine.post("/wallet/accounts", code=code).status_code == 401
    assert other.post("/wallet/accounts", code=code).status_code == 200


def test_where_no_platform_is_named_the_wallet_says_nothing_of_it(world: World) -> None:
    world.issue()
    mine = wallet_of(world)
    assert "/wallet/accounts" not in mine.get("/wallet/").text
    assert "No other platform counts here yet." in mine.get("/wallet/accounts").text
