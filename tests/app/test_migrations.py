"""The migrations make the tables that the models describe, on each engine."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from app.database import Base, Database
from app.migrating import config_for, migrate
from tests.support.installations import World


def test_a_migrated_database_has_what_the_models_describe(world: World) -> None:
    with world.installation.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_vouchers_that_were_open_before_there_were_reminders_are_looked_at(
    empty_url: str,
) -> None:
    database = Database(empty_url)
    at = "2026-01-02 03:04:05.000000+00:00"
    with database.engine.begin() as connection:
        command.upgrade(config_for(connection), "0006")
        for taken in (0, 1):
            connection.execute(
                text(
                    "INSERT INTO voucher (community_id, code, reference, perk_number, member_id,"
                    " uses, uses_taken, valid_from, valid_until, key_number, token, standing,"
                    " cause, issued_at) VALUES (1, :code, :reference, 1, 1, 1, :taken, :at, :at, 1,"
                    " 't', 'open', 'c', :at)"
                ),
                {"code": bytes([taken]), "reference": f"V-{taken}", "taken": taken, "at": at},
            )
    migrate(database)
    with database.engine.begin() as connection:
        looks = connection.execute(text("SELECT issued_at = look_at FROM voucher ORDER BY code"))
        assert [bool(look) for (look,) in looks] == [True, False]
        command.downgrade(config_for(connection), "0006")
    migrate(database)
    database.dispose()


def test_promises_in_several_places_come_back_to_one_where_most_is(empty_url: str) -> None:
    database = Database(empty_url)
    migrate(database)
    at = "2026-01-02 03:04:05.000000+00:00"
    with database.engine.begin() as connection:
        for place in (1, 2):
            connection.execute(
                text(
                    "INSERT INTO stock_level (id, community_id, item, variant, place, on_hand)"
                    " VALUES (:place, 1, 'pin', '', :key, 5)"
                ),
                {"place": place, "key": f"p{place}"},
            )
            connection.execute(
                text(
                    "INSERT INTO stock_reservation (level_id, holder, quantity, until)"
                    " VALUES (:place, 'V-1', :quantity, :at)"
                ),
                {"place": place, "quantity": 3 - place, "at": at},
            )
        command.downgrade(config_for(connection), "0013")
        left = connection.execute(text("SELECT level_id, quantity FROM stock_reservation")).all()
    assert [tuple(row) for row in left] == [(1, 2)]
    migrate(database)
    database.dispose()


def test_a_device_of_before_may_do_what_it_could(empty_url: str) -> None:
    database = Database(empty_url)
    at = "2026-01-02 03:04:05.000000+00:00"
    rows = (
        "INSERT INTO community (id, key, name, timezone, primary_colour, accent_colour,"
        " quiet_hours) VALUES (1, 'c', 'C', 'UTC', '', '', '')",
        "INSERT INTO station (id, community_id, key, name, timezone, closed)"
        " VALUES (1, 1, 's', 'S', 'UTC', '[]')",
        "INSERT INTO device (id, community_id, station_id, name, bearer_hash, pairing_hash,"
        " pairing_until, created_at) VALUES ('dev_1', 1, 1, 'Door', :hash, :hash, :at, :at)",
    )
    with database.engine.begin() as connection:
        command.upgrade(config_for(connection), "0014")
        for row in rows:
            given = {"hash": bytes(32), "at": at} if ":hash" in row else {}
            connection.execute(text(row), given)
    migrate(database)
    with database.engine.begin() as connection:
        kept = connection.execute(text("SELECT may, wrong_pins FROM device")).one()
        assert tuple(kept) == ("redeem,undo", 0)
        command.downgrade(config_for(connection), "0014")
        assert connection.execute(text("SELECT id FROM device")).scalars().all() == ["dev_1"]
    migrate(database)
    database.dispose()


def test_a_key_of_the_first_version_goes_on_signing(empty_url: str) -> None:
    database = Database(empty_url)
    with database.engine.begin() as connection:
        command.upgrade(config_for(connection), "0001")
        connection.execute(
            text("INSERT INTO signing_key (number, public_key, created_at) VALUES (1, :key, :at)"),
            {"key": bytes(32), "at": "2026-01-02 03:04:05.000000+00:00"},
        )
    migrate(database)
    with database.engine.connect() as connection:
        created, signs = connection.execute(
            text("SELECT created_at, signs_from FROM signing_key")
        ).one()
    assert created == signs
    database.dispose()


def test_what_was_extended_before_devices_synced_is_known(empty_url: str) -> None:
    database = Database(empty_url)
    at = "2026-01-02 03:04:05.000000+00:00"
    with database.engine.begin() as connection:
        command.upgrade(config_for(connection), "0012")
        connection.execute(
            text(
                "INSERT INTO community (id, key, name, timezone, primary_colour, accent_colour,"
                " quiet_hours) VALUES (1, 'c', 'C', 'UTC', '#000000', '#000000', 'never')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO station (community_id, key, name, timezone, closed)"
                " VALUES (1, 'popup', 'Pop-up', 'UTC', '[]')"
            )
        )
        for number, kind in enumerate(("voucher.extended", "voucher.voided"), 1):
            reference = f"V-{number}"
            connection.execute(
                text(
                    "INSERT INTO voucher (community_id, code, reference, perk_number, member_id,"
                    " uses, uses_taken, valid_from, valid_until, key_number, token, standing,"
                    " cause, issued_at) VALUES (1, :code, :reference, 1, 1, 1, 0, :at, :at, 1,"
                    " 't', 'open', 'c', :at)"
                ),
                {"code": bytes([number]), "reference": reference, "at": at},
            )
            connection.execute(
                text(
                    "INSERT INTO audit_entry (id, community_id, kind, at, actor, data, subject)"
                    " VALUES (:id, 1, :kind, :at, 'a:b', '{}', :reference)"
                ),
                {"id": f"{number:032}", "kind": kind, "at": at, "reference": reference},
            )
    migrate(database)
    with database.engine.begin() as connection:
        extended = connection.execute(
            text("SELECT extended_at IS NOT NULL FROM voucher ORDER BY reference")
        )
        assert [bool(one) for (one,) in extended] == [True, False]
        allowed = text("SELECT offline_allowance, offline_hours FROM station")
        assert tuple(connection.execute(allowed).one()) == (200, 12)
        required = connection.execute(text("SELECT operators_required FROM station")).scalar_one()
        assert not required
        command.downgrade(config_for(connection), "0012")
    migrate(database)
    database.dispose()


def test_what_was_unlinked_in_one_community_holds_in_all(empty_url: str) -> None:
    database = Database(empty_url)
    at = "2026-01-02 03:04:05.000000+00:00"
    everywhere = (
        "INSERT INTO community (id, key, name, timezone, primary_colour, accent_colour,"
        " quiet_hours) VALUES (:number, :key, 'C', 'UTC', '', '', '')",
        "INSERT INTO member (id, community_id, person_id, display_name, sought, first_seen_at)"
        " VALUES (:number, :number, 7, 'A', 'a', :at)",
        "INSERT INTO unlinked_account (community_id, member_id, source, account_hash, unlinked_at)"
        " VALUES (:number, :number, 'forum', :hash, :at)",
    )
    with database.engine.begin() as connection:
        command.upgrade(config_for(connection), "0045")
        connection.execute(text("INSERT INTO person (id, created_at) VALUES (7, :at)"), {"at": at})
        for number in (1, 2):
            day = at.replace("-02", f"-0{number}")
            given = {"number": number, "key": f"c{number}", "at": day, "hash": bytes([number] * 32)}
            for row in everywhere:
                statement = text(row)
                named = statement.compile().params
                connection.execute(statement, {key: given[key] for key in named})
    migrate(database)
    told = text("SELECT * FROM unlinked_account")
    with database.engine.begin() as connection:
        [kept] = connection.execute(told)
        assert (kept.person_id, bytes(kept.account_hash)) == (7, bytes([2] * 32))
        command.downgrade(config_for(connection), "0045")
        before = connection.execute(told)
        assert sorted((row.community_id, row.member_id) for row in before) == [(1, 1), (2, 2)]
    migrate(database)
    database.dispose()
