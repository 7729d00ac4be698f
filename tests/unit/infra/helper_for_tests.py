"""What the tests of `infra/child.py` have done in a helper: the first word of the question says what."""

from __future__ import annotations

import os
import stat
import sys
import time

from backend.infra.child import serve


def handle(question: bytes) -> bytes:
    word, _, rest = question.partition(b" ")
    if word == b"spin":
        while True:
            pass
    if word == b"burn":
        began = time.process_time()
        while (burnt := time.process_time() - began) < float(rest):
            pass
        return str(burnt).encode()
    if word == b"sleep":
        time.sleep(60)
    if word == b"eat":
        return str(len(bytearray(int(rest)))).encode()
    if word == b"fail":
        raise ValueError("no such thing")
    if word == b"die":
        os._exit(3)
    if word == b"print":
        sys.stdout.write("x" * 10_000)
        sys.stdout.flush()
    if word == b"environment":
        return "\n".join(sorted(os.environ)).encode()
    if word == b"files":
        return b"\n".join(_what(number) for number in range(3, 64))
    if word == b"write":
        with open("/tmp/never", "wb") as file:  # noqa: PTH123, S108  # the shortest way to try
            file.write(b"x" * 100_000)
    if word == b"pid":
        return str(os.getpid()).encode()
    return rest


def _what(number: int) -> bytes:
    try:
        return b"socket" if stat.S_ISSOCK(os.fstat(number).st_mode) else b"file"
    except OSError:
        return b""


if __name__ == "__main__":
    serve(handle)
