"""The web process: granian, WSGI."""

import os

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from app.installation import Installation
from app.ports import refuse_taken

MOST_ON_SQLITE = 2


def serve_web(installation: Installation) -> None:
    """Serves pages and the API until it is told to stop; raises `PortTaken`.

    As many processes as there are cores, unless KEEPSAKE_WEB_PROCESSES says otherwise; on SQLite
    at most two by themselves: one writes while the other reads requests.
    """
    settings = installation.settings
    refuse_taken(settings.host, settings.port)
    processes = settings.web_processes or _processes(on_sqlite=installation.database.is_sqlite)
    installation.close()
    Granian(
        "app.factory:serve",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=settings.web_threads,
        backlog=1024,
        # Its warnings are of more threads than cores: ours wait for the database together.
        log_level=LogLevels.error,
        log_access=False,
        websockets=False,
        respawn_failed_workers=True,
    ).serve()


def _processes(*, on_sqlite: bool) -> int:
    cores = os.cpu_count() or 1
    return min(cores, MOST_ON_SQLITE) if on_sqlite else cores
