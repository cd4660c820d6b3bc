"""placeholder"""

from flask import Blueprint

blueprint = Blueprint("leaderboards", __name__)
