"""The programme's section `[metrics.KEY]`."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from sqlalchemy.orm import Session

from app.activity.intake import recounting
from app.activity.metrics.definitions import metrics_of
from app.activity.metrics.settings import KINDS, MetricSettings
from app.activity.sources.declared import kinds_sent
from app.communities.settings import CommunitySection
from app.plugins import Plugins
from app.programme.sections import NamedTables, Programme


class MetricsSection(NamedTables[MetricSettings]):
    """`[metrics.KEY]`."""

    def __init__(self) -> None:
        super().__init__("metrics", MetricSettings)

    def check(self, programme: Programme) -> Iterable[tuple[str, str]]:
        """A metric must not take the name of a kind: that one counts its kind, without limits."""
        tables = self.of(programme)
        certain = {*KINDS, *kinds_sent(programme)}
        for key, table in tables.items():
            if key in certain or key in table.kinds:
                yield key, f"{key} is the name of a kind of event and so a metric already"
            for kind in sorted({*table.kinds} & {*tables} - {key, *certain}):
                yield f"{key}.kinds", f"{kind} is a metric, not a kind of event"

    def is_applied(self, session: Session, programme: Programme) -> bool:
        """Whether all metrics were counted as this version of the code would."""
        community_id = CommunitySection().id_of(session, programme)
        plugins = cast(Plugins, session.info["plugins"])
        metrics = metrics_of(programme, plugins)
        return community_id is None or not recounting.outdated(session, community_id, metrics)

    def apply(self, session: Session, programme: Programme, now: datetime) -> None:
        """Counts those metrics anew, from the stored events, that are defined otherwise now."""
        community_id = CommunitySection().id_of(session, programme)
        if community_id is None:
            raise LookupError("a community's metrics are counted once it stands")
        plugins = cast(Plugins, session.info["plugins"])
        recounting.bring_up(session, community_id, metrics_of(programme, plugins))
