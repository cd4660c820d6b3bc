"""Plugs achievements in: their section, `replay` and `import`, and a member's grants."""

from typing import Any

from app.achievements import sample
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
    plugins.demo_steps.append(DemoStep("A quarter of real activity", sample.fill))
    plugins.member_parts["grants"] = _grants


def _grants(session: Any, member: Any) -> list[dict[str, Any]]:
    return [
        {
            "achievement": grant.achievement,
            "tier": grant.tier,
            "granted_at": as_text(grant.granted_at),
        }
        for grant in grants_of(session, member.community_id, member.id)
    ]
