"""The automaton of all live keywords: one per process, built by one thread, in the background.

When keywords change, nobody waits: the next turn asks which they are, puts those into a small matcher beside the big
one, and goes on. So no turn works with keywords of yesterday, and nothing is missed between a change and a new
automaton. Once the small one holds more than `LATE`, one thread builds a big one anew, and it takes the old one's place
at once. Only the very first turn of a process waits, for the one that builds it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future
from threading import Lock, Thread

from sqlalchemy import Engine, Pool, select
from sqlalchemy.orm import Session

from backend.listening.keywords import stamp_of_keywords
from backend.listening.matching import Watching, make_watching, watch_of
from backend.listening.models import Keyword

LATE = 50  # changed keywords, before the automaton is built anew
_KEPT = 4  # databases of one process: one in life, several in tests

_LIVE = (Keyword.removed_at.is_(None), Keyword.paused.is_(False))


class Keeper:
    """What one process knows of the keywords of one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._first: Future[None] | None = None
        self._building = False
        self._built: Watching | None = None
        self._versions: Mapping[int, int] = {}  # of the keywords in `_built`
        self._stamp = ""
        self._now: Watching | None = None  # with what changed since, as of `_stamp`

    def load(self, session: Session) -> Watching:
        """All live keywords as this session sees them."""
        self._build_first(session)
        stamp = stamp_of_keywords(session)
        with self._lock:
            if self._now is not None and self._stamp == stamp:
                return self._now
            built, versions = self._built, self._versions
        if built is None:
            raise LookupError("the first automaton is missing")
        watching = _with_changes(session, built, versions)
        with self._lock:
            # Another session may see later keywords; the next turn asks again.
            if self._built is built:
                self._stamp, self._now = stamp, watching
            if len(watching.changed) > LATE and not self._building:
                self._building = True
                Thread(target=self._build_again, name="keywords", daemon=True).start()
        return watching

    def _build_first(self, session: Session) -> None:
        # With the caller's own session: where that may write, another one would wait for it for ever.
        with self._lock:
            first, mine = self._first, self._first is None
            if first is None:
                first = self._first = Future()
        if mine:
            try:
                self._build(session)
                first.set_result(None)
            except BaseException as error:
                with self._lock:
                    self._first = None  # the next one tries again
                first.set_exception(error)
        first.result()

    def _build_again(self) -> None:
        try:
            with Session(self._engine, expire_on_commit=False) as session, session.begin():
                self._build(session)
        finally:
            with self._lock:
                self._building = False

    def _build(self, session: Session) -> None:
        keywords = session.scalars(select(Keyword).where(*_LIVE)).all()
        built = make_watching(keywords)
        with self._lock:
            self._built, self._versions = built, {keyword.id: keyword.version for keyword in keywords}
            self._stamp, self._now = "", None


def _with_changes(session: Session, built: Watching, versions: Mapping[int, int]) -> Watching:
    live = {row[0]: row[1] for row in session.execute(select(Keyword.id, Keyword.version).where(*_LIVE))}
    late = [id for id, version in live.items() if versions.get(id) != version]
    gone = versions.keys() - live.keys()
    if not late and not gone:
        return built
    watches = {id: watch for id, watch in built.watches.items() if id not in gone}
    for start in range(0, len(late), 500):
        part = session.scalars(select(Keyword).where(Keyword.id.in_(late[start : start + 500])))
        watches.update((keyword.id, watch_of(keyword)) for keyword in part)
    return built.with_changes(watches, late, gone)


#: by the pool of connections, which all sessions of one database share
_keepers: OrderedDict[Pool, Keeper] = OrderedDict()
_keepers_lock = Lock()


def load_watching(session: Session) -> Watching:
    """All live keywords, ready to match."""
    engine = session.get_bind().engine
    with _keepers_lock:
        keeper = _keepers.get(engine.pool)
        if keeper is None:
            keeper = _keepers[engine.pool] = Keeper(engine)
        _keepers.move_to_end(engine.pool)
        while len(_keepers) > _KEPT:
            _keepers.popitem(last=False)
    return keeper.load(session)
