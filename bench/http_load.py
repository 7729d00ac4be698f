"""A small load generator: keep-alive connections, one process, one thread.

    python -m bench.http_load PORT SECONDS CONNECTIONS RATE PATHS_FILE

RATE 0: each connection asks again as soon as it is answered. Otherwise so many requests a second are begun in all, on
time even when answers are late, and a request's latency counts from when it was due. Prints JSON: answered, seconds,
p50_ms, p99_ms, wrong (answers that were no redirect).
"""

from __future__ import annotations

import json
import random
import selectors
import socket
import sys
import time
from collections import deque
from pathlib import Path

HEADERS = (
    "Host: 127.0.0.1\r\n"
    "User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 "
    "Safari/537.36\r\n"
    "Accept: text/html,application/xhtml+xml\r\nAccept-Language: fr,en;q=0.8\r\nAccept-Encoding: gzip, deflate, br\r\n"
    "Referer: https://news.example/story/42\r\n\r\n"
)


def run(port: int, seconds: float, connections: int, rate: float, paths: list[str]) -> dict[str, float]:
    requests = [f"GET {path} HTTP/1.1\r\n{HEADERS}".encode() for path in paths]
    selector = selectors.DefaultSelector()
    free: deque[socket.socket] = deque()
    began: dict[socket.socket, float] = {}
    for _ in range(connections):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(connection, selectors.EVENT_READ)
        free.append(connection)
    latencies: list[float] = []
    wrong = 0
    start = time.perf_counter()
    end = start + seconds
    due = start
    choose, count = random.random, len(requests)

    while True:
        now = time.perf_counter()
        while free and now < end and (not rate or due <= now):
            connection = free.popleft()
            connection.send(requests[int(choose() * count)])
            began[connection] = due if rate else now
            if rate:
                due += 1 / rate
        if now >= end and not began:
            break
        timeout = max(0.0, min(due, end) - now) if rate and free and now < end else 0.5
        for key, _ in selector.select(timeout):
            connection = key.fileobj  # type: ignore[assignment]
            answer = connection.recv(65536)
            if not answer:
                raise SystemExit("the server closed a connection")
            latencies.append(time.perf_counter() - began.pop(connection))
            wrong += not answer.startswith(b"HTTP/1.1 302")
            free.append(connection)
    latencies.sort()
    return {
        "answered": len(latencies),
        "seconds": time.perf_counter() - start,
        "p50_ms": 1000 * latencies[len(latencies) // 2],
        "p99_ms": 1000 * latencies[int(len(latencies) * 0.99)],
        "wrong": wrong,
    }


if __name__ == "__main__":
    port, seconds, connections, rate = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    print(json.dumps(run(port, seconds, connections, rate, Path(sys.argv[5]).read_text().split())))
