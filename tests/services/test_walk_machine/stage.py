"""The community that each run begins with."""

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from flask import Flask

from portal.db import db
from portal.domain.matching.walk import State, Step


@dataclass
class Stage:
    """A community that every run begins with anew, and what all runs together have seen."""

    app: Flask
    begins: datetime
    members: list[int]
    peers: list[int]
    coordinator: int
    turn_clock: Callable[[datetime], None]
    steps: Counter[Step] = field(default_factory=Counter)
    states: Counter[State] = field(default_factory=Counter)
    done: int = 0
    refused: int = 0

    def keep(self) -> None:
        """Keep the database as it is now, to begin each run with."""
        # The last one to leave writes what stands in the log into the file.
        db.session.remove()
        db.engine.dispose()
        shutil.copyfile(self._file(), self._kept())

    def again(self) -> None:
        """Put the database back to the beginning."""
        db.session.remove()
        db.engine.dispose()
        shutil.copyfile(self._kept(), self._file())
        self.turn_clock(self.begins)

    def _file(self) -> Path:
        return Path(str(db.engine.url.database))

    def _kept(self) -> Path:
        return self._file().with_suffix(".begin")
