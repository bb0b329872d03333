"""The benchmarks by name."""

import argparse
import json
import sys
from collections.abc import Callable

from bench import assign, booking, letters, matching, pages, slots
from bench.report import Report, table

BENCHMARKS: dict[str, Callable[[bool], Report]] = {
    "assign": assign.measure,
    "booking": booking.measure,
    "letters": letters.measure,
    "matching": matching.measure,
    "pages": pages.measure,
    "slots": slots.measure,
}


def main() -> int:
    """Run one benchmark and print what it found."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Measure one thing, beside what it is held against."
    )
    parser.add_argument("name", choices=sorted(BENCHMARKS))
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, under 40 seconds")
    asked = parser.parse_args()
    report = BENCHMARKS[asked.name](asked.quick)
    print(json.dumps(report.as_json(), indent=2) if asked.json else table(report))
    return 0 if report.kept else 1


if __name__ == "__main__":
    sys.exit(main())
