"""A lost parent leaves no orphan: children hold the reading end of a pipe whose writing end only the parent has.

When the parent is gone, however it went, the pipe ends and the child stops itself. It works on every Unix, unlike
PR_SET_PDEATHSIG, and needs no polling.
"""

from __future__ import annotations

import os
import signal
import threading

VARIABLE = "ENTREGENT_LIFELINE_FD"


def hold_lifeline(stop_signal: signal.Signals = signal.SIGTERM) -> None:
    """In a child: send ourselves `stop_signal` once the parent is gone. Does nothing when started alone."""
    descriptor = os.environ.pop(VARIABLE, "")
    if not descriptor:
        return
    fd = int(descriptor)

    def wait_for_the_end() -> None:
        while os.read(fd, 64):
            pass
        os.kill(os.getpid(), stop_signal)

    threading.Thread(target=wait_for_the_end, name="lifeline", daemon=True).start()
