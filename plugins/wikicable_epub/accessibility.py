"""What the package says of a book's accessibility: what is true of this book, no more.

The terms are schema.org's (https://www.w3.org/TR/epub-a11y-11/#sec-disc-package).
"""

from __future__ import annotations

from collections.abc import Iterator

from wikicable_epub.binding import Found


def properties(found: Found) -> Iterator[tuple[str, str]]:
    """Give the properties and their values."""
    has_pictures = bool(found.described or found.undescribed)
    yield "schema:accessMode", "textual"
    if has_pictures or "video" in found.played:
        yield "schema:accessMode", "visual"
    if found.played:
        yield "schema:accessMode", "auditory"
    if not found.undescribed and not found.played:
        yield "schema:accessModeSufficient", "textual"
    senses = ["textual", *(["visual"] if has_pictures or "video" in found.played else [])]
    senses += ["auditory"] if found.played else []
    if len(senses) > 1:
        yield "schema:accessModeSufficient", ",".join(senses)
    for feature in _features(found):
        yield "schema:accessibilityFeature", feature
    yield "schema:accessibilityHazard", "unknown" if found.played else "none"
    yield "schema:accessibilitySummary", summary(found)


def _features(found: Found) -> Iterator[str]:
    yield from ("tableOfContents", "readingOrder", "structuralNavigation", "displayTransformability")
    if found.described and not found.undescribed:
        yield "alternativeText"
    if found.formulas:
        yield "latex"
    if found.breaks:
        yield from ("pageNavigation", "pageBreakMarkers")


def summary(found: Found) -> str:
    """Say in sentences what the book offers."""
    said = [
        "The text can be read aloud and set in other sizes and colours; headings, notes and contents are marked up."
    ]
    if found.undescribed:
        of_all = found.described + found.undescribed
        said.append(f"{found.undescribed} of {of_all} pictures have no text that stands for them.")
    elif found.described:
        said.append("Every picture has a text that stands for it.")
    if found.played:
        said.append("There is sound or film without a transcript.")
    if found.formulas:
        said.append("Formulas are written in LaTeX.")
    if found.breaks:
        said.append("The pages of the printed source are marked.")
    return " ".join(said)
