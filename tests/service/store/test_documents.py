"""Original bytes: whole or not there, whatever happens to the disk or the process."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from service.store import Store, migrate, open_store
from service.store.documents import Documents, open_documents
from service.store.errors import BadAddress, DocumentMissing, StoredDocumentDamaged, StoreUnavailable
from support.said import said
from support.sample_rows import CONTENT, NOW

DIGEST = hashlib.sha256(CONTENT).hexdigest()
ROOT = Path(__file__).parents[3]

# The child keeps CONTENT and says how that went; its arguments are the two URLs and what befalls it.
CHILD = """
import os, resource, signal, sys
from service.store import open_store
from service.store.errors import StorageFull
from support.sample_rows import CONTENT, NOW
database, storage, fate = sys.argv[1:]
store = open_store(database_url=database, storage_url=storage)
if fate in ("full", "killed while writing"):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN if fate == "full" else signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    digest = store.keep_document(CONTENT)
except StorageFull as error:
    print(error)
    sys.exit(3)
if fate == "killed between document and row":
    os.kill(os.getpid(), signal.SIGKILL)
with store.transaction() as tx:
    tx.submissions.receive(digest, "a.pdf", NOW, "K-1")
    if fate == "killed before the commit":
        os.kill(os.getpid(), signal.SIGKILL)
