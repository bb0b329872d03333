"""The blueprint that the pages of telling hang on."""

from flask import Blueprint

blueprint = Blueprint("experience", __name__)
