"""The blueprint that the account's pages hang on."""

from flask import Blueprint

blueprint = Blueprint("account", __name__)
