"""Python under libfaketime: where that leaves waiting real, its version 0.9.10 refuses each `time.sleep`."""

import select
import time


def _sleep(seconds: float) -> None:
    select.select([], [], [], seconds)


time.sleep = _sleep
