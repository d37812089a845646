"""What one recap says otherwise than an earlier one."""

from __future__ import annotations

from forms.indonesian import comma
from forms.recap import Change, RecapContent, RecapRow
from forms.recap_words import columns_of

_ADDED, _REMOVED = "Ditambahkan", "Tidak lagi tercantum"


def differences(before: RecapContent, after: RecapContent) -> tuple[Change, ...]:
    """What the later one says otherwise, by name and column; people who came or went are one change each."""
    olds = {row.nip: row for row in before.rows}
    news = {row.nip: row for row in after.rows}
    changes = []
    for nip in sorted(olds | news, key=lambda each: ((news.get(each) or olds[each]).name.casefold(), each)):
        old, new = olds.get(nip), news.get(nip)
        if old is None or new is None:
            column = _ADDED if old is None else _REMOVED
            name = (new or olds[nip]).name
            changes.append(Change(nip=nip, name=name, column=column, before=_jp(old), after=_jp(new)))
            continue
        texts = columns_of(new)
        changes += [
            Change(nip=nip, name=new.name, column=column, before=text, after=texts[column])
            for column, text in columns_of(old).items()
            if text != texts[column]
        ]
    return tuple(changes)


def _jp(row: RecapRow | None) -> str:
    return f"{comma(row.total)} JP" if row else ""
