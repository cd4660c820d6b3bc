"""`keepsake migrate`, `run`, and one command for each process."""

import signal
import threading
from types import FrameType

import click

from app.installation import Installation
from app.programme.applying import ready
from app.supervisor import run_everything
from app.worker import Worker


@click.command()
@click.pass_obj
def migrate(installation: Installation) -> None:
    """Bring the database up to date and make what it needs: tables, programme, first keys."""
    prepare(installation)
    click.echo("The database is up to date.", err=True)


@click.command()
@click.pass_obj
def run(installation: Installation) -> None:
    """Start everything on this machine and watch it: web, worker and bot."""
    run_everything(installation, prepare)


@click.command()
@click.pass_obj
def web(installation: Installation) -> None:
    """The web process alone."""
    start_up(installation)
    from app.web import serve_web

    serve_web(installation)


@click.command()
@click.pass_obj
def worker(installation: Installation) -> None:
    """The worker alone: does what is due until it is told to stop."""
    start_up(installation)
    served = Worker(installation)
    stop = threading.Event()

    def asked_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, asked_to_stop)
    signal.signal(signal.SIGINT, asked_to_stop)
    served.start()
    stop.wait()
    served.stop()


commands = (migrate, run, web, worker)


def prepare(installation: Installation) -> None:
    """What `migrate` does: safe to repeat, and to call by several machines one after another."""
    from app import migrating  # Alembic is slow to import, and most commands do without

    migrating.migrate(installation.database)
    if installation.settings.programme_file.exists():
        ready(installation)
    else:
        path = installation.settings.programme_file
        click.echo(f"There is no {path} yet: it is applied as soon as it is needed.", err=True)
    for preparation in installation.plugins.preparations:
        preparation(installation)


def start_up(installation: Installation) -> None:
    """What every process does first; raises with a sentence where it must not run."""
    from app import migrating

    migrating.check(installation.database)
    ready(installation)
    for check in installation.plugins.start_checks:
        check(installation)
