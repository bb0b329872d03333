"""What was not run is said at the end with its reason, and is a failure where CI is set.

pytest-xdist hands each test's report on, but not what a process left out before its first test, so each tells it here.
"""

import os
from collections import Counter
from collections.abc import Sequence

import pytest
from _pytest.terminal import TerminalReporter

LEFT_OUT = "left_out"


def pytest_configure(config: pytest.Config) -> None:
    """Keep one account in each process."""
    config.pluginmanager.register(Account(config), "account of what was not run")


class Account:
    """Counts by reason; in the process that others work for, theirs too."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.before: Counter[str] = Counter()
        self.tests: Counter[str] = Counter()
        self.ended: set[str] = set()
        self.processes = 0
        self.lost: list[str] = []

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        """Count what the arguments leave out."""
        self.before["left out by the arguments"] += len(items)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Count modules that leave themselves out."""
        if report.skipped:
            self.before[_reason(report)] += 1

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count tests that could not run or may fail."""
        if report.skipped:
            self.tests[_reason(report)] += 1
        if report.when == "teardown":
            self.ended.add(report.nodeid)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object, error: object | None) -> None:
        """Take over what a process left out (all leave out the same), and notice when it ended before its time."""
        self.processes += 1
        self.before |= Counter(getattr(node, "workeroutput", {}).get(LEFT_OUT, {}))
        if error:
            self.lost.append(f"A process of tests ended before its time: {error}")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Tell the process one works for, or judge."""
        if hasattr(self.config, "workeroutput"):
            self.config.workeroutput[LEFT_OUT] = dict(self.before)
            return
        never = session.testscollected - len(self.ended) if self.processes else 0
        if never:
            self.lost.append(f"Tests that never came to their end: {never}")
        unrun = os.environ.get("CI") and self.before + self.tests
        if session.exitstatus == pytest.ExitCode.OK and (self.lost or unrun):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        """Say what was not run, and why."""
        reasons = self.before + self.tests
        for sentence in self.lost:
            terminalreporter.write_line(sentence, red=True)
        if not reasons:
            terminalreporter.write_line("Nothing was left out.")
        for reason, count in sorted(reasons.items()):
            terminalreporter.write_line(f"Not run: {count} test{'s' if count > 1 else ''}: {reason}", yellow=True)


def _reason(report: pytest.CollectReport | pytest.TestReport) -> str:
    where = report.longrepr
    if isinstance(where, tuple | list):
        return str(where[2]).removeprefix("Skipped: ")
    return str(getattr(report, "wasxfail", "") or "left out by the arguments")
