"""The `keepsake` command: what packages hand over, and the processes."""

import logging
import sys

import click

from app import processes
from app.config import load_settings
from app.faults import sentence_of
from app.installation import Installation, open_installation

INTERRUPTED = 130


def main() -> None:
    """Runs a command; every error that has a sentence is that sentence and a non-zero exit."""
    try:
        installation = open_installation(load_settings())
    except Exception as error:
        sentence = sentence_of(error)
        if sentence is None:
            raise
        sys.exit(_say(sentence))
    _start_logging(installation.settings.log_level)
    try:
        code = command_line(installation).main(obj=installation, standalone_mode=False)
    except click.exceptions.Abort:
        _say("Interrupted. What was accepted before is kept.")
        code = INTERRUPTED
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except Exception as error:
        sentence = sentence_of(error)
        if sentence is None:
            raise
        code = _say(sentence)
    finally:
        installation.close()
    sys.exit(code if isinstance(code, int) else 0)


def command_line(installation: Installation) -> click.Group:
    """The commands of an installation."""
    group = click.Group("keepsake", help="Turns what people do into things they can hold.")
    for command in (*installation.plugins.commands, *processes.commands):
        group.add_command(command)
    return group


def _say(sentence: str) -> int:
    click.echo(sentence, err=True)
    return 1


def _start_logging(level: str) -> None:
    logging.basicConfig(
        level=level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    # These tell every request and migration step, addresses with secrets among them.
    # Its voice is not used, and the simulation's own client has no intents.
    for name in ("discord.client", "discord.state"):
        logging.getLogger(name).setLevel(logging.ERROR)
    for name in ("alembic", "httpx2", "httpcore2", "discord", "_granian"):
        logging.getLogger(name).setLevel(logging.WARNING)


if __name__ == "__main__":
    main()
