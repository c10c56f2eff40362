"""Put what the commands really print into README.md, between its markers. `--check` only says whether it is there."""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"
COMMANDS = {
    "demo": [
        "run",
        "harbour_reading_list.txt",
        "trending_page.txt",
        "coauthor.bib",
        "database_export.csv",
        "-o",
        "library.bib",
    ],
    "explain": ["explain", "coauthor.bib", "--pair", "okafor2025tide", "lindstrom2024tide"],
    "check": ["check", "coauthor.bib"],
}


def output(arguments: list[str], folder: str) -> str:
    """What a command prints in the folder of the sample; a run's name, which is the time, made the same for all."""
    command = [sys.executable, "-c", "import sys; from refsync.cli import main; sys.exit(main())", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    text = re.sub(r"runs/[\d-]+/", "runs/20260101-120000/", done.stdout)
    return "\n".join(line.rstrip() for line in text.strip("\n").split("\n"))


def renewed(text: str) -> str:
    """The README with the blocks behind its markers made anew."""
    with tempfile.TemporaryDirectory() as folder:
        output(["demo", "-o", folder], folder)
        for name, arguments in COMMANDS.items():
            block = f"```console\n$ refsync {' '.join(arguments)}\n{output(arguments, folder)}\n```"
            text = re.sub(
                rf"(?<=<!-- {name} -->\n)```console\n.*?\n```", lambda _, block=block: block, text, flags=re.DOTALL
            )
    return text


def main() -> int:
    """Renew or check the README."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    before = README.read_text(encoding="utf-8")
    after = renewed(before)
    if parser.parse_args().check:
        return int(before != after)
    README.write_text(after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
