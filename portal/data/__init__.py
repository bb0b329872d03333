"""What the portal is delivered with: topics, help lines and the demo community, read from TOML into frozen values."""

from portal.data.crisis import countries, country
from portal.data.demo import community
from portal.data.topics import Catalogue, catalogue

__all__ = ["Catalogue", "catalogue", "community", "countries", "country"]
