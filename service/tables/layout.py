"""What a table looks like that people fill in: its columns, and what each of them is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column by its name in the first row. `required`: the column has to be there (a cell may still be empty).

    `meaning` is a sentence for whoever fills it in, `choices` what a cell may say, `width` in characters.
    """

    name: str
    meaning: str
    required: bool = True
    width: int = 20
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A kind of table. `subject` names it in the command, `title` for people, `sample` is one row of invented cells."""

    subject: str
    title: str
    columns: tuple[Column, ...]
    sample: Mapping[str, str]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.columns if each.required)
