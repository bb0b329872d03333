"""The ceiling: a Flask view that answers ready-made bytes, without a database, a template or a header of ours."""

import os
from pathlib import Path

from flask import Flask

BODY = Path(os.environ["BARE"]).read_bytes()
app = Flask(__name__)


@app.get("/")
def bare() -> bytes:
    """Answer the bytes."""
    return BODY
