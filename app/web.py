"""The web process: granian, WSGI."""

import os

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from app.installation import Installation
from app.ports import refuse_taken


def serve_web(installation: Installation) -> None:
    """Serves pages and the API until it is told to stop; raises `PortTaken`.

    On SQLite one process, whose writers queue in it; on PostgreSQL as many as there are cores,
    unless KEEPSAKE_WEB_PROCESSES says otherwise.
    """
    settings = installation.settings
    refuse_taken(settings.host, settings.port)
    processes = settings.web_processes or (os.cpu_count() or 1)
    installation.close()
    Granian(
        "app.factory:serve",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=1 if installation.database.is_sqlite else processes,
        blocking_threads=settings.web_threads,
        backlog=1024,
        # Its warnings are of more threads than cores: ours wait for the database together.
        log_level=LogLevels.error,
        log_access=False,
        websockets=False,
        respawn_failed_workers=True,
    ).serve()
