"""Attacks on certified forms and by people who may sign: annotations where they are allowed, stamps over answers.

Every function takes a filled form and signs it as the forger and the others do.
"""

from __future__ import annotations

from collections.abc import Callable

from forgeries.after_signing import free_text_annotation, stamp_annotation_over_an_answer, value_and_appearance_changed
from forgeries.structure import page_added
from support.office import CAHYA, DIAH
from support.unusually_signed_forms import Box, all_signed, certified, own_stamp, signed_by_the_others


def evil_annotation_on_a_form_that_allows_annotations(pdf: bytes) -> bytes:
    return free_text_annotation(certified(pdf, 3))


def evil_stamp_annotation_on_a_form_that_allows_annotations(pdf: bytes) -> bytes:
    return stamp_annotation_over_an_answer(certified(pdf, 3))


def evil_value_on_a_form_that_allows_filling(pdf: bytes) -> bytes:
    return value_and_appearance_changed(certified(pdf, 2))


def page_on_a_form_that_allows_filling(pdf: bytes) -> bytes:
    return page_added(certified(pdf, 2))


def sneaky_signature_over_an_answer_of_a_certified_form(pdf: bytes) -> bytes:
    return own_stamp(certified(pdf, 2), (60, 640, 220, 656))


def sneaky_signature_over_an_answer(pdf: bytes) -> bytes:
    return own_stamp(all_signed(pdf), (60, 640, 220, 656), DIAH)


def sneaky_signature_over_another_stamp(pdf: bytes) -> bytes:
    return own_stamp(all_signed(pdf), (343, 182, 528, 251), DIAH)


def sneaky_signature_as_large_as_the_page(pdf: bytes) -> bytes:
    return own_stamp(all_signed(pdf), (0, 0, 595, 842), DIAH)


def stamp_of_the_last_signer_over_printed_words(pdf: bytes) -> bytes:
    """The last signer may sign where it pleases, but not over what the form asks."""
    return own_stamp(all_signed(pdf), HEADING, DIAH)


def stamp_of_the_first_signer_over_printed_words(pdf: bytes) -> bytes:
    return signed_by_the_others(own_stamp(pdf, HEADING, CAHYA))


HEADING: Box = (360, 776, 480, 818)
BY_SIGNATURE: tuple[Callable[[bytes], bytes], ...] = (
    evil_annotation_on_a_form_that_allows_annotations,
    evil_stamp_annotation_on_a_form_that_allows_annotations,
    evil_value_on_a_form_that_allows_filling,
    page_on_a_form_that_allows_filling,
    sneaky_signature_over_an_answer_of_a_certified_form,
    sneaky_signature_over_an_answer,
    sneaky_signature_over_another_stamp,
    sneaky_signature_as_large_as_the_page,
)
BY_FORM: tuple[Callable[[bytes], bytes], ...] = (
    stamp_of_the_last_signer_over_printed_words,
    stamp_of_the_first_signer_over_printed_words,
)
