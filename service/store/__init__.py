"""The only place that speaks SQL, and the keeper of original bytes."""

from service.store.employees import Counts
from service.store.migration import migrate
from service.store.store import Store, open_store
from service.store.tenure_changes import Change, Statement
from service.store.tenures import BEGINNING, Tenure
from service.store.transactions import Transaction, Writing

__all__ = [
    "BEGINNING",
    "Change",
    "Counts",
    "Statement",
    "Store",
    "Tenure",
    "Transaction",
    "Writing",
    "migrate",
    "open_store",
]
