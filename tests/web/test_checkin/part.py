"""The part of a page between its head and its foot."""

from flask.testing import FlaskClient


def main_of(client: FlaskClient, path: str) -> str:
    """Return the main part of the page at this address."""
    return client.get(path).text.partition("<main")[2].partition("</main")[0]
