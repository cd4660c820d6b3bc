"""Filling the demo: each package's steps, with a progress bar."""

import sys

import click

from app import interrupts
from app.installation import Installation


def fill(installation: Installation) -> None:
    """Does every step; what was done at an earlier start stays and is not done again."""
    for step in installation.plugins.demo_steps:
        with (
            interrupts.between_steps() as stop_if_asked,
            click.progressbar(
                length=1, label=step.name, file=sys.stderr, show_eta=False, width=30
            ) as bar,
        ):

            def tell(done: int, of: int, bar: click._termui_impl.ProgressBar[int] = bar) -> None:
                bar.length = max(of, 1)
                bar.update(done - bar.pos)
                stop_if_asked()

            step.run(installation, tell)
            bar.update((bar.length or 1) - bar.pos)
