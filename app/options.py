"""Options that many commands have, each said once."""

from collections.abc import Callable
from typing import Any

import click

json_option: Callable[..., Any] = click.option(
    "--json", "as_json", is_flag=True, help="One JSON value on stdout."
)
"""`as_json`: whether a program reads what is told."""
