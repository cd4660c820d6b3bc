"""The programme's section `[leaderboards.KEY]`."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator

from app.activity.metrics.settings import countable, unseasonable
from app.activity.sources.declared import bought
from app.activity.windows import ALL_TIME
from app.programme.sections import Key, Name, NamedTables, Programme, Table

BoardWindow = Literal["day", "week", "month", "season", "all"]
ChannelId = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,20}$")]


class Winners(Table):
    """Who is first when a window is final is granted something."""

    achievement: Key
    up_to: Annotated[int, Field(ge=1, le=100)] = 1
    """The last rank that is; who is tied at it is as well."""


class LeaderboardSettings(Table):
    """`[leaderboards.KEY]`: who has most of a metric, in some windows."""

    name: Name
    metric: Key
    windows: Annotated[tuple[BoardWindow, ...], Field(min_length=1)]
    public: bool = False
    """Whether it has a page that anybody may open."""
    channel: ChannelId | None = None
    """The Discord channel to which the result of each final window is posted."""
    winners: Winners | None = None

    @field_validator("windows")
    @classmethod
    def _each_once(cls, windows: tuple[BoardWindow, ...]) -> tuple[BoardWindow, ...]:
        if len(set(windows)) < len(windows):
            raise ValueError("name each window once")
        return windows


def public_ones(programme: Programme) -> dict[str, LeaderboardSettings]:
    """The leaderboards that have a page that anybody may open."""
    return {key: one for key, one in programme["leaderboards"].items() if one.public}


class LeaderboardsSection(NamedTables[LeaderboardSettings]):
    """`[leaderboards.KEY]`."""

    def __init__(self) -> None:
        super().__init__("leaderboards", LeaderboardSettings)

    def check(self, programme: Programme) -> Iterable[tuple[str, str]]:
        """What it counts can move, and what it promises for windows that close can happen."""
        known = countable(programme)
        for key, board in self.of(programme).items():
            if board.metric not in known:
                yield f"{key}.metric", f"nothing moves the metric {board.metric}"
            if "season" in board.windows and (said := unseasonable("season", programme)):
                yield f"{key}.windows", said
            for name, sentence in _wrong_promises(board, programme):
                yield f"{key}.{name}", sentence

    def windows(self, programme: Programme) -> Iterable[tuple[str, str]]:
        """Each board's metric is counted in its windows; for all time it is anyway."""
        for board in self.of(programme).values():
            yield from ((board.metric, kind) for kind in board.windows if kind != ALL_TIME)


def _wrong_promises(board: LeaderboardSettings, programme: Programme) -> Iterable[tuple[str, str]]:
    """What is said of windows that close cannot happen, or must not."""
    if board.windows == (ALL_TIME,):
        for name in ("channel", "winners"):
            if getattr(board, name) is not None:
                yield name, "a board of all time alone never closes"
    if board.winners is None:
        return
    if board.winners.achievement not in programme.get("achievements", {}):
        yield "winners", f"there is no achievement {board.winners.achievement}"
    if sentence := bought(board.metric, programme):
        yield "winners", sentence
