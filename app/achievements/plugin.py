"""Plugs achievements in: their section, the command `replay`, and a member's grants."""

from typing import Any

from app.achievements import sample, settling
from app.achievements.by_hand_command import grant_command
from app.achievements.changing_commands import apply_command, diff
from app.achievements.commands import replay_command
from app.achievements.holding import grants_of
from app.achievements.section import AchievementsSection
from app.achievements.trial_commands import fairness_command, trial_command
from app.clock import as_text
from app.plugins import DemoStep, Plugins
from app.programme.commands import programme


def plug_in(plugins: Plugins) -> None:
    """Hands over the section, the command and what members hold."""
    plugins.add_section(AchievementsSection(plugins))
    for command in (diff, apply_command):
        programme.add_command(command)
    plugins.commands += [replay_command, grant_command, trial_command, fairness_command]
    plugins.demo_steps.append(DemoStep("A quarter of real activity", sample.fill))
    plugins.pages.append(_add_pages)
    plugins.ticks.append(settling.TICK)
    plugins.member_parts["grants"] = _grants


def _add_pages(plugins: Plugins) -> None:
    from app.achievements import views

    plugins.blueprints.append(views.blueprint)


def _grants(session: Any, member: Any) -> list[dict[str, Any]]:
    return [
        {
            "achievement": grant.achievement,
            "tier": grant.tier,
            "round": grant.round,
            "granted_at": as_text(grant.granted_at),
        }
        for grant in grants_of(session, member.community_id, member.id)
    ]
