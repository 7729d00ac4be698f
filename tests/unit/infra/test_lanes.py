"""Threads that wait: none is held by one lane alone, nothing is lost."""

from __future__ import annotations

import threading
from collections import Counter

from backend.infra.lanes import Lanes

WITHIN_S = 30


def test_a_lane_that_stands_still_holds_so_many_threads_and_no_more() -> None:
    lanes = Lanes(threads=6, narrow=2, wide=4, name="test")
    go_on, stuck, done = threading.Event(), threading.Semaphore(0), threading.Semaphore(0)

    def stand_still() -> None:
        stuck.release()
        go_on.wait(WITHIN_S)
        done.release()

    for lane in ("a", "b"):
        for _ in range(10):
            lanes.submit(lane, stand_still)
    for _ in range(4):
        assert stuck.acquire(timeout=WITHIN_S)
    others = threading.Semaphore(0)
    for number in range(50):
        lanes.submit(f"quick {number}", others.release)
    for _ in range(50):
        assert others.acquire(timeout=WITHIN_S)
    assert not stuck.acquire(blocking=False)
    go_on.set()
    for _ in range(20):
        assert done.acquire(timeout=WITHIN_S)


def test_a_wide_lane_may_have_more() -> None:
    lanes = Lanes(threads=6, narrow=2, wide=4, name="test")
    go_on, stuck = threading.Event(), threading.Semaphore(0)

    def stand_still() -> None:
        stuck.release()
        go_on.wait(WITHIN_S)

    for _ in range(8):
        lanes.submit("ours", stand_still, wide=True)
    for _ in range(4):
        assert stuck.acquire(timeout=WITHIN_S)
    assert not stuck.acquire(timeout=0.1)
    go_on.set()


def test_never_more_of_one_lane_at_once_and_everything_is_done_though_some_fails() -> None:
    lanes = Lanes(threads=8, narrow=3, wide=3, name="test")
    lock, running, most, done = threading.Lock(), Counter[str](), Counter[str](), threading.Semaphore(0)

    def work(lane: str, number: int) -> None:
        with lock:
            running[lane] += 1
            most[lane] = max(most[lane], running[lane])
        try:
            if number % 5 == 0:
                raise ValueError("some work fails")
        finally:
            with lock:
                running[lane] -= 1
            done.release()

    for number in range(300):
        lane = "abc"[number % 3]
        lanes.submit(lane, lambda lane=lane, number=number: work(lane, number))  # type: ignore[misc]
    for _ in range(300):
        assert done.acquire(timeout=WITHIN_S)
    assert max(most.values()) <= 3
