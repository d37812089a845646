"""Every answer of the API in a test against its operation: a declared status, and the model to the letter."""

from __future__ import annotations

import re

from werkzeug.test import TestResponse

from service.web.api import OPERATIONS
from service.web.api.errors import MEDIA_TYPE
from service.web.api.models import Problem
from service.web.api.operation import JSON, PDF
from service.web.api.validation import adapter


def require_declared(answer: TestResponse, method: str, path: str) -> None:
    """Fail for an answer that its operation does not declare; addresses of no operation may only be refused."""
    where = path.partition("?")[0]
    found = [one for one in OPERATIONS if one.method == method and _pattern(one.path).fullmatch(where)]
    if answer.status_code >= 400:
        assert answer.mimetype == MEDIA_TYPE
        adapter(Problem).validate_json(answer.data, extra="forbid")
        assert answer.status_code in (found[0].problems if found else {404, 405})
        return
    declared = found[0].answers[answer.status_code]
    allowed = {JSON: declared.model is not None, PDF: declared.pdf, "": declared.model is None and not declared.pdf}
    assert allowed[answer.mimetype or ""], f"{answer.mimetype} is not declared"
    assert ("Location" in answer.headers) == declared.location
    if answer.mimetype == JSON:
        # Fields beyond the declared ones are for later versions to add, in the model.
        adapter(declared.model).validate_json(answer.data, extra="forbid")


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{\w+\}", "[^/]+", path))
