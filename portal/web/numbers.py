"""Numbers in addresses: no larger than a row's can be, so that a made-up one is a page that is not there."""

from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1


class RowNumber(IntegerConverter):
    """Stands where the routes say <int:…>."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST)
