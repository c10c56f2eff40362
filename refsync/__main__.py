"""`python -m refsync`, where the command is not on the path."""

import sys

from refsync.cli import main

sys.exit(main())
