"""Plugs achievements in: their section, `replay`, `import` and the ways in for events and links."""

from typing import Any

from app.achievements.changes.commands import apply_command, diff
from app.achievements.evaluation.holding import grants_of
from app.achievements.grants import merging, settling, waiting, winning
from app.achievements.grants.commands import grant_command
from app.achievements.intake import sample
from app.achievements.intake.commands import replay_command
from app.achievements.intake.import_command import import_group
from app.achievements.linking import elsewhere
from app.achievements.section import AchievementsSection
from app.achievements.trials.commands import fairness_command, trial_command
from app.clock import as_text
from app.plugins import DemoStep, Plugins
from app.programme.commands import programme


def plug_in(plugins: Plugins) -> None:
    """Hands over the section, the commands and what members hold."""
    plugins.add_section(AchievementsSection(plugins))
    for command in (diff, apply_command):
        programme.add_command(command)
    plugins.commands += [replay_command, import_group, grant_command]
    plugins.commands += [trial_command, fairness_command]
    plugins.follow(winning.FOLLOWS, winning.WINNERS)
    plugins.follow(elsewhere.FOLLOWS, elsewhere.ELSEWHERE)
    plugins.demo_steps.append(DemoStep("A quarter of real activity", sample.fill))
    plugins.ticks.append(settling.TICK)
    plugins.member_parts["grants"] = _grants
    plugins.member_merges["grants"] = merging.merge
    plugins.member_merges["waiting"] = waiting.merge
    plugins.member_erasures["waiting"] = waiting.forget
    plugins.pages.append(_add_pages)


def _add_pages(plugins: Plugins) -> None:
    from app.achievements.intake import views as intake
    from app.achievements.linking import views as linking
    from app.achievements.published import views as published

    plugins.blueprints += [intake.blueprint, published.blueprint, linking.blueprint]


def _grants(session: Any, member: Any) -> list[dict[str, Any]]:
    return [
        {
            "achievement": grant.achievement,
            "tier": grant.tier,
            "round": grant.round,
            "granted_at": as_text(grant.granted_at),
            "reached_at": as_text(grant.reached_at) if grant.reached_at else None,
        }
        for grant in grants_of(session, member.community_id, member.id)
    ]
