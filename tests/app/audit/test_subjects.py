"""Entries from before they had a subject get theirs as the database is brought up to date."""

from alembic import command
from sqlalchemy import text

from app.database import Database
from app.migrating import config_for, migrate

ENTRIES = {
    "00000000000000000000000000000001": '{"voucher": "V-1"}',
    "00000000000000000000000000000002": '{"other": 1}',
    "00000000000000000000000000000003": '{"voucher": null}',
}


def test_what_was_recorded_before_is_found_by_its_voucher(empty_url: str) -> None:
    database = Database(empty_url)
    with database.engine.begin() as connection:
        command.upgrade(config_for(connection), "0006")
        for key, data in ENTRIES.items():
            connection.execute(
                text(
                    "INSERT INTO audit_entry (id, community_id, kind, at, actor, data) "
                    "VALUES (:id, 1, 'voucher.issued', :at, 'x:1', :data)"
                ),
                {"id": key, "at": "2026-01-02 03:04:05.000000+00:00", "data": data},
            )
    migrate(database)
    with database.engine.connect() as connection:
        rows = connection.execute(text("SELECT subject FROM audit_entry ORDER BY id"))
        assert rows.scalars().all() == ["V-1", None, None]
    database.dispose()
