"""The only place that speaks SQL, and the keeper of original bytes."""

from service.store.staff import BEGINNING, ImportCounts, StaffChange, StaffUpdate, Tenure
from service.store.store import Store, migrate, open_store
from service.store.transactions import Transaction, WriteTransaction

__all__ = [
    "BEGINNING",
    "ImportCounts",
    "StaffChange",
    "StaffUpdate",
    "Store",
    "Tenure",
    "Transaction",
    "WriteTransaction",
    "migrate",
    "open_store",
]
