"""The blueprint that booking's views hang on."""

from flask import Blueprint

blueprint = Blueprint("booking", __name__)
