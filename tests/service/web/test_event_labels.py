"""Every action in the event log has a label on the pages."""

from __future__ import annotations

import re

from service.web.filters import event_label
from support.clone import ROOT
from support.web_client import WebOffice

WRITTEN = {
    action
    for path in (ROOT / "service").rglob("*.py")
    for action in re.findall(r'action="([a-z_]+\.[a-z_]+)"', path.read_text(encoding="utf-8"))
}
COMPOSED = {"submission.too_large", "signer.proposed", "signer.declined", "assignment.cancelled", "gateway.refused"}


def test_everything_the_log_writes_is_called_something(web: WebOffice) -> None:
    assert "account.opened" in WRITTEN
    with web.app.test_request_context():
        assert not [action for action in sorted(WRITTEN | COMPOSED) if event_label(action) == action]
