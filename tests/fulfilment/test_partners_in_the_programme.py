"""`[partners.…]`: what is refused, and what becomes of a changed programme."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from app.cli import command_line
from app.config import BUILT_IN_PACKAGES
from app.installation import Installation
from app.plugins import Plugins, plug_in_all
from app.programme.applying import ready
from app.programme.loading import ProgrammeRefused, parse
from fulfilment.partners.addresses import checked, is_loopback
from fulfilment.partners.models import Partner
from fulfilment.webhooks.models import WebhookEndpoint
from tests.fulfilment.conftest import PROGRAMME
from tests.fulfilment.partner_server import PartnerServer

GOOD = PROGRAMME.replace("WEBHOOK_URL", "https://pinworks.example/hooks")


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return plug_in_all(BUILT_IN_PACKAGES)


def refusal(plugins: Plugins, text: str) -> str:
    with pytest.raises(ProgrammeRefused) as refused:
        parse(text, plugins, name="programme.toml")
    [sentence] = refused.value.sentences
    return re.sub(r"line \d+", "line N", sentence)


def test_plain_http_to_a_public_host_is_refused_by_file_table_and_key(plugins: Plugins) -> None:
    text = PROGRAMME.replace("WEBHOOK_URL", "http://pinworks.example/hooks")
    assert refusal(plugins, text) == (
        "programme.toml, line N: [partners.pinworks], key webhook_url: the address must begin with "
        "https://; http:// is for this machine alone."
    )


def test_a_perks_partner_must_be_in_the_programme(plugins: Plugins) -> None:
    text = GOOD.replace("[partners.pinworks]", "[partners.other]")
    assert refusal(plugins, text) == (
        "programme.toml: [partners.pinworks]: this table is missing; "
        "key partner of [perks.pin] names it"
    )


def test_a_mistyped_key_is_refused(plugins: Plugins) -> None:
    text = GOOD + 'webhok_url = "https://pinworks.example"\n'
    assert refusal(plugins, text) == (
        "programme.toml, line N: [partners.pinworks], key webhok_url: this key is not known."
    )


def test_a_missing_address_is_refused(plugins: Plugins) -> None:
    text = GOOD.partition("webhook_url")[0]
    assert refusal(plugins, text) == (
        "programme.toml, line N: [partners.pinworks], key webhook_url: this key is required."
    )


def test_a_programme_without_partners_is_fine(plugins: Plugins) -> None:
    text = GOOD.replace('partner = "pinworks"\n', "").partition("[partners.")[0]
    assert parse(text, plugins, name="programme.toml")["partners"] == {}


@pytest.mark.parametrize(
    "address",
    [
        "https://pinworks.example",
        "https://pinworks.example:8443/hooks?shop=1&x=%C3%A9",
        "https://xn--pinwrks-90a.example/",
        "https://[2001:db8::1]/hooks",
        "http://127.0.0.1:8000/demo/partner/webhooks",
        "http://127.9.9.9/",
        "http://localhost:9/",
        "http://[::1]:9/",
        "{public_url}/demo/partner/webhooks",
    ],
)
def test_addresses_that_may_be_used(address: str) -> None:
    assert checked(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "pinworks.example",
        "ftp://pinworks.example/",
        "https://",
        "https:///hooks",
        "https://user:word@pinworks.example/",
        "https://user@pinworks.example/",
        "http://127.0.0.1@pinworks.example/",
        "http://127.0.0.1\\@pinworks.example/",
        "http://127.0.0.1.pinworks.example/",
        "http://localhost.pinworks.example/",
        "http://127.1/",
        "http://2130706433/",
        "http://0.0.0.0/",
        "http://192.168.1.5/",
        "http://[::ffff:8.8.8.8]/",
        "https://pinworks.example:99999/",
        "https://pinworks.example:0/",
        "https://pinworks.example/#part",
        "https://pinworks.example/ hooks",
        "https://pinworks.example/hooks\n",
        "https://pinwörks.example/",
        "https://-pinworks.example/",
        "https://a..example/",
        "https://[::zz]/",
        f"https://{'a' * 64}.example/",
        f"https://pinworks.example/{'a' * 2000}",
        "{public_url}",
        "{public_url}.pinworks.example/",
        "{public_url}@pinworks.example/",
        "{public_url}/{public_url}",
        "{publicurl}/hooks",
        "https://pinworks.example/{public_url}",
    ],
)
def test_addresses_that_may_not_be_used(address: str) -> None:
    with pytest.raises(ValueError, match=r"address|public_url"):
        checked(address)


def test_this_machine_is_known_by_its_addresses() -> None:
    assert is_loopback("::1") and is_loopback("LOCALHOST")
    assert not is_loopback("pinworks.example") and not is_loopback(None)


def partners(installation: Installation) -> list[tuple[str, str, bool]]:
    with installation.reading() as session:
        rows = session.scalars(select(Partner).order_by(Partner.id))
        return [(row.key, row.name, row.withdrawn_at is not None) for row in rows]


def endpoint(installation: Installation) -> WebhookEndpoint:
    with installation.reading() as session:
        return session.scalars(select(WebhookEndpoint).order_by(WebhookEndpoint.id)).first() or (
            pytest.fail("there is no endpoint")
        )


def test_a_changed_programme_renames_and_keeps_the_secret(
    installation: Installation, programme_file: Path
) -> None:
    before = endpoint(installation)
    text = programme_file.read_text("utf-8").replace('"Pinworks"', '"Pinworks & Sons"')
    programme_file.write_text(text.replace("/hooks", "/newer"), "utf-8")
    ready(installation)
    after = endpoint(installation)
    assert partners(installation) == [("pinworks", "Pinworks & Sons", False)]
    assert after.secret == before.secret
    assert after.url == before.url.replace("/hooks", "/newer")


def test_a_partner_is_withdrawn_and_comes_back_with_its_secret(
    installation: Installation, programme_file: Path
) -> None:
    text, before = programme_file.read_text("utf-8"), endpoint(installation).secret
    programme_file.write_text(text.replace("pinworks", "stitchers"), "utf-8")
    ready(installation)
    assert partners(installation) == [
        ("pinworks", "Pinworks", True),
        ("stitchers", "Pinworks", False),
    ]
    programme_file.write_text(text, "utf-8")
    ready(installation)
    assert partners(installation)[0] == ("pinworks", "Pinworks", False)
    assert endpoint(installation).secret == before


def run(installation: Installation, *arguments: str) -> tuple[int, str]:
    found = CliRunner().invoke(command_line(installation), arguments, obj=installation)
    return found.exit_code, found.output or str(found.exception)


def test_partners_show_tells_what_a_partner_needs(
    installation: Installation, partner: PartnerServer
) -> None:
    code, output = run(installation, "partners", "show", "pinworks", "--json")
    assert code == 0
    assert json.loads(output) == {
        "key": "pinworks",
        "name": "Pinworks",
        "webhook_url": partner.url,
        "secret": endpoint(installation).secret,
    }
    _, lines = run(installation, "partners", "show", "pinworks")
    assert endpoint(installation).secret in lines and partner.url in lines


def test_partners_show_of_an_unknown_partner_is_a_sentence(installation: Installation) -> None:
    assert run(installation, "partners", "show", "nobody") == (
        1, "The programme has no partner nobody."
    )  # fmt: skip


class TestAnAddressOfOurOwn:
    @pytest.fixture
    def webhook_url(self) -> str:
        return "{public_url}/demo/partner/webhooks"

    def test_it_follows_this_installations_address(self, installation: Installation) -> None:
        _, output = run(installation, "partners", "show", "pinworks", "--json")
        told = json.loads(output)["webhook_url"]
        assert told == "http://127.0.0.1:8000/demo/partner/webhooks"
        # Kept as the programme says it, so that another port at the next start needs no apply.
        assert endpoint(installation).url == "{public_url}/demo/partner/webhooks"
