"""The blueprint that the outbox's pages hang on."""

from flask import Blueprint

blueprint = Blueprint("notice", __name__)
