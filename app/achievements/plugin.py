"""Plugs achievements in: their section, `replay`, `import` and the ways in for events and links."""

from typing import Any

from app.achievements import merging, sample, winning
from app.achievements.commands import replay_command
from app.achievements.granting import grants_of
from app.achievements.import_command import import_group
from app.achievements.settings import AchievementsSection
from app.clock import as_text
from app.plugins import DemoStep, Plugins


def plug_in(plugins: Plugins) -> None:
    """Hands over the section, the commands and what members hold."""
    plugins.add_section(AchievementsSection(plugins))
    plugins.commands += [replay_command, import_group]
    plugins.follow(winning.FOLLOWS, winning.WINNERS)
    plugins.demo_steps.append(DemoStep("A quarter of real activity", sample.fill))
    plugins.member_parts["grants"] = _grants
    plugins.member_merges["grants"] = merging.merge
    plugins.pages.append(_add_pages)


def _add_pages(plugins: Plugins) -> None:
    from app.achievements import views
    from app.achievements.linking import views as linking

    plugins.blueprints += [views.blueprint, linking.blueprint]


def _grants(session: Any, member: Any) -> list[dict[str, Any]]:
    return [
        {
            "achievement": grant.achievement,
            "tier": grant.tier,
            "granted_at": as_text(grant.granted_at),
        }
        for grant in grants_of(session, member.community_id, member.id)
    ]
