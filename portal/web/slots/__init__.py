"""The front door of slots."""

from flask import Blueprint

blueprint = Blueprint("slots", __name__)
