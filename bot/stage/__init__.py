"""The simulated Discord: without a token, the real bot can be tried here in a browser."""

from bot.stage.errors import StageError
from bot.stage.opening import run_stage
from bot.stage.scene import Line, Person, Place, Role, Scene
from bot.stage.stage import Stage

__all__ = ["Line", "Person", "Place", "Role", "Scene", "Stage", "StageError", "run_stage"]
