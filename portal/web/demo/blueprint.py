"""The blueprint of the demonstration."""

from flask import Blueprint

blueprint = Blueprint("demo", __name__)
