"""The programme's section `[achievements.KEY]`."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.achievements.criteria import checking
from app.achievements.criteria.settings import AchievementSettings
from app.achievements.grants import budgets, settling, suspending
from app.activity.metrics.settings import MetricSettings
from app.activity.windows import as_far_as
from app.communities.settings import CommunitySection
from app.plugins import Plugins
from app.programme.loading import ProgrammeRefused
from app.programme.sections import NamedTables, Programme


class AchievementsSection(NamedTables[AchievementSettings]):
    """`[achievements.KEY]`; one without a reward channel, or that money can buy, is refused."""

    def __init__(self, plugins: Plugins) -> None:
        super().__init__("achievements", AchievementSettings)
        self._plugins = plugins

    def check(self, programme: Programme) -> Iterable[tuple[str, str]]:
        """Every criterion can be met, none is bought, and every reward can be given."""
        return checking.wrong(self.of(programme), programme, self._plugins)

    def windows(self, programme: Programme) -> Iterable[tuple[str, str]]:
        """The windows that criteria name, and of those that end what comes until then."""
        asks = [(one.ask, table) for table in self.of(programme).values() for one in table.criteria]
        named = {(ask.metric, ask.kind) for ask, _ in asks if ask and ask.kind}
        return named | {
            (ask.metric, as_far_as(ask.kind, table.ends))
            for ask, table in asks
            if ask and table.ends
        }

    def metrics(self, programme: Programme) -> Mapping[str, MetricSettings]:
        """Those of distinct days, channels and threads that criteria ask for."""
        return checking.implied_metrics(self.of(programme), programme)

    def apply(self, session: Session, programme: Programme, now: datetime) -> None:
        """Opens the budgets; raises `ProgrammeRefused` where a role that is asked for is bought."""
        community_id = CommunitySection().id_of(session, programme)
        if community_id is None:
            raise LookupError("a community's achievements are applied once it stands")
        table = self.of(programme)
        if bought := suspending.bought_roles(session, community_id, table):
            raise ProgrammeRefused(
                [f"[achievements.{key}]: {sentence}." for key, sentence in sorted(bought.items())]
            )
        budgets.open_all(session, community_id, table)
        settling.look_again(session, community_id)
