"""The project's door: `python3 -m portal run`, `test` and every other verb. An old Python can read it and say so."""

import sys

OLDEST = (3, 11)


def too_old(version: "tuple[int, ...]") -> str:
    """Return the sentence for a Python older than the project needs, or an empty string."""
    if version >= OLDEST:
        return ""
    return "Python 3.11 or newer is needed; this one is %d.%d. Start it with a newer one: python3.11 -m portal …" % (  # noqa: UP031
        version[0],
        version[1],
    )


def main() -> int:
    """Check this Python, then hand over to the launcher."""
    sentence = too_old(tuple(sys.version_info[:2]))
    if sentence:
        sys.stderr.write(sentence + "\n")
        return 1
    # Imported late on purpose: an older Python cannot read what comes next.
    from portal.launch.doorstep import enter

    return enter(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
