"""By what a metric's counters were counted, as a digest: by another one they are counted anew."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

JUDGED_ANEW = {
    "member_days": "since any event",
    "burst": "floods are not usual",
    "same_member_per_day": "on all platforms, in parts",
    "own": "on all platforms",
    "per_hour": "in parts",
    "per_day": "in parts",
}
"""By limit: what it judges by now, where it was something else before."""
LIMITS = "limits 4"
"""Changed with what limits remember: all is judged anew then."""


def digest(
    key: str,
    windows: Sequence[str],
    untils: Sequence[Any],
    settings: Mapping[str, Any] | None,
    clock: Any,
    *,
    is_ranked: bool,
) -> str:
    """Of all that a metric's counters depend on: in which windows and as far as which days it is
    counted, its `settings` (None for a kind's own), and the community's `clock` where that matters.
    """
    needs_clock = bool(windows or untils) or settings is not None
    told = [key, windows, settings, clock if needs_clock else None]
    told += ["until", untils] if untils else []
    told += ["ranked"] if is_ranked else []
    # Its days are kept once: whoever counted them in each window counts them anew.
    told += [LIMITS] if settings and settings.get("limits") else []
    told += ["days once"] if settings and settings.get("distinct") == "day" else []
    # So does who judged by other rules under the same words.
    limits = (settings or {}).get("limits") or {}
    told += [rule for name, rule in JUDGED_ANEW.items() if name in limits]
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]
