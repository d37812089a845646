"""A throwaway PostgreSQL server: a child process on a private socket, gone with the tests."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

_ALONE = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
_SEQUENCES = "SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence"


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, reached through the socket in `folder`."""

    folder: Path

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def create(self, database: str, *, template: str = "template0") -> str:
        """Make a database and give its URL."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(database), sql.Identifier(template))
            )
        return self.url(database)

    def clear(self, database: str) -> None:
        """Remove all rows and whoever is still connected; a hundred times faster than another database.

        Replication's role leaves out foreign keys, and the triggers that keep rows from being changed.
        """
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(_ALONE)
            tables = connection.execute(_TABLES).fetchall()
            rows = sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for (name,) in tables)
            connection.execute(sql.SQL("SET session_replication_role = replica; {}").format(rows))
            connection.execute(_SEQUENCES)

    def drop(self, database: str) -> None:
        """Remove it, whoever is still connected: hundreds of databases would fill the place they are in."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server that forgets everything; fsync is off, since nobody keeps what tests write."""
    binaries = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: a socket's path has at most 107 bytes
    try:
        account = _account(folder)
        cluster = folder / "data"
        initdb = [binaries / "initdb", "-D", cluster, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
        made = subprocess.run(initdb, **account, capture_output=True, text=True, check=False)
        assert made.returncode == 0, made.stderr
        settings = ["fsync=off", "full_page_writes=off", "max_wal_size=64MB", "min_wal_size=32MB", "autovacuum=off"]
        settings += ["listen_addresses=", f"unix_socket_directories={folder}", "log_min_messages=log"]
        command = [binaries / "postgres", "-D", cluster, *(part for setting in settings for part in ("-c", setting))]
        told = folder / "told"  # a file: a pipe that nobody empties stops the server once it is full
        with told.open("w") as log, subprocess.Popen(command, **account, stderr=log) as child:
            try:
                while "ready to accept connections" not in told.read_text():
                    assert child.poll() is None, told.read_text()
                    time.sleep(0.02)
                yield Server(folder)
            finally:
                child.send_signal(signal.SIGINT)  # a fast shutdown: leftover connections do not keep it
    finally:
        shutil.rmtree(folder)


def _binaries() -> Path:
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    usable = [folder for folder in folders if (folder / "postgres").exists() and (folder / "initdb").exists()]
    assert usable, "These tests need the PostgreSQL server's programs (Debian: apt-get install postgresql)."
    return usable[0]


def _account(folder: Path) -> dict[str, object]:
    """How the children run: PostgreSQL refuses root, so root's tests start it as somebody without rights."""
    common: dict[str, object] = {"cwd": folder, "env": {**os.environ, "LC_ALL": "C"}}
    if os.geteuid() != 0:
        return common
    names = {account.pw_name: account for account in pwd.getpwall()}
    somebody = names.get("postgres") or names["nobody"]
    os.chown(folder, somebody.pw_uid, somebody.pw_gid)
    return common | {"user": somebody.pw_uid, "group": somebody.pw_gid, "extra_groups": []}
