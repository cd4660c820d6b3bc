"""Where the bench finds what it measures with."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAMME = ROOT / "programme.toml"
SAMPLE = ROOT / "samples" / "activity-2025q1.ndjson.gz"
