"""The tables `cmb template` and the pages offer, by subject."""

from __future__ import annotations

from collections.abc import Mapping

from service.learning.past_table import PAST
from service.learning.table import LEARNING
from service.tables.layout import Layout
from service.tables.layouts import APPROVALS, STAFF

OFFERED: Mapping[str, Layout] = {each.subject: each for each in (STAFF, LEARNING, PAST, APPROVALS)}
