"""Who did it, as the record writes it: `kind:id`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """One who acts: a member, an operator, a device, an organiser, a partner, or the system."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Actor":
        """Reads what `str()` wrote."""
        kind, _, name = text.partition(":")
        return cls(kind, name)


WORKER = Actor("system", "worker")
COMMAND_LINE = Actor("system", "command-line")
INTAKE = Actor("system", "intake")
