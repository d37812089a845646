"""The document security store (ISO 32000-2 12.8.4.3): anybody may add revocation data to it; nothing of it is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any

from pyhanko.pdf_utils.generic import DictionaryObject, StreamObject

from signing.asn1 import x509
from signing.certificates import read_certificate
from signing.changes.references import Usages
from signing.cms import SEQUENCE, whole
from signing.errors import BadCertificate
from signing.pdf.history import History, Ref, Snapshot, raw, raw_items, ref_of

_LISTS = ("/Certs", "/CRLs", "/OCSPs")
_OF_ONE = ("/Cert", "/CRL", "/OCSP")
_MOST = 2000


def explain_dss(old: Snapshot, new: Snapshot, usages: Usages) -> set[Ref] | None:
    """Return the rewritten objects of the store; None when there is no store.

    ValueError when the new store holds anything but plain DER, or rewrites an object that was also used elsewhere.
    """
    before, after = raw(old.root, "/DSS"), raw(new.root, "/DSS")
    if after is None:
        if before is not None:
            raise ValueError("the security store was removed")
        return None
    parts = _objects_of_store(new, after)
    earlier = _objects_of_store(old, before) if before is not None else set()
    own_users = earlier | ({old.root_ref} if old.root_ref is not None else set())
    rewritten: set[Ref] = set()
    for ref in parts:
        version = old.history.version(ref, old.revision)
        if version is None or version == new.history.version(ref, new.revision):
            continue
        if ref not in earlier or usages.users(ref, old.revision) - own_users:
            raise ValueError(f"{ref} of the security store has another meaning")
        rewritten.add(ref)
    return rewritten


def _contents(history: History, keys: tuple[str, ...]) -> Iterator[bytes]:
    """Yield the decoded streams under these keys of the newest revision's store, none twice.

    The entries for one signature (/VRI, where the keys lack their s) count as well.
    """
    now = Snapshot(history, history.last)
    store = now.entry(now.root, "/DSS")
    table = now.entry(store, "/VRI")
    parts = [now.entry(table, name) for name in islice(table, _MOST)] if isinstance(table, DictionaryObject) else []
    listed = [(store, key) for key in keys] + [(part, key[:-1]) for part in parts for key in keys]
    members = chain.from_iterable(now.members(raw(owner, key)) for owner, key in listed)
    seen: set[Ref] = set()
    for reference, stream in islice(members, _MOST):
        if isinstance(stream, StreamObject) and reference is not None and reference not in seen:
            seen.add(reference)
            yield bytes(stream.data)


def _objects_of_store(snapshot: Snapshot, written: Any) -> set[Ref]:
    """Return every object of the store. ValueError when one of them does not belong into a store."""
    objects: set[Ref] = set()
    store = _dictionary(snapshot, written, objects, {"/Type", "/VRI", *_LISTS})
    for key in _LISTS:
        _streams(snapshot, raw(store, key), objects)
    if raw(store, "/VRI") is not None:
        table = _dictionary(snapshot, raw(store, "/VRI"), objects, None)
        for name in table:
            if name == "/Type":
                continue
            one = _dictionary(snapshot, raw(table, name), objects, {"/Type", "/TU", "/TS", *_OF_ONE})
            for key in _OF_ONE:
                _streams(snapshot, raw(one, key), objects)
            if raw(one, "/TS") is not None:
                _stream(snapshot, raw(one, "/TS"), objects)
    return objects


def _dictionary(snapshot: Snapshot, written: Any, objects: set[Ref], keys: set[str] | None) -> DictionaryObject:
    value: DictionaryObject = snapshot.resolved(written)
    plain = isinstance(value, DictionaryObject) and not isinstance(value, StreamObject)
    if not plain or (keys is not None and not set(value) <= keys):
        raise ValueError("something unknown in the security store")
    reference = ref_of(written)
    if reference is not None:
        objects.add(reference)
    return value


def _streams(snapshot: Snapshot, written: Any, objects: set[Ref]) -> None:
    if written is None:
        return
    reference = ref_of(written)
    if reference is not None:
        objects.add(reference)
    for member in raw_items(snapshot.resolved(written)):
        _stream(snapshot, member, objects)


def _stream(snapshot: Snapshot, written: Any, objects: set[Ref]) -> None:
    reference, stream = ref_of(written), snapshot.resolved(written)
    if reference is None or not isinstance(stream, StreamObject) or raw(stream, "/Subtype") is not None:
        raise ValueError("a member of the security store is no plain stream")
    content = bytes(stream.data)
    if content[:1] != bytes((SEQUENCE,)) or content[len(whole(content)) :].strip(b"\r\n"):
        raise ValueError("a member of the security store is not DER")
    objects.add(reference)


# --- Reading the store


def stored_contents(history: History, keys: tuple[str, ...]) -> list[bytes]:
    """Return the decoded streams under these keys (`/Certs`, `/CRLs`, `/OCSPs`) of the newest revision's store.

    Empty when the store is broken: then it proves nothing, but the file can still be judged.
    """
    try:
        return list(_contents(history, keys))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, AssertionError):
        return []


def store_revision(history: History) -> int | None:
    """Return the revision in which the file got its security store; None when it has none."""
    for revision in range(history.last + 1):
        if raw(Snapshot(history, revision).root, "/DSS") is not None:
            return revision
    return None


def stored_certificates(stored: Sequence[bytes]) -> list[x509.Certificate]:
    """Return the contents that are certificates."""
    certificates = []
    for der in stored:
        try:
            read_certificate(der)
        except BadCertificate:
            continue
        certificates.append(x509.Certificate.load(der))
    return certificates
