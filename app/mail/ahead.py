"""Writing the next batch while a slow relay thinks: in a thread with a session of its own, one batch ahead at most."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

from flask import current_app

Batch = TypeVar("Batch")


class Ahead(Generic[Batch]):
    """`write` makes the next batch; `drop` gives back one that is not wanted any more."""

    def __init__(self, write: Callable[[], Batch], drop: Callable[[Batch], None]) -> None:
        self.app = current_app._get_current_object()  # type: ignore[attr-defined]
        self.write, self.drop = write, drop
        self.pool: ThreadPoolExecutor | None = None
        self.next: Future[Batch] | None = None

    def start(self) -> None:
        if self.next is None:
            self.pool = self.pool or ThreadPoolExecutor(1)
            self.next = self.pool.submit(self._apart)

    def _apart(self) -> Batch:
        with self.app.app_context():
            return self.write()

    def take(self) -> Batch:
        """The batch that was begun, else one made now."""
        begun, self.next = self.next, None
        return begun.result() if begun else self.write()

    def close(self) -> None:
        if self.next is not None and self.next.exception() is None:
            self.drop(self.next.result())
        if self.pool is not None:
            self.pool.shutdown()
