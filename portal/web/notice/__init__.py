"""The front door of notice."""

from flask import Blueprint

blueprint = Blueprint("notice", __name__)
