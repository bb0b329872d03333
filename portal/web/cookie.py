"""The cookie of a browser's session: Flask's own, signed by what is made once for the application."""

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class Cookie(SecureCookieSessionInterface):
    """Flask's cookie; it makes its signer anew twice in each request, of the same secret."""

    _kept: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs the cookies of this application."""
        if self._kept is None:
            self._kept = super().get_signing_serializer(app)
        return self._kept
