"""Arrays and dictionaries that say the same in many files, kept between them: nobody can change them."""

from __future__ import annotations

from typing import Any

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject


def _refuse(*_: object, **__: object) -> Any:
    raise TypeError("what is shared between files is not changed")


class SharedArray(ArrayObject):
    """References in it name an object and belong to no file: whoever follows one asks the file himself."""

    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse
    append = clear = extend = insert = pop = remove = reverse = sort = _refuse


class SharedDictionary(DictionaryObject):
    """The same for a dictionary."""

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse


def shared(value: Any) -> Any:
    """The same value, unchangeable through and through."""
    if isinstance(value, DictionaryObject):
        dictionary = SharedDictionary()  # type: ignore[no-untyped-call] # left bare by pyHanko
        dict.update(dictionary, {key: shared(each) for key, each in value.items()})
        dictionary.container_ref = value.container_ref
        return dictionary
    if isinstance(value, ArrayObject):
        array = SharedArray()
        list.extend(array, map(shared, list(value)))
        array.container_ref = value.container_ref
        return array
    return value
