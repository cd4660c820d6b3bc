"""Rules for channels in words, made from their data. Pure."""

from collections.abc import Mapping, Sequence

from app.activity.metrics.channels import IGNORED, ChannelRule

TIMES = {1: "it counts once", 2: "it counts twice"}
EVERYWHERE = "everywhere else"


def in_words(rules: Sequence[ChannelRule], roles: Mapping[str, str]) -> str | None:
    """Where it counts how much, as a sentence; None where no rule says anything. Roles are told by
    their names, where those are known.
    """
    if not rules:
        return None
    said = [f"{_where(rule, roles)} {_how_much(rule)}" for rule in rules]
    told = f"Where it is done matters: {'; '.join(said)}."
    return f"{told} The first of these that fits decides." if len(said) > 1 else told


def _where(rule: ChannelRule, roles: Mapping[str, str]) -> str:
    if rule.name:
        return f"in {rule.name}"
    parts = [
        f"in {name} {' or '.join(ids)}"
        for name in ("category", "channel", "thread")
        if (ids := getattr(rule, name))
    ]
    if rule.role:
        parts.append(f"with the role {' or '.join(roles.get(role, role) for role in rule.role)}")
    return " ".join(parts) or EVERYWHERE


def _how_much(rule: ChannelRule) -> str:
    if rule.decides == IGNORED:
        return "nothing counts"
    return TIMES.get(rule.decides, f"it counts {rule.decides} times")
