"""One suite for both object stores, and what only one of them can get wrong."""

from __future__ import annotations

import errno
import hashlib
import os
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mailroom.adapters.directory import DirectoryStore
from mailroom.adapters.object_store import open_store
from mailroom.adapters.s3 import S3Store
from mailroom.domain.errors import ConfigurationError, RejectedInputError, UnavailableError, UnknownIdError
from mailroom.ports import ObjectStore
from tests.servers.s3 import S3Server
from tests.servers.tcp_proxy import TcpProxy, running_tcp_proxy

BODY = "größe\r\n\x00".encode()

SLOW_DOWN = (
    b"HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nRetry-After: 7\r\nConnection: close\r\n\r\n"
    b"<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>"
)
DENIED = (
    b"HTTP/1.1 403 Forbidden\r\nContent-Type: application/xml\r\nConnection: close\r\n\r\n"
    b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
)


@pytest.fixture(params=["directory", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    if request.param == "directory":
        return open_store(tmp_path.as_uri())
    server: S3Server = request.getfixturevalue("s3")
    return open_store(f"s3://{server.make_bucket(f'b-{uuid.uuid4()}')}/mail/room", server.endpoint_url)


class TestAnyStore:
    def test_what_is_put_comes_back_byte_for_byte(self, store: ObjectStore):
        store.put("org/acme/a.eml", BODY, content_type="message/rfc822")

        assert store.get("org/acme/a.eml") == BODY

    def test_an_empty_object_is_an_object(self, store: ObjectStore):
        store.put("org/acme/empty", b"")

        assert (store.exists("org/acme/empty"), store.get("org/acme/empty")) == (True, b"")

    def test_put_replaces(self, store: ObjectStore):
        store.put("a/t.json", b"one")
        store.put("a/t.json", b"two")

        assert store.get("a/t.json") == b"two"

    def test_put_if_absent_writes_once_and_keeps_the_first(self, store: ObjectStore):
        assert store.put_if_absent("a/x", b"first") is True
        assert store.put_if_absent("a/x", b"second") is False
        assert store.get("a/x") == b"first"

    def test_of_many_writers_at_once_exactly_one_is_told_that_it_wrote(self, store: ObjectStore):
        with ThreadPoolExecutor(8) as writers:
            answers = list(writers.map(lambda n: store.put_if_absent("a/race", b"%d" % n), range(24)))

        assert answers.count(True) == 1
        assert store.get("a/race") == b"%d" % answers.index(True)

    def test_many_objects_at_once_tell_which_were_new(self, store: ObjectStore):
        store.put("o/2", b"old")

        assert store.put_many_if_absent([("o/1", b"1"), ("o/2", b"2"), ("o/3", b"3")]) == [True, False, True]
        assert [store.get(f"o/{number}") for number in (1, 2, 3)] == [b"1", b"old", b"3"]
        assert store.put_many_if_absent([]) == []

    def test_a_missing_object_is_an_unknown_id(self, store: ObjectStore):
        assert store.exists("a/none") is False
        with pytest.raises(UnknownIdError):
            store.get("a/none")
        with pytest.raises(UnknownIdError):
            store.copy("a/none", "a/copy")

    def test_a_copy_stays_when_the_original_is_replaced_or_deleted(self, store: ObjectStore):
        store.put("objects/1", b"old")
        store.copy("objects/1", "tx/1/a.pdf")
        store.put("objects/1", b"new")
        assert store.get("tx/1/a.pdf") == b"old"
        store.delete("objects/1")

        assert store.get("tx/1/a.pdf") == b"old"

    def test_a_copy_replaces_and_can_be_made_twice(self, store: ObjectStore):
        store.put("objects/1", b"content")
        store.put("tx/1/a.pdf", b"before")
        store.copy("objects/1", "tx/1/a.pdf")
        store.copy("objects/1", "tx/1/a.pdf")

        assert store.get("tx/1/a.pdf") == b"content"
        assert list(store.list("")) == ["objects/1", "tx/1/a.pdf"]

    def test_delete_removes_and_may_be_repeated(self, store: ObjectStore):
        store.put("a/b/c", b"x")
        store.delete("a/b/c")
        store.delete("a/b/c")

        assert list(store.list("")) == []

    def test_list_is_in_the_order_of_s3(self, store: ObjectStore):
        # S3: "List results are always returned in UTF-8 binary order" (ListObjectsV2): - . / 0 A _ a
        keys = ["a-b", "a.b", "a/b", "a/c/d", "a0", "aA", "a_", "aa"]
        for key in reversed(keys):
            store.put(key, b"")

        assert list(store.list("")) == keys
        assert list(store.list("a/")) == ["a/b", "a/c/d"]
        assert list(store.list("a")) == keys
        assert list(store.list("a/c")) == ["a/c/d"]
        assert list(store.list("b/")) == []

    @pytest.mark.parametrize(
        "key",
        [
            *("", "/etc/passwd", "../x", "a/../b", "a/./b", "a//b", "a/", "./a", ".drafts/x", "a\\b", "a b"),
            *("a\x00", "a\n", "a\r\nb", "a%2e%2e/b", "ä", "a/\u202efdp", "-rf", "a" * 1025, "a/" + "b" * 300),
        ],
    )
    def test_a_key_that_could_lead_elsewhere_is_refused_by_every_call(self, store: ObjectStore, key: str):
        calls = [
            lambda: store.put(key, b""),
            lambda: store.put_if_absent(key, b""),
            lambda: store.get(key),
            lambda: store.exists(key),
            lambda: store.copy(key, "a"),
            lambda: store.copy("a", key),
            lambda: store.delete(key),
        ]
        store.put("a", b"")
        for call in calls:
            with pytest.raises(RejectedInputError):
                call()

    def test_a_prefix_can_not_lead_elsewhere_either(self, store: ObjectStore):
        for prefix in ("../", "/", "a/../", "."):
            with pytest.raises(RejectedInputError):
                list(store.list(prefix))


class TestDirectory:
    def test_nothing_is_left_behind_in_the_drafts(self, tmp_path: Path):
        store = DirectoryStore(tmp_path)
        store.put("a", b"1")
        store.put_if_absent("a", b"2")
        store.copy("a", "b")
        store.copy("a", "b")

        assert list((tmp_path / ".drafts").iterdir()) == []

    def test_drafts_of_a_writer_that_died_are_swept_and_young_ones_kept(self, tmp_path: Path):
        store = DirectoryStore(tmp_path)
        for name, changed in (("old", 1_000), ("young", 9_000)):
            (tmp_path / ".drafts" / name).write_bytes(b"half")
            os.utime(tmp_path / ".drafts" / name, (changed, changed))

        assert store.sweep_drafts(older_than=5_000) == 1
        assert [path.name for path in (tmp_path / ".drafts").iterdir()] == ["young"]

    def test_writers_and_deleters_of_one_folder_do_not_trip_over_each_other(self, tmp_path: Path):
        store = DirectoryStore(tmp_path)

        def work(number: int) -> None:
            for turn in range(30):
                store.put(f"tx/{turn % 3}/{number}", b"x")
                store.delete(f"tx/{turn % 3}/{number}")

        with ThreadPoolExecutor(8) as workers:
            list(workers.map(work, range(8)))
        assert list(store.list("")) == []

    def test_a_key_can_not_be_object_and_folder(self, tmp_path: Path):
        store = DirectoryStore(tmp_path)
        store.put("a", b"")
        with pytest.raises(RejectedInputError):
            store.put("a/b", b"")

    def test_a_full_disk_is_said_in_a_sentence_and_leaves_nothing(self, tmp_path: Path, monkeypatch):
        store = DirectoryStore(tmp_path)

        def full(handle: int) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(UnavailableError, match="disk of the object store is full") as caught:
            store.put_if_absent("a", BODY)
        monkeypatch.undo()

        assert caught.value.code == "disk_full"
        assert list((tmp_path / ".drafts").iterdir()) == []
        assert store.put_if_absent("a", BODY) is True


class TestS3:
    @pytest.fixture
    def proxy(self, s3: S3Server) -> Iterator[TcpProxy]:
        yield from running_tcp_proxy(s3.port)

    @pytest.fixture
    def far(self, s3: S3Server, proxy: TcpProxy) -> S3Store:
        bucket = s3.make_bucket(f"b-{uuid.uuid4()}")
        return S3Store(bucket, "p", endpoint_url=f"http://127.0.0.1:{proxy.port}")

    def test_objects_live_under_the_prefix(self, s3: S3Server):
        bucket = s3.make_bucket(f"b-{uuid.uuid4()}")
        S3Store(bucket, "mail/", endpoint_url=s3.endpoint_url).put("a/b", b"x")

        assert list(S3Store(bucket, endpoint_url=s3.endpoint_url).list("")) == ["mail/a/b"]

    def test_a_lost_answer_is_still_our_own_write(self, far: S3Store, proxy: TcpProxy):
        proxy.swallow_answers = 1

        assert far.put_if_absent("a", b"ours") is True
        assert far.put_if_absent("a", b"theirs") is False
        assert far.get("a") == b"ours"

    def test_a_store_that_slows_down_now_and_then_is_asked_again(self, far: S3Store, proxy: TcpProxy):
        proxy.canned = [SLOW_DOWN, SLOW_DOWN]

        assert far.put_if_absent("a", b"x") is True
        assert far.get("a") == b"x"

    def test_a_store_that_stays_slow_is_unavailable_and_says_for_how_long(self, far: S3Store, proxy: TcpProxy):
        proxy.canned = [SLOW_DOWN] * 3
        with pytest.raises(UnavailableError) as caught:
            far.put("a", b"x")

        assert caught.value.retry_after == 7

    def test_denied_access_is_waited_out(self, far: S3Store, proxy: TcpProxy):
        proxy.canned = [DENIED]
        with pytest.raises(UnavailableError) as caught:
            far.get("a")

        assert caught.value.code == "store_denied"

    def test_a_store_that_resets_every_connection_is_unavailable(self, far: S3Store, proxy: TcpProxy):
        proxy.refusing = True
        with pytest.raises(UnavailableError):
            far.exists("a")

    def test_half_an_object_is_never_taken_for_a_whole_one(self, far: S3Store, proxy: TcpProxy):
        body = os.urandom(200_000)
        far.put("a", body)
        proxy.cut_after = 100_000
        fresh = S3Store(far.bucket, "p", endpoint_url=f"http://127.0.0.1:{proxy.port}")
        with pytest.raises(UnavailableError):
            fresh.get("a")
        proxy.cut_after = None

        assert hashlib.sha256(fresh.get("a")).digest() == hashlib.sha256(body).digest()

    def test_a_missing_bucket_is_for_a_person_to_correct(self, s3: S3Server):
        with pytest.raises(ConfigurationError, match="NoSuchBucket"):
            S3Store("nowhere", endpoint_url=s3.endpoint_url).put("a", b"")

    def test_objects_are_encrypted_under_the_given_key(self, s3: S3Server):
        store = S3Store(s3.make_bucket(f"b-{uuid.uuid4()}"), endpoint_url=s3.endpoint_url, kms_key_id="key-1")
        store.put("a", b"x")
        store.copy("a", "b")

        for key in ("a", "b"):
            head = store._client.head_object(Bucket=store.bucket, Key=key)
            assert (head["ServerSideEncryption"], head["SSEKMSKeyId"].endswith("key-1")) == ("aws:kms", True)


@pytest.mark.parametrize("url", ["", "s3://", "file://", "file:relative", "/tmp/x", "https://b/p", "file://host/x"])
def test_an_url_that_names_no_store_is_refused(url: str):
    with pytest.raises(ConfigurationError):
        open_store(url)
