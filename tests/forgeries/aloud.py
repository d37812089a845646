"""Forgeries for people who listen: what is read aloud is not what the page shows."""

from __future__ import annotations

from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, String

from forgeries.drawings import Tamper, Widgets

LIE = String("Disetujui 20 JP")


def document_of(pdf: Pdf) -> Any:
    kids = pdf.Root.StructTreeRoot.K
    return kids[0] if isinstance(kids, Array) else kids


def description_of_a_paragraph(pdf: Pdf, _: Widgets) -> None:
    document_of(pdf).K[2].Alt = LIE


def expansion_of_a_paragraph(pdf: Pdf, _: Widgets) -> None:
    document_of(pdf).K[2].E = LIE


def language_of_a_paragraph(pdf: Pdf, _: Widgets) -> None:
    document_of(pdf).K[2].Lang = String("en")


def replacement_in_an_element_inside_another(pdf: Pdf, _: Widgets) -> None:
    element = document_of(pdf).K[2]
    element.K = Array([Dictionary(S=Name.Span, ActualText=LIE, K=element.K[0], Pg=element.Pg)])


def replacement_in_an_element_inside_the_document(pdf: Pdf, _: Widgets) -> None:
    document = document_of(pdf)
    document.K.insert(0, Dictionary(S=Name.P, ActualText=LIE, Pg=pdf.pages[0].obj, P=document))


def description_of_the_whole_document(pdf: Pdf, _: Widgets) -> None:
    document_of(pdf).Alt = LIE


def description_of_a_field_in_the_tree(pdf: Pdf, _: Widgets) -> None:
    document_of(pdf).K[3].Alt = LIE


def description_of_a_slot_in_the_tree(pdf: Pdf, _: Widgets) -> None:
    document_of(pdf).K[-1].Alt = LIE


def paragraphs_in_another_order(pdf: Pdf, _: Widgets) -> None:
    kids = document_of(pdf).K
    first, second = kids[4], kids[7]
    kids[4], kids[7] = second, first


def paragraph_left_out(pdf: Pdf, _: Widgets) -> None:
    del document_of(pdf).K[4]


def field_named_twice_in_the_tree(pdf: Pdf, _: Widgets) -> None:
    document_of(pdf).K.append(document_of(pdf).K[3])


def paragraph_that_speaks_for_a_signature(pdf: Pdf, widgets: Widgets) -> None:
    inside = Dictionary(Type=Name.OBJR, Obj=widgets["tempat"], Pg=pdf.pages[0].obj)
    element = Dictionary(S=Name.Form, Alt=LIE, K=inside, P=document_of(pdf), Type=Name.StructElem)
    document_of(pdf).K.append(pdf.make_indirect(element))


def roles_with_another_meaning(pdf: Pdf, _: Widgets) -> None:
    pdf.Root.StructTreeRoot.RoleMap = Dictionary(P=Name.Artifact)


def parent_tree_that_names_a_stranger(pdf: Pdf, _: Widgets) -> None:
    stranger = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.P, Alt=LIE, K=6))
    numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
    place = next(at for at in range(len(numbers)) if isinstance(numbers[at], Array))
    numbers[place][6] = stranger


def title_of_the_document(pdf: Pdf, _: Widgets) -> None:
    pdf.docinfo.Title = LIE


def title_in_the_metadata(pdf: Pdf, _: Widgets) -> None:
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["dc:title"] = str(LIE)


def language_of_the_document(pdf: Pdf, _: Widgets) -> None:
    pdf.Root.Lang = String("en")


def tooltip_of_a_field(_: Pdf, widgets: Widgets) -> None:
    widgets["tempat"].TU = LIE


def tooltip_of_a_slot(_: Pdf, widgets: Widgets) -> None:
    widgets["ttd_atasan"].TU = LIE


def contents_of_a_field(_: Pdf, widgets: Widgets) -> None:
    widgets["tempat"].Contents = LIE


def contents_of_a_slot(_: Pdf, widgets: Widgets) -> None:
    widgets["ttd_atasan"].Contents = LIE


def marked_content_with_a_replacement(pdf: Pdf, _: Widgets) -> None:
    part = max(pdf.pages[0].obj.Contents.as_list(), key=lambda stream: len(stream.read_bytes()))
    part.write(b"/Span << /ActualText (Disetujui 20 JP) >> BDC " + part.read_bytes() + b" EMC")


def properties_with_a_replacement(pdf: Pdf, _: Widgets) -> None:
    properties = pdf.pages[0].obj.Resources.Properties
    properties[next(iter(properties.keys()))].ActualText = LIE


ALOUD: tuple[Tamper, ...] = (
    description_of_a_paragraph,
    expansion_of_a_paragraph,
    language_of_a_paragraph,
    replacement_in_an_element_inside_another,
    replacement_in_an_element_inside_the_document,
    description_of_the_whole_document,
    description_of_a_field_in_the_tree,
    description_of_a_slot_in_the_tree,
    paragraphs_in_another_order,
    paragraph_left_out,
    field_named_twice_in_the_tree,
    paragraph_that_speaks_for_a_signature,
    roles_with_another_meaning,
    parent_tree_that_names_a_stranger,
    title_of_the_document,
    title_in_the_metadata,
    language_of_the_document,
    tooltip_of_a_field,
    tooltip_of_a_slot,
    contents_of_a_field,
    contents_of_a_slot,
    marked_content_with_a_replacement,
    properties_with_a_replacement,
)
