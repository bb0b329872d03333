"""`test`: all tests go over all cores, chosen ones run as they were asked for."""

from portal.launch.check import command


def test_only_all_tests_are_shared_out_among_processes() -> None:
    assert command("types", []) == ["mypy"]
    assert command("tests", ["tests/domain", "-x"]) == ["pytest", "tests/domain", "-x"]
    assert command("tests", [])[:3] == ["pytest", "--numprocesses", "auto"]
