"""The only place that speaks SQL, and the keeper of original bytes."""

from service.store.staff import BEGINNING, Change, Counts, Statement, Tenure
from service.store.store import Store, migrate, open_store
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
