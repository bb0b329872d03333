"""The blueprint of the front page."""

from flask import Blueprint

blueprint = Blueprint("home", __name__)
