"""Templates are compiled once in a process of tests: each test makes an app of its own, all of the same templates."""

from types import CodeType

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class Compiled(BytecodeCache):
    """Keeps what was compiled in memory; what has another text, or is read by another kind of app, is not the same."""

    def __init__(self) -> None:
        self.kept: dict[tuple[object, ...], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what is known of this template."""
        bucket.code = self.kept.get(_identity(bucket))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        if bucket.code is not None:
            self.kept[_identity(bucket)] = bucket.code


def keep_compiled() -> None:
    """Let all apps of this process share what they compile."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Compiled()}


def _identity(bucket: Bucket) -> tuple[object, ...]:
    environment = bucket.environment
    ways = (environment.extensions, environment.filters, environment.tests)
    return bucket.key, bucket.checksum, *(frozenset(names) for names in ways)
