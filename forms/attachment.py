"""The content of a certificate, card or recap as JSON, which its PDF carries as attachment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def json_payload(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content as JSON values: decimals as strings, dates ISO 8601, tuples as lists."""
    payload: dict[str, Any] = json.loads(json.dumps(content, default=_json_value))
    return payload


def canonical_json(content: Mapping[str, Any]) -> bytes:
    """Return the bytes to attach: keys sorted, UTF-8; the same content gives the same bytes."""
    return json.dumps(content, default=_json_value, ensure_ascii=False, sort_keys=True, indent=1).encode()


def _json_value(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
