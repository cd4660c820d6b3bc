"""What is wrong with achievements beside the rest of a programme, in sentences. Pure."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from pydantic import ValidationError

from app.achievements.criteria.conditions import Condition
from app.achievements.criteria.kinds import (
    AchievementCriterion,
    DistinctCriterion,
    RankCriterion,
    StreakCriterion,
    mark_of,
)
from app.achievements.criteria.settings import AchievementSettings, Tier
from app.activity.metrics.settings import MetricSettings, countable, unseasonable
from app.activity.sources.declared import bought
from app.plugins import Plugins
from app.programme import wording
from app.programme.sections import Programme

Table = Mapping[str, AchievementSettings]


def wrong(table: Table, programme: Programme, plugins: Plugins) -> Iterable[tuple[str, str]]:
    """(key, sentence) for all that is wrong."""
    for key, settings in table.items():
        for tier in settings.steps:
            for criterion in tier.criteria:
                if sentence := _wrong_criterion(criterion, table, programme):
                    yield key, sentence
            if sentence := _wrong_reward(tier, programme, plugins):
                yield f"{key}.reward", sentence
            if settings.repeat and (sentence := _never_again(tier)):
                yield f"{key}.repeat", sentence
    if circle := _circle(table):
        yield circle[0], f"it asks for itself: {' needs '.join(circle)}"


def implied_metrics(table: Table, programme: Programme) -> dict[str, MetricSettings]:
    """The metrics of distinct ones that criteria ask for without one being defined."""
    found: dict[str, MetricSettings] = {}
    for settings in table.values():
        for criterion in settings.criteria:
            match criterion:
                case DistinctCriterion(of=of, distinct=distinct):
                    base = _base(of, programme)
                    key = criterion.ask.metric
                    found[key] = base.model_copy(update={"distinct": distinct})
                case StreakCriterion(of=of) if of is not None:
                    base = _base(of, programme)
                    found[criterion.days_of] = base.model_copy(update={"distinct": "day"})
    return found


def _base(of: str, programme: Programme) -> MetricSettings:
    """What distinct ones are counted of, without its own name."""
    defined: MetricSettings | None = programme["metrics"].get(of)
    settings = {"kinds": (of,)}
    if defined is not None:
        settings = {name: getattr(defined, name) for name in defined.model_fields_set - {"name"}}
    return MetricSettings.model_validate(settings)


def _wrong_criterion(criterion: Condition, table: Table, programme: Programme) -> str | None:
    match criterion:
        case AchievementCriterion(achievement=other, tier=tier):
            if other not in table:
                return f"there is no [achievements.{other}]"
            if tier > len(table[other].steps):
                return f"[achievements.{other}] has no tier {tier}"
            return None
        case RankCriterion():
            return _wrong_rank(criterion, programme)
        case DistinctCriterion(of=of, window=window):
            implied = criterion.ask.metric
            return _wrong_of(of, implied, programme) or unseasonable(window, programme)
        case StreakCriterion():
            return _wrong_streak(criterion, programme)
    if criterion.ask is None:
        return None
    metric, window = criterion.ask
    return _wrong_metric(metric, programme) or unseasonable(window, programme)


def _wrong_rank(criterion: RankCriterion, programme: Programme) -> str | None:
    season, boards = criterion.season, programme["leaderboards"]
    if season is not None and season not in programme["seasons"]:
        return f"there is no [seasons.{season}]"
    if criterion.leaderboard not in boards:
        return f"there is no [leaderboards.{criterion.leaderboard}]"
    board = boards[criterion.leaderboard]
    if criterion.window not in board.windows:
        held = f"its windows are {', '.join(board.windows)}"
        return f"[leaderboards.{criterion.leaderboard}] has no window {criterion.window}: {held}"
    return bought(board.metric, programme)


def _wrong_metric(metric: str, programme: Programme) -> str | None:
    if metric not in countable(programme):
        return f"nothing moves the metric {metric}: define [metrics.{metric}]"
    return bought(metric, programme)


def _wrong_of(of: str, implied: str, programme: Programme) -> str | None:
    defined = programme["metrics"].get(of)
    if defined is not None and defined.distinct is not None:
        return f"{of} counts distinct ones already: ask for it with metric"
    if implied in countable(programme):
        return f"it is counted as {implied}, so that nothing else may have that name"
    return _wrong_metric(of, programme)


def _wrong_streak(criterion: StreakCriterion, programme: Programme) -> str | None:
    metric = criterion.days_of
    if criterion.of is not None:
        return _wrong_of(criterion.of, metric, programme)
    defined = programme["metrics"].get(metric)
    if defined is None or defined.distinct != "day":
        return f'{metric} does not count days: give [metrics.{metric}] distinct = "day", or say of'
    return bought(metric, programme)


def _wrong_reward(tier: Tier, programme: Programme, plugins: Plugins) -> str | None:
    if "channel" not in tier.reward:
        return "an achievement needs a reward with a channel"
    try:
        found, own = tier.channel_settings(plugins)
    except LookupError as error:
        return str(error)
    except ValidationError as error:
        where, said = next(wording.told(error.errors()))
        return f"key {'.'.join(str(part) for part in where)}: {said}"
    return found.check(own, programme)


def _never_again(tier: Tier) -> str | None:
    lasting = [criterion for criterion in tier.criteria if not criterion.is_counted]
    if tier.needs_all:
        nothing_is_counted = len(lasting) == len(tier.criteria)
        return "none of its criteria can be met once more" if nothing_is_counted else None
    if lasting:
        # Who has met it once would be granted it for ever.
        held = mark_of(lasting[0])
        return f"with any, each criterion must be one that can be met once more, and {held} is not"
    return None


def _circle(table: Table) -> list[str]:
    """Achievements that need each other, from one on and back to it."""
    needs = {
        key: {one.achievement for one in settings.criteria if isinstance(one, AchievementCriterion)}
        for key, settings in table.items()
    }
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found[::-1]
    return []
