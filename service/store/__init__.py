"""The only place that speaks SQL, and the keeper of original bytes."""

from service.store.staff import BEGINNING, ImportCounts, StaffChange, StaffUpdate, Tenure
from service.store.store import Store, migrate, open_store
from service.store.transactions import Transaction, WriteTransaction

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
