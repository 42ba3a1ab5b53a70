"""Hints that something below a folder has changed; never more than hints.

Events get lost on network disks, when too many come at once, and where the system runs out of
watches; so whoever listens looks at the folder himself, and does so without hints now and then.
"""

import errno
import logging
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch

from app.core.documents.ignore_rules import is_left_out

_LOG = logging.getLogger(__name__)

_EVENTS: list[type[FileSystemEvent]] = [
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
]
"""Not that a file was opened, or a folder's time has changed: our own reading does that."""
_TOO_MANY = frozenset({errno.ENOSPC, errno.EMFILE, errno.ENFILE, errno.ENOMEM})
"""The system has no watches left: /proc/sys/fs/inotify/max_user_watches."""


class FolderWatch:
    """Watches folders with all below them, and single files.

    Args:
        hint: is called with the folder or file, as it was named, on a thread of the watch.
        excluded: what changes below it is no news: our own data folder.
    """

    def __init__(self, hint: Callable[[Path], None], excluded: Iterable[Path] = ()) -> None:
        self._hint = hint
        self._excluded = tuple(excluded)
        self._lock = threading.Lock()
        self._observer: BaseObserver | None = None
        self._watches: dict[Path, ObservedWatch] = {}

    def watch(self, sources: Iterable[Path]) -> list[Path]:
        """Watch these folders and files, and no others.

        May take seconds for large folders, so it is called on a thread that may wait.

        Returns:
            Those that cannot be watched, which is no error.
        """
        wanted = dict.fromkeys(sources)
        with self._lock:
            for source in [one for one in self._watches if one not in wanted]:
                self._forget(source)
            return [one for one in wanted if one not in self._watches and not self._add(one)]

    def close(self) -> None:
        """Watch nothing any more."""
        with self._lock:
            observer, self._observer = self._observer, None
            self._watches.clear()
        if observer is not None:
            observer.stop()

    def _add(self, source: Path) -> bool:
        try:
            if self._observer is None:
                self._observer = Observer()
                self._observer.daemon = True
                self._observer.start()
            is_folder = source.is_dir()
            # Of a file its folder is watched, since editors put a new file in its place.
            folder = source if is_folder else source.parent
            handler = _Handler(source, self._hint, self._excluded)
            self._watches[source] = self._observer.schedule(
                handler, str(folder), recursive=is_folder, event_filter=_EVENTS
            )
        except (OSError, RuntimeError) as error:
            number = getattr(error, "errno", None)
            why = "no watches left" if number in _TOO_MANY else type(error).__name__
            _LOG.info("a folder is not watched: %s", why)
            return False
        return True

    def _forget(self, source: Path) -> None:
        watch = self._watches.pop(source)
        if self._observer is None:
            return
        try:
            self._observer.unschedule(watch)
        except (OSError, KeyError) as error:
            _LOG.info("a folder was watched no more: %s", type(error).__name__)


class _Handler(FileSystemEventHandler):
    def __init__(
        self, source: Path, hint: Callable[[Path], None], excluded: tuple[Path, ...]
    ) -> None:
        self._source, self._hint, self._excluded = source, hint, excluded

    def on_any_event(self, event: FileSystemEvent) -> None:
        paths = [Path(os.fsdecode(one)) for one in (event.src_path, event.dest_path) if one]
        if any(self._is_news(path) for path in paths):
            self._hint(self._source)

    def _is_news(self, path: Path) -> bool:
        if path == self._source:
            return True
        if not path.is_relative_to(self._source):
            return False
        if any(path.is_relative_to(one) for one in self._excluded):
            return False
        *folders, name = path.relative_to(self._source).parts
        if any(is_left_out(one, is_folder=True) for one in folders):
            return False
        return not is_left_out(name, is_folder=False)
