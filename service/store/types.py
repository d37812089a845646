"""Column types that give back on SQLite and PostgreSQL exactly the value that was put in.

Migrations use them too: a type never changes its stored form; another form is another type.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import DateTime, Integer, Numeric, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

# NUL cannot be kept by PostgreSQL, lone surrogates (file names that are not UTF-8) by neither database.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Words(TypeDecorator[str]):
    """Text of any length; the few characters no database can keep become U+FFFD, so that no input stops the work."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's shape
        return None if value is None else _UNSTORABLE.sub("\ufffd", str(value))


class Instant(TypeDecorator[dt.datetime]):
    """A moment with microseconds; needs a time zone on the way in, comes back in UTC.

    SQLite keeps text of one width, so that comparing texts compares moments.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String(32) if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone is not kept")
        moment = value.astimezone(dt.UTC)
        return moment.isoformat(timespec="microseconds") if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        moment = dt.datetime.fromisoformat(value) if dialect.name == "sqlite" else value
        return moment.astimezone(dt.UTC)


class Exact(TypeDecorator[Decimal]):
    """A finite decimal, digit for digit: NUMERIC on PostgreSQL, text on SQLite (whose numbers are binary)."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Numeric())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if not value.is_finite():
            raise ValueError(f"{value} is not an amount")
        return format(value, "f") if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ARG002 - SQLAlchemy's shape
        return None if value is None else Decimal(value)


class Thousandths(TypeDecorator[Decimal]):
    """A decimal of at most three places as a whole number of thousandths, so that sums in SQL are exact on both."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's shape
        if value is None:
            return None
        whole = value.scaleb(3)
        if whole != whole.to_integral_value():
            raise ValueError(f"{value} has more than three places")
        return int(whole)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ARG002 - SQLAlchemy's shape
        return None if value is None else amount(int(value))


@lru_cache(maxsize=10_000)
def amount(thousandths: int) -> Decimal:
    """`2.4` for 2400, without the zeros behind it; the same few amounts come by the ten thousand."""
    return Decimal(thousandths).scaleb(-3).normalize() + 0
