"""What a release needs to know about itself: that the tag is the version, and its section of CHANGELOG.md.

python scripts/release_facts.py --tag v0.2.0   # fails if the version or the changelog has another
python scripts/release_facts.py --notes        # the section of this version
"""

import argparse
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
_SECTION = re.compile(r"^## (\S+) - (\d{4}-\d\d-\d\d)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)


def version() -> str:
    """The version of the package; it is not imported, so that nothing need be installed."""
    text = (ROOT / "refsync" / "_version.py").read_text(encoding="utf-8")
    (found,) = re.findall(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    return str(found)


def notes(number: str) -> str:
    """The section of a version in CHANGELOG.md; empty if there is none with a date."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    return next((found[3].strip() for found in _SECTION.finditer(text) if found[1] == number), "")


def wrong(tag: str) -> list[str]:
    """What prevents a release with this tag."""
    number = version()
    faults = []
    if tag != f"v{number}":
        faults.append(f"the tag is {tag}, and refsync/_version.py has {number}")
    if not notes(number):
        faults.append(f"CHANGELOG.md has no section `## {number} - YYYY-MM-DD` with a text")
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked = parser.add_mutually_exclusive_group(required=True)
    asked.add_argument("--tag")
    asked.add_argument("--notes", action="store_true")
    arguments = parser.parse_args()
    if arguments.notes:
        sys.stdout.write(notes(version()) + "\n")
        return 0
    faults = wrong(arguments.tag)
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
