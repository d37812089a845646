"""What messages in the tests are about, by kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.notifications.messages import Message
from support.office import CAHYA, DIAH, HERI

ABOUT: Mapping[Message, Mapping[str, Any]] = {
    Message.WAITING: {"serial": "L1-ABC", "role": "atasan", "employee_nip": CAHYA},
    Message.REMINDER: {"serial": "L1-ABC", "role": "pembimbing", "employee_nip": CAHYA},
    Message.RETURNED: {"serial": "L1-ABC", "by_nip": DIAH},
    Message.VERIFIED: {"submission": "K-1"},
    Message.REFUSED: {"submission": "K-1"},
    Message.APPROVED: {"submission": "K-1"},
    Message.REJECTED: {"submission": "K-1"},
    Message.CERTIFICATE: {"number": "CMB-2025-000001-AAAAAAAA", "year": 2025},
    Message.REVOKED: {"number": "CMB-2025-000001-AAAAAAAA", "year": 2025},
    Message.BEHIND: {"year": 2026, "period": "2026-2"},
    Message.RECAP_DUE: {"unit": "Biro SDM", "quarter": "2026-Q3"},
    Message.DELEGATED: {"from_nip": HERI, "starts": "2026-12-01", "ends": "2026-12-05"},
    Message.WITHDRAWAL_ASKED: {"submission": "K-1"},
    Message.WITHDRAWN: {"submission": "K-1"},
    Message.RECAP_CHANGED: {"unit": "Biro SDM", "quarter": "2026-Q3"},
    Message.ROLES_ASKED: {"person_nip": HERI},
    Message.ROLES_SET: {"person_nip": HERI, "by": "cmb:uji"},
    Message.PASSWORD_RESET: {"person_nip": HERI, "by": "cmb:uji"},
    Message.REPRESENTED: {"to_nip": HERI, "starts": "2026-12-01", "ends": "2026-12-05"},
    Message.DELEGATION_ASKED: {"to_nip": HERI, "starts": "2026-12-01", "ends": "2027-04-05"},
    Message.ASSIGNED: {"assignment": "T-7K3M9Q2XWD", "ends": "2026-12-05"},
    Message.LEARNING_APPROVED: {"learning": "L-7K3M9Q2XWD", "year": 2026},
    Message.LEARNING_REJECTED: {"learning": "L-7K3M9Q2XWE", "year": 2026},
    Message.EVALUATION_DUE: {"year": 2026, "period": 2},
    Message.ISSUE_DUE: {"year": 2026},
    Message.DECISIONS_WAIT: {"count": 3, "days": 7},
    Message.SIGNATURE_FOUND: {"serial": "L1-ABC"},
    Message.SIGNATURE_UNKNOWN: {"serial": "L1-ABC"},
}
