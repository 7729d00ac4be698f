"""A server of feeds for the bench: `/VERSION/NUMBER`, with an ETag, and 304 to who knows it. Prints its port.

`/later/FRESH` lets time pass: every tenth feed has so many articles more from then on.
"""

from __future__ import annotations

from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bench.feed_data import make_feed

CHANGED_EACH = 10
_fresh = 0


@lru_cache(maxsize=400)
def _articles(number: int, fresh: int) -> bytes:
    """Made once, some 20 ms: who measures asks for them before."""
    return make_feed(number, fresh=fresh)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        global _fresh
        _, version, number = self.path.split("/")
        if version == "later":
            _fresh = int(number)
            version = "0"
        fresh = 0 if int(number) % CHANGED_EACH else _fresh
        etag = f'"{version}-{number}-{fresh}"'
        unchanged = self.headers.get("If-None-Match") == etag
        # Other addresses and ids for each version, without writing 150 kB anew.
        home = f"paper{number}.example".encode()
        body = b"" if unchanged else _articles(int(number), fresh).replace(home, b"v" + version.encode() + b"." + home)
        self.send_response(304 if unchanged else 200)
        self.send_header("ETag", etag)
        if not unchanged:
            self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
