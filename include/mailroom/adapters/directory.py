"""An object store in a local directory: the embedded default, for one machine.

An object is complete or absent, whatever dies whenever: bytes go to a draft, are synced, and get their name
by one atomic call; then the folder is synced, so that what was acknowledged survives a power cut.
"""

from __future__ import annotations

import contextlib
import errno
import os
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mailroom.adapters.folder_sync import FolderSync
from mailroom.adapters.object_keys import checked_key, checked_prefix
from mailroom.domain.errors import RejectedInputError, UnavailableError, UnknownIdError

_DRAFTS = ".drafts"
_FULL = {errno.ENOSPC, errno.EDQUOT}
_TRIES = 100
_AT_ONCE = 8


class DirectoryStore:
    """Objects as files under `root`; see `mailroom.ports.ObjectStore`.

    A key can't be both an object and the folder of others. Safe for many threads and processes.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._folders = FolderSync(root)
        try:
            (root / _DRAFTS).mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as err:
            message = f"The object store's folder {root} cannot be used: {err.strerror}."
            raise UnavailableError(message, code="store_unavailable") from err

    def put(
        self,
        key: str,
        body: bytes,
        *,
        content_type: str = "application/octet-stream",
    ) -> None:
        """Write `body` under `key`, durable when this returns; replaces what was there."""
        with _explained("write", key), self._draft(body) as draft:
            path = self._path(key)
            self._named(path, lambda: os.replace(draft, path))
            self._folders.sync(path.parent)

    def put_if_absent(
        self,
        key: str,
        body: bytes,
        *,
        content_type: str = "application/octet-stream",
    ) -> bool:
        """Write unless the key exists; tell whether this call wrote it."""
        (written,) = self.put_many_if_absent([(key, body)])
        return written

    def put_many_if_absent(self, objects: Iterable[tuple[str, bytes]]) -> list[bool]:
        """Write several objects, each unless its key exists; all durable when this returns.

        Several at a time, since a disk syncs many files for little more than one; the same bytes under a second
        key are a second name.
        """
        wanted = [(key, body, self._path(key)) for key, body in objects]
        first: dict[int, int] = {}
        for place, (_, body, _) in enumerate(wanted):
            first.setdefault(id(body), place)
        with ThreadPoolExecutor(_AT_ONCE) as writers:
            made = writers.map(lambda place: self._make(*wanted[place]), first.values())
            written = dict(zip(first.values(), made, strict=True))
            for place, (key, body, path) in enumerate(wanted):
                origin = first[id(body)]
                if place != origin:
                    written[place] = self._make(key, body, path, twin=wanted[origin][2] if written[origin] else None)
            # Also where nothing was written: whoever wrote it may not have synced the name yet.
            with _explained("write", "objects"):
                list(writers.map(self._folders.sync, {path.parent for _, _, path in wanted}))
        return [written[place] for place in range(len(wanted))]

    def _make(self, key: str, body: bytes, path: Path, *, twin: Path | None = None) -> bool:
        with _explained("write", key):
            return not path.is_file() and self._create(path, body, twin)

    def get(self, key: str) -> bytes:
        """Return the bytes under `key`."""
        with _explained("read", key):
            return self._path(key).read_bytes()

    def exists(self, key: str) -> bool:
        """Tell whether `key` holds an object."""
        with _explained("look for", key):
            return self._path(key).is_file()

    def copy(self, source: str, target: str) -> None:
        """Copy one object; a second name for the same bytes, which are never changed in place."""
        with _explained("copy", source):
            origin, path = self._path(source), self._path(target)
            draft = self._draft_path()
            try:
                os.link(origin, draft)
            except OSError as err:
                if err.errno not in {errno.EMLINK, errno.EPERM, errno.ENOTSUP}:
                    raise
                self.put(target, origin.read_bytes())
                return
            try:
                self._named(path, lambda: os.replace(draft, path))
            finally:
                draft.unlink(missing_ok=True)
            self._folders.sync(path.parent)

    def list(self, prefix: str) -> Iterator[str]:
        """Yield every key that starts with `prefix`, in the order S3 has: by bytes of the whole key."""
        folder, _, beginning = checked_prefix(prefix).rpartition("/")
        with _explained("list", prefix):
            yield from _walk(self.root / folder, f"{folder}/" if folder else "", beginning)

    def delete(self, key: str) -> None:
        """Remove an object; a missing one is no error."""
        with _explained("delete", key):
            path = self._path(key)
            path.unlink(missing_ok=True)
            with contextlib.suppress(FileNotFoundError):
                self._folders.sync(path.parent)
            with contextlib.suppress(OSError):
                for folder in path.relative_to(self.root).parents[:-1]:
                    (self.root / folder).rmdir()

    def sweep_drafts(self, older_than: float) -> int:
        """Delete what writers that died left behind, last changed before `older_than` (POSIX time)."""
        swept = 0
        for draft in os.scandir(self.root / _DRAFTS):
            with contextlib.suppress(FileNotFoundError):
                if draft.stat().st_mtime < older_than:
                    os.unlink(draft)
                    swept += 1
        return swept

    def _path(self, key: str) -> Path:
        return self.root / checked_key(key)

    def _draft_path(self) -> Path:
        return self.root / _DRAFTS / uuid.uuid4().hex

    @contextlib.contextmanager
    def _draft(self, body: bytes) -> Iterator[Path]:
        """Write and sync bytes that have no name yet."""
        draft = self._draft_path()
        try:
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(handle, "wb") as file:
                file.write(body)
                file.flush()
                os.fsync(handle)
            yield draft
        finally:
            draft.unlink(missing_ok=True)

    def _create(self, path: Path, body: bytes, twin: Path | None) -> bool:
        """Write unless the name is taken; `twin` holds the same bytes."""
        try:
            if twin is not None:
                with contextlib.suppress(OSError):
                    return self._link(twin, path)
            with self._draft(body) as draft:
                return self._link(draft, path)
        except FileExistsError:
            return False

    def _link(self, source: Path, path: Path) -> bool:
        self._named(path, lambda: os.link(source, path))
        return True

    def _named(self, path: Path, name: Callable[[], None]) -> None:
        """Give a draft its name; `delete` may remove an empty folder just before, so this asks again."""
        for attempt in range(_TRIES):
            try:
                self._folders.make(path.parent)
                name()
                return
            except FileNotFoundError:
                if attempt == _TRIES - 1:
                    raise


def _walk(folder: Path, path: str, beginning: str) -> Iterator[str]:
    try:
        entries = [(entry.name, entry.is_dir()) for entry in os.scandir(folder)]
    except (FileNotFoundError, NotADirectoryError):
        return
    # "a-b" comes before "a/b" but after "a": a folder sorts by its name with the slash.
    for name in sorted(f"{name}/" if is_folder else name for name, is_folder in entries):
        if name.startswith(".") or not name.startswith(beginning):
            continue
        if name.endswith("/"):
            yield from _walk(folder / name, path + name, "")
        else:
            yield path + name


@contextlib.contextmanager
def _explained(doing: str, what: str) -> Iterator[None]:
    """Turn what the operating system refuses into our errors."""
    try:
        yield
    except (IsADirectoryError, NotADirectoryError, FileExistsError) as err:
        message = f"Could not {doing} {what}: it can't be both an object and the folder of others."
        raise RejectedInputError(message, code="bad_key") from err
    except FileNotFoundError as err:
        raise UnknownIdError(f"There is no object {what}.", code="no_object") from err
    except OSError as err:
        if err.errno in _FULL:
            message = f"Could not {doing} {what}: the disk of the object store is full. Free some space."
            raise UnavailableError(message, code="disk_full") from err
        message = f"Could not {doing} {what}: the object store's folder answered {err.strerror}."
        raise UnavailableError(message, code="store_unavailable") from err
