"""The blueprint of threads and check-ins."""

from flask import Blueprint

blueprint = Blueprint("checkin", __name__)
