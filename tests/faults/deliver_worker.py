"""Real worker processes that kill themselves with SIGKILL at a chosen moment: for test_deliver_kills and bench.soak.

`python -m tests.faults.deliver_worker` imports everything once and then forks a worker for each line of JSON on its
standard input (`{"point": "arm:after", "nth": 2}`, `{}` for one that lives until it is killed), and answers with
`{"pid"}`; `{"wait": pid, "timeout_s": 8}` is answered with `{"by_itself": true}`, or false when it had to be killed.
Settings come from the environment. Forking saves the second that starting Python takes; each child is a process of its
own with its own connections, and dies like one.

Points: `<step>:before`, `<step>:after` for the steps of `backend.publishing.deliver`; `arm:open` and `record:open`
inside the transaction, before its commit; `send:during` while the call is under way.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import backend.worker
from backend.config import read_settings
from backend.infra.runtime import open_runtime
from backend.publishing import deliver, outbox

STEPS = ("begin", "prepare", "freeze", "arm", "send", "record", "record_look")
OPEN = {"arm": "arm", "record": "record_outcome"}  # step → the function of the outbox inside its transaction
POINTS = (
    "begin:after", "prepare:after", "freeze:before", "freeze:after", "arm:before", "arm:open", "arm:after",
    "send:during", "send:after", "record:open", "record:after", "record_look:before", "record_look:after",
)  # fmt: skip
#: a killed leader must not hold up the next worker for seconds
LEAD_S = 0.6


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
    threading.Event().wait()  # nothing runs after this, not even another step


class Fuse:
    """Burns down at the nth passing, whichever thread it is."""

    def __init__(self, nth: int) -> None:
        self._left, self._lock = nth, threading.Lock()

    def burn(self) -> bool:
        with self._lock:
            self._left -= 1
            return self._left == 0


def lay_fuse(point: str, nth: int) -> None:
    """Wrap the step so that this process dies there."""
    step, moment = point.split(":")
    fuse = Fuse(nth)
    module: Any = outbox if moment == "open" else deliver
    name = OPEN[step] if moment == "open" else step
    real: Callable[..., Any] = getattr(module, name)

    def fused(*words: Any, **named: Any) -> Any:
        if moment == "before" and fuse.burn():
            die()
        if moment == "during" and fuse.burn():
            timer = threading.Timer(0.005 * nth, die)
            timer.daemon = True
            timer.start()
        result = real(*words, **named)
        if moment in ("after", "open") and fuse.burn():
            die()
        return result

    setattr(module, name, fused)


def work(order: dict[str, Any]) -> None:
    """In the child: be a worker until told or killed."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if os.environ.get("QUICK_WORKERS"):
        backend.worker.LEAD_FOR_S, backend.worker.LEAD_EVERY_S = LEAD_S, LEAD_S / 3
        backend.worker.SWEEP_EVERY_S = 0.1
    if order.get("own_sweep"):
        backend.worker.lead = lambda *_, **__: True  # every worker sweeps: worse than anything the election allows
    if order.get("point"):
        lay_fuse(order["point"], order["nth"])
    runtime = open_runtime(read_settings())
    worker = backend.worker.Worker(runtime, {"deliver": (deliver.KIND,)})
    worker.start()
    threading.Event().wait()


def say(**words: Any) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def end(pid: int, timeout_s: float) -> bool:
    """Wait until the child is dead; kill it after `timeout_s`. False when it had to be killed."""
    until = time.monotonic() + timeout_s
    while time.monotonic() < until:
        if os.waitpid(pid, os.WNOHANG)[0]:
            return True
        time.sleep(0.02)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return False


def serve() -> None:
    living: set[int] = set()
    for line in sys.stdin:
        order = json.loads(line)
        if order.get("wait"):
            say(by_itself=end(order["wait"], order["timeout_s"]))
            living.discard(order["wait"])
        else:
            pid = os.fork()
            if pid == 0:
                os.close(0)
                try:
                    work(order)
                finally:
                    os._exit(1)
            living.add(pid)
            say(pid=pid)
    for pid in living:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


if __name__ == "__main__":
    serve()
