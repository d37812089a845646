"""What an approval of many leaves out, said to whoever asked for it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash
from flask_babel import gettext as _


def flash_left_out(numbers: Sequence[str]) -> None:
    """Say how many were left out because their time overlaps another activity's, and which."""
    if numbers:
        flash(
            _(
                "%(count)s kegiatan tidak ikut disahkan karena waktunya bertumpuk dengan kegiatan lain; "
                "buka dan putuskan satu per satu: %(numbers)s.",
                count=len(numbers),
                numbers=", ".join(numbers),
            ),
            "doubt",
        )
