"""Keys of a site: changing the one that free text is sealed with while it runs, making the one that signs are signed
with."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator

import click
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import Column, Table, Text, and_, select, type_coerce, update

from portal.app import from_environment
from portal.db import transaction
from portal.models import Base, keyring
from portal.models.types import EncryptedBytes

BATCH = 200


@click.group()
def keys() -> None:
    """Look after the site's keys."""


@keys.command()
def rotate() -> None:
    """Seal everything with the first key of ENCRYPTION_KEYS; may be stopped and started again at any time."""
    with from_environment().app_context():
        for table, column, place in sealed_columns():
            _rotate(table, column, place)
    click.echo("Everything is sealed with the newest key. Older keys may be taken out of ENCRYPTION_KEYS.")


@keys.command()
def push() -> None:
    """Make a key for signs on devices. A site keeps its key: with another one each device has to ask anew."""
    click.echo(f"PUSH_KEY={new_push_key()}")


def new_push_key() -> str:
    """Return a new private key (RFC 8292): 32 bytes in base64url."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return urlsafe_b64encode(number.to_bytes(32)).rstrip(b"=").decode()


def sealed_columns() -> Iterator[tuple[Table, Column[object], str]]:
    """Return every column of sealed text, with its table and the place its seals are made for."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, EncryptedBytes):
                yield table, column, column.type.place


def _rotate(table: Table, column: Column[object], place: str) -> None:
    while _rotate_batch(table, column, place):
        pass


def _rotate_batch(table: Table, column: Column[object], place: str) -> int:
    sealed = type_coerce(column, Text)
    ids = list(table.primary_key.columns)
    older = select(*ids, sealed.label("sealed")).where(column.is_not(None), sealed.not_like(f"{keyring.writes_with}:%"))
    with transaction() as session:
        rows = session.execute(older.limit(BATCH)).all()
        for row in rows:
            *key, text = row
            # Only where nobody wrote in between: a newer text is sealed with the newest key already.
            unchanged = and_(*(each == value for each, value in zip(ids, key, strict=True)), sealed == text)
            fresh = keyring.seal(keyring.open(text, place), place)
            session.execute(update(table).where(unchanged).values({column.name: type_coerce(fresh, Text)}))
        return len(rows)
