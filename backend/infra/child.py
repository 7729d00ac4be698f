"""A helper process with limits, for work on what strangers wrote: one question in, one answer out, bytes both ways.

The process lives on between questions, so that a question costs no start. It has a limit of memory, one of processor
time for each question and a deadline; what passes them is killed, and the next question starts a new one. It gets none
of our environment (no secrets), none of our files and sockets, cannot write files, and ends when its parent does. What
it says is data from a stranger too: whoever asks must read the answer with care.

The helper's module calls `serve(handle)` when it is run as a program.
"""

from __future__ import annotations

import atexit
import importlib
import os
import select
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from backend.infra.lifeline import VARIABLE, hold_lifeline

resource: Any = None  # not on Windows: there the deadline alone holds
with suppress(ImportError):
    resource = importlib.import_module("resource")

_ROOT = Path(__file__).resolve().parents[2]  # where `backend` is imported from
_LENGTH = struct.Struct(">BI")
_DONE, _FAILED = 0, 1


class ChildFailed(Exception):
    """No answer: the helper was killed at a limit, broke down, or could not do what was asked."""


@dataclass(frozen=True)
class Limits:
    memory_bytes: int = 768 * 1024 * 1024  # of address space, the interpreter included
    cpu_s: float = 5.0  # for one question
    deadline_s: float = 15.0  # for one question
    answer_bytes: int = 64 * 1024 * 1024
    idle_s: float = 120.0  # then it goes, to leave its memory to others
    questions: int = 1_000  # then a new one takes its place, should it have grown


class Child:
    """The helper `python -m module` of this process. Threads ask one after the other."""

    def __init__(self, module: str, limits: Limits | None = None) -> None:
        self._module, self._limits = module, limits or Limits()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._lifeline = -1
        self._owner = 0
        self._asked = 0
        atexit.register(self.close)

    @property
    def pid(self) -> int | None:
        """Of the helper that runs now, if one does."""
        return self._process.pid if self._process is not None and self._owner == os.getpid() else None

    def ask(self, question: bytes) -> bytes:
        """Raises ChildFailed."""
        with self._lock:
            for last_try in (False, True):
                process = self._ready()
                answer = self._exchange(process, question)
                if answer is not None:
                    break
                code = self._end()
                if code == 0 and not last_try:
                    continue  # it went for want of work at this very moment
                raise ChildFailed(_why(code, self._limits))
            assert answer is not None  # noqa: S101  # narrows the type
            self._asked += 1
            if self._asked >= self._limits.questions:
                self._end()
        status, value = answer
        if status != _DONE:
            raise ChildFailed(value.decode("utf-8", "replace")[:200])
        return value

    def close(self) -> None:
        """End the helper if one runs; a later question starts another."""
        with self._lock:
            self._end()

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._owner != os.getpid():
            self._process = None  # we are a fork: the helper is our parent's
        if self._process is not None and self._process.poll() is not None:
            self._end()
        if self._process is None:
            self._process = self._start()
        return self._process

    def _start(self) -> subprocess.Popen[bytes]:
        limits = self._limits
        command = [sys.executable, "-P", "-s", "-m", self._module]
        command += [str(limits.memory_bytes), str(limits.cpu_s), str(limits.idle_s)]
        environment = {"PYTHONPATH": str(_ROOT), "PATH": os.defpath, "LC_ALL": "C.UTF-8"}
        if os.name != "posix":
            environment["SYSTEMROOT"] = os.environ.get("SYSTEMROOT", "")
        read_end, self._lifeline = os.pipe()
        passed = (read_end,) if os.name == "posix" else ()
        if passed:
            environment[VARIABLE] = str(read_end)
        try:
            process = subprocess.Popen(  # noqa: S603  # our own interpreter, our own module
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                cwd="/" if os.name == "posix" else None,
                pass_fds=passed,
                start_new_session=True,
            )
        except OSError as error:
            os.close(self._lifeline)
            raise ChildFailed(f"no helper could be started: {error}") from error
        finally:
            os.close(read_end)
        self._owner, self._asked = os.getpid(), 0
        return process

    def _exchange(self, process: subprocess.Popen[bytes], question: bytes) -> tuple[int, bytes] | None:
        """Status and value; None when the helper ended instead."""
        assert process.stdin is not None  # noqa: S101  # narrows the type
        assert process.stdout is not None  # noqa: S101
        late = threading.Timer(self._limits.deadline_s, process.kill)
        late.daemon = True
        late.start()
        try:
            process.stdin.write(_LENGTH.pack(_DONE, len(question)))
            process.stdin.write(question)
            process.stdin.flush()
            head = process.stdout.read(_LENGTH.size)
            if len(head) < _LENGTH.size:
                return None
            status, length = _LENGTH.unpack(head)
            if length > self._limits.answer_bytes:
                process.kill()
                return None
            value = process.stdout.read(length)
            return (status, value) if len(value) == length else None
        except OSError:
            return None
        finally:
            late.cancel()

    def _end(self) -> int | None:
        """Its exit code, None when none ran. It is killed where it does not go by itself."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return None
        with suppress(OSError):
            os.close(self._lifeline)
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        try:
            return process.wait(1.0)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()


def _why(code: int | None, limits: Limits) -> str:
    if code == -signal.SIGKILL:
        return f"it took longer than {limits.deadline_s:g} s, or more memory than there is"
    if hasattr(signal, "SIGPROF") and code == -signal.SIGPROF:
        return f"it took more than {limits.cpu_s:g} s of the processor"
    return f"the helper ended with {code}"


# --- in the helper -----------------------------------------------------------------------------------------


def serve(handle: Callable[[bytes], bytes]) -> None:
    """Answer questions until the parent is gone or none comes. An exception of `handle` is an answer as well."""
    memory_bytes, cpu_s, idle_s = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
    hold_lifeline(getattr(signal, "SIGKILL", signal.SIGTERM))
    questions = sys.stdin.buffer
    # What a library prints must not stand among the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _limit(memory_bytes)
    while _waits(questions, idle_s):
        head = questions.read(_LENGTH.size)
        if len(head) < _LENGTH.size:
            return
        question = questions.read(_LENGTH.unpack(head)[1])
        _limit_processor(cpu_s)
        try:
            status, value = _DONE, handle(question)
        except MemoryError:
            status, value = _FAILED, b"it takes more memory than it may"
        except Exception as error:
            status, value = _FAILED, f"{type(error).__name__}: {error}"[:200].encode("utf-8", "replace")
        _limit_processor(0)
        answers.write(_LENGTH.pack(status, len(value)))
        answers.write(value)
        answers.flush()


def _waits(questions: BinaryIO, idle_s: float) -> bool:
    """Whether a question comes (or the parent's end of file) before we have waited too long."""
    return os.name != "posix" or bool(select.select([questions], [], [], idle_s)[0])


def _limit(memory_bytes: int) -> None:
    if resource is None:
        return
    for what, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        with suppress(ValueError, OSError):  # a system that refuses one still has the others
            resource.setrlimit(what, (most, most))


def _limit_processor(cpu_s: float) -> None:
    """The kernel ends us with SIGPROF after so many seconds of work; 0 takes the limit away."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, cpu_s)
