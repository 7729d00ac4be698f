"""A helper process with limits: what it answers, what it may not, and that the next question finds one again."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.infra.child import Child, ChildFailed, Limits
from tests.waiting import wait_for

HELPER = "tests.unit.infra.helper_for_tests"
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def child() -> Iterator[Child]:
    one = Child(HELPER, Limits(memory_bytes=300_000_000, cpu_s=0.3, deadline_s=20))
    yield one
    one.close()


def test_questions_are_answered_by_one_helper_one_after_the_other(child: Child) -> None:
    assert child.ask(b"echo " + b"a" * 3_000_000) == b"a" * 3_000_000
    first = child.pid
    answers: list[bytes] = []
    threads = [threading.Thread(target=lambda n=n: answers.append(child.ask(b"echo %d" % n))) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == sorted(b"%d" % n for n in range(20))
    assert child.ask(b"print it") == b"it"  # what is printed does not stand among the answers
    assert child.pid == first


@pytest.mark.parametrize(
    ("question", "why"),
    [(b"spin", "of the processor"), (b"die", "ended with 3"), (b"fail", "no such thing"), (b"eat 900000000", "memory")],
)
def test_what_passes_a_limit_fails_and_the_next_question_is_answered(child: Child, question: bytes, why: str) -> None:
    with pytest.raises(ChildFailed, match=why):
        child.ask(question)
    assert child.ask(b"echo again") == b"again"


def test_what_takes_too_long_is_killed() -> None:
    child = Child(HELPER, Limits(deadline_s=0.2))
    for _ in range(2):
        with pytest.raises(ChildFailed, match=r"longer than 0\.2 s"):
            child.ask(b"sleep")
    child.close()
    assert child.pid is None


def test_a_limit_of_the_processor_is_for_each_question(child: Child) -> None:
    child.ask(b"echo a")
    first = child.pid
    for _ in range(5):  # together more than one may
        assert float(child.ask(b"burn 0.15")) >= 0.15
    assert child.pid == first


def test_an_answer_that_is_too_long_is_none() -> None:
    child = Child(HELPER, Limits(answer_bytes=1_000))
    with pytest.raises(ChildFailed):
        child.ask(b"echo " + b"a" * 2_000)
    assert child.ask(b"echo a") == b"a"
    child.close()


def test_it_gets_no_environment_no_sockets_and_writes_no_files(child: Child, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTREGENT_SECRET_KEY", "x" * 44)
    names = set(child.ask(b"environment").decode().split("\n"))
    assert names <= {"PATH", "PYTHONPATH", "LC_ALL", "LC_CTYPE", "OMP_NUM_THREADS"}  # the last is our own setting
    assert b"socket" not in child.ask(b"files").split(b"\n")
    assert child.ask(b"files").split().count(b"file") <= 2  # its own way to answer, and its parent's life
    with pytest.raises(ChildFailed):
        child.ask(b"write")
    Path("/tmp/never").unlink(missing_ok=True)  # noqa: S108


def test_one_that_is_idle_goes_and_another_comes() -> None:
    child = Child(HELPER, Limits(idle_s=0.05))
    first = child.ask(b"pid")
    process = child._process
    assert process is not None
    wait_for(lambda: process.poll() is not None)
    assert child.ask(b"pid") != first
    child.close()


def test_after_so_many_questions_another_takes_its_place() -> None:
    child = Child(HELPER, Limits(questions=3))
    pids = [child.ask(b"pid") for _ in range(7)]
    assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [3, 3, 1]
    child.close()


def test_it_ends_with_its_parent_however_that_ends() -> None:
    code = (
        "import sys, threading, time\nfrom backend.infra.child import Child, Limits\n"
        f"child = Child({HELPER!r}, Limits(cpu_s=100, deadline_s=100))\nprint(child.ask(b'pid').decode(), flush=True)\n"
        "threading.Thread(target=child.ask, args=(b'sleep',), daemon=True).start()\ntime.sleep(100)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    wait_for(lambda: not _runs(pid))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:  # nobody may have asked for its end yet
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
