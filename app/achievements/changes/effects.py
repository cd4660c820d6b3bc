"""What a change of the programme does to one achievement, in figures and in words. Pure."""

from dataclasses import dataclass

from app.programme.comparing import CHANGED, WITHDRAWN

UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Effect:
    """What becomes of one achievement."""

    achievement: str
    name: str
    what: str
    """`new`, `changed`, `withdrawn` or `unchanged`."""
    newly: int
    """Members who meet it then and did not before, and do not hold it."""
    lose: int
    """Members who meet it now and hold nothing of it, and would not meet it then."""
    keep: int
    """Members who hold it and would not meet it any more: grants are never taken away."""
    budget: int | None
    left: int | None = None
    """How many of its budget are left then; None where it has none."""
    was_budget: int | None = None
    granted: int = 0
    """Members whom the worker grants it at once, whenever they came to meet it."""
    already: int = 0
    """How many of those meet it before the change as well."""
    waiting: int = 0
    """Members who meet it then and wait since an import: the next thing they do grants it."""
    closed: str | None = None
    """Why it cannot be had then, as a sentence; None where it can."""

    @property
    def is_told(self) -> bool:
        """Whether anything becomes of it at all."""
        return self.what != UNCHANGED or bool(self.newly or self.lose or self.granted)

    @property
    def sentence(self) -> str:
        """In words."""
        if self.what == WITHDRAWN:
            kept = "holds it and keeps it" if self.keep == 1 else "hold it and keep it"
            return f"{self.name} is withdrawn: {_members(self.keep)} {kept}."
        said = f"{self.name} is {self.what}: {_members(self.newly)} would newly qualify, "
        said += f"{self.lose:,} lose"
        if self.keep:
            said += f"; {self.keep:,} hold it without meeting it, and keep it"
        return f"{said}{self._of_grants}.{self._of_budget}"

    @property
    def _of_grants(self) -> str:
        """Where they are not just those who newly qualify."""
        if self.closed and self.newly and not self.granted:
            return f"; nobody is granted it now. {self.closed.removesuffix('.')}"
        if self.granted == self.newly and not self.already:
            return ""
        said = f"; {_members(self.granted)} {'is' if self.granted == 1 else 'are'} granted it now"
        if self.waiting:
            said += f", {self.waiting:,} with the next thing they do"
        if self.already:
            met = "they met" if self.already == self.granted else f"{self.already:,} of them met"
            said += f": {met} it before, and have not got it"
        return said

    @property
    def _of_budget(self) -> str:
        if self.budget is None:
            return " Its budget goes: there is no end of it." if self.was_budget else ""
        said = f" At most {self.budget:,} are granted, of which {self.left:,} are left"
        if self.what == CHANGED and self.was_budget != self.budget:
            was = f"{self.was_budget:,}" if self.was_budget else "no limit"
            said += f" (so far: {was})"
        elif not self.newly:
            return ""
        return f"{said}."


def _members(count: int) -> str:
    return "1 member" if count == 1 else f"{count:,} members"
