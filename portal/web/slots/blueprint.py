"""The blueprint that a peer's pages about their times hang on."""

from flask import Blueprint

blueprint = Blueprint("slots", __name__)
