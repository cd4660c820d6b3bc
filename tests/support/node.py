"""Node, as `make` found it: the system's, or that of the wheel."""

import os
import shutil
import subprocess
import sys
from pathlib import Path


class NodeMissing(Exception):
    """There is no Node that could run the kiosk's rules; the text says what to do."""


def run_node(script: Path, *, given: str) -> str:
    """What a script prints, with `given` on its standard input; fails where it fails."""
    done = subprocess.run([_node(), str(script)], input=given, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _node() -> str:
    own = Path(sys.prefix) / "node"
    found = shutil.which("node", path=f"{own}{os.pathsep}{os.environ.get('PATH', '')}")
    if found is None:
        raise NodeMissing("There is no Node: run the tests by `make test`, which installs one.")
    return found
