"""The front door of experience."""

from flask import Blueprint

blueprint = Blueprint("experience", __name__)
