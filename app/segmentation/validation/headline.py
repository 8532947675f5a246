"""What to make of one cut of a table, in a sentence that its segments bear out."""

from collections.abc import Sequence

from app.segmentation.validation.structure_words import Verdict

COMES_BACK = 0.75
"""Mean Jaccard similarity from which a segment comes back (Hennig 2007)."""

_ABOUT_THE_TABLE: dict[tuple[Verdict | None, bool], str] = {
    ("strong", True): "These customers form distinct groups.",
    ("strong", False): (
        "These customers form distinct groups, but these segments do not follow all of them."
    ),
    ("weak", True): "There are signs of groups that overlap.",
    ("weak", False): "There are signs of groups that overlap.",
    ("none", True): "There is no evidence of distinct groups, but the cut can be repeated.",
    ("none", False): "There is no evidence of distinct groups.",
    (None, True): "",
    (None, False): "",
}


def headline(
    verdict: Verdict | None, jaccards: Sequence[float], *, degenerate: bool = False
) -> str:
    """Say what holds of a table, and then of these segments.

    Parameters
    ----------
    verdict : str or None
        Whether the table shows groups; None where that was not tested.
    jaccards : sequence of float
        How well each segment comes back, as in `SegmentStability`.
    degenerate : bool
        Whether a segment holds nearly everybody, or next to nobody.
    """
    if degenerate:
        return (
            "This is not a segmentation: one segment holds nearly all customers, or next to none."
        )
    n_segments = len(jaccards)
    returning = sum(jaccard >= COMES_BACK for jaccard in jaccards)
    about = _ABOUT_THE_TABLE[verdict, returning == n_segments]
    return f"{about} {_about_the_cut(returning, n_segments)}".strip()


def _about_the_cut(returning: int, n_segments: int) -> str:
    again = "when the customers are drawn again"
    if n_segments == 0:
        return ""
    if returning == n_segments:
        return f"All {n_segments} segments come back {again}."
    if returning == 0:
        return f"None of the {n_segments} segments comes back {again}."
    verb = "comes" if returning == 1 else "come"
    return f"Only {returning} of {n_segments} segments {verb} back {again}."