"""


def child(database_url: str, folder: Path, fate: str, *, before: tuple[str, ...] = ()) -> tuple[int, str]:
    command = [*before, sys.executable, "-c", CHILD, database_url, str(folder), fate]
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    # Not measured for coverage: its own files would hit the limits this child is put under.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    ended = subprocess.run(
        command, env={**inherited, "PYTHONPATH": path}, capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert "Traceback" not in ended.stderr, ended.stderr
    return ended.returncode, ended.stdout


@pytest.fixture(params=["folder", "object storage"])
def documents(request: pytest.FixtureRequest, tmp_path: Path) -> Documents:
    return open_documents(str(tmp_path / "documents") if request.param == "folder" else "memory:///")


def test_bytes_are_found_under_their_digest(documents: Documents) -> None:
    assert not documents.has(DIGEST)
    assert documents.keep(CONTENT) == DIGEST
    assert documents.keep(CONTENT) == DIGEST
    assert documents.has(DIGEST)
    assert documents.read(DIGEST) == CONTENT
    assert documents.read(documents.keep(b"")) == b""


@pytest.mark.parametrize("digest", [DIGEST, "", "../../etc/passwd", DIGEST.upper(), DIGEST + "\n"])
def test_what_was_never_kept_is_missing(documents: Documents, digest: str) -> None:
    assert not documents.has(digest)
    with pytest.raises(DocumentMissing):
        documents.read(digest)


def stored_file(folder: Path) -> Path:
    return folder / "sha256" / DIGEST[:2] / DIGEST


@pytest.mark.parametrize("damage", [b"", CONTENT[:-1], CONTENT + b" ", CONTENT.replace(b"7", b"8", 1)])
def test_a_damaged_document_is_not_given_out_and_is_repaired_by_the_original(tmp_path: Path, damage: bytes) -> None:
    documents = open_documents(tmp_path.as_uri())
    documents.keep(CONTENT)
    stored_file(tmp_path).write_bytes(damage)
    with pytest.raises(StoredDocumentDamaged, match=DIGEST[:12]):
        documents.read(DIGEST)
    documents.keep(CONTENT)
    assert documents.read(DIGEST) == CONTENT


def test_the_same_bytes_kept_by_many_at_once_are_one_file(tmp_path: Path) -> None:
    documents = open_documents(str(tmp_path))
    with ThreadPoolExecutor(8) as people:
        assert set(people.map(documents.keep, [CONTENT] * 40)) == {DIGEST}
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [stored_file(tmp_path)]
    assert documents.read(DIGEST) == CONTENT


def test_only_the_account_of_the_service_reads_a_document(tmp_path: Path) -> None:
    open_documents(str(tmp_path)).keep(CONTENT)
    assert stored_file(tmp_path).stat().st_mode & 0o077 == 0


def test_a_full_quota_leaves_nothing_and_the_next_run_goes_on(database_url: str, tmp_path: Path) -> None:
    code, said = child(database_url, tmp_path / "documents", "full")
    assert code == 3
    assert said.split() == ["storage_full"]
    nothing_kept_then_goes_on(database_url, tmp_path / "documents")


def test_a_process_killed_while_writing_leaves_no_document(database_url: str, tmp_path: Path) -> None:
    code, _ = child(database_url, tmp_path / "documents", "killed while writing")
    assert code == -signal.SIGXFSZ
    assert [path.stat().st_size for path in (tmp_path / "documents" / "incoming").iterdir()] == [4096]
    nothing_kept_then_goes_on(database_url, tmp_path / "documents")


def test_what_a_killed_process_left_half_written_is_gone_a_day_later(tmp_path: Path) -> None:
    incoming = tmp_path / "incoming"
    incoming.mkdir()
    old, new = incoming / "old", incoming / "new"
    for path in (old, new):
        path.write_bytes(b"%PDF-1.7 half")
    yesterday = time.time() - 25 * 3600
    os.utime(old, (yesterday, yesterday))
    open_documents(str(tmp_path)).keep(CONTENT)
    assert [path.name for path in incoming.iterdir()] == ["new"]


def nothing_kept_then_goes_on(database_url: str, folder: Path) -> None:
    with open_store(database_url=database_url, storage_url=str(folder)) as store:
        assert not store.has_document(DIGEST)
        with store.reading() as tx:
            assert tx.submissions.find_by_digest(DIGEST) is None
    assert child(database_url, folder, "none") == (0, "")
    with open_store(database_url=database_url, storage_url=str(folder)) as store:
        assert store.document(DIGEST) == CONTENT


@pytest.mark.parametrize("fate", ["killed between document and row", "killed before the commit"])
def test_a_process_killed_after_the_document_is_taken_up_again(database_url: str, tmp_path: Path, fate: str) -> None:
    code, _ = child(database_url, tmp_path / "documents", fate)
    assert code == -signal.SIGKILL
    with open_store(database_url=database_url, storage_url=str(tmp_path / "documents")) as store:
        assert store.document(DIGEST) == CONTENT
        with store.transaction() as tx:
            kept, new = tx.submissions.receive(store.keep_document(CONTENT), "a.pdf", NOW, "K-2")
    assert (kept.id, new) == ("K-2", True)


def may_mount() -> bool:
    if shutil.which("unshare") is None:
        return False
    probe = ["unshare", "--mount", "--map-root-user", "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not may_mount(), reason="a small disk of its own needs the right to mount one")
def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    database_url = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    migrate(database_url)
    folder = tmp_path / "small"
    folder.mkdir()
    mount = 'mount -t tmpfs -o size=32k none "$0" && "$@"; code=$?; find "$0" -type f; exit $code'
    code, said = child(
        database_url, folder, "none", before=("unshare", "--mount", "--map-root-user", "sh", "-c", mount, str(folder))
    )
    assert code == 3
    assert said.splitlines() == ["storage_full"]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreUnavailable, match="storage_folder"):
        open_documents(str(tmp_path / "file" / "documents"))


@pytest.mark.parametrize("url", ["nowhere://bucket", "://"])
def test_an_address_that_means_nothing_is_told_without_repeating_it(url: str) -> None:
    with pytest.raises(BadAddress) as caught:
        open_documents(url)
    assert url not in said(caught.value)


def test_the_store_keeps_and_gives_documents(store: Store) -> None:
    digest = store.keep_document(CONTENT)
    assert store.has_document(digest)
    assert store.document(digest) == CONTENT


@pytest.fixture(params=["folder", "elsewhere"])
def anywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Documents:
    return open_documents(str(tmp_path / "d") if request.param == "folder" else "memory:///")


def test_a_large_file_is_kept_and_given_without_being_in_memory(anywhere: Documents, tmp_path: Path) -> None:
    content = CONTENT * 50
    (tmp_path / "besar.zip").write_bytes(content)
    with (tmp_path / "besar.zip").open("rb") as file:
        file.read(10)
        digest = anywhere.keep_file(file)
        assert anywhere.keep_file(file) == digest
    assert digest == hashlib.sha256(content).hexdigest()
    assert anywhere.read(digest) == content
    with anywhere.file(digest) as path:
        assert path.read_bytes() == content
    with pytest.raises(DocumentMissing), anywhere.file("0" * 64):
        pass
    with pytest.raises(DocumentMissing), anywhere.file("../x"):
        pass


def test_a_damaged_large_file_is_not_given_out_and_is_repaired_by_the_original(tmp_path: Path) -> None:
    documents = open_documents(str(tmp_path / "d"))
    digest = documents.keep(CONTENT)
    with documents.file(digest) as path:
        pass
    path.write_bytes(b"lain")
    with pytest.raises(StoredDocumentDamaged), documents.file(digest):
        pass
    (tmp_path / "asli").write_bytes(CONTENT)
    with (tmp_path / "asli").open("rb") as file:
        assert documents.keep_file(file) == digest
    assert documents.read(digest) == CONTENT
