"""Where the tests find the project's own files, and the shared data beside it, which a plain checkout lacks."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
