"""The words of the book's own: headings and labels, the same in every format."""

from types import MappingProxyType
from typing import Final

WORDS: Final = MappingProxyType(
    {
        "book": "Segment book",
        "segment": "Segment",
        "of": "of",
        "care": "Use with care:",
        "no_groups": "these segments may not be distinct groups; see the overview.",
        "for_all": "For all customers",
        "before_use": "Before you use these segments",
        "customers": "Customers",
        "share": "Share of all",
        "share_before": "Share in the version before",
        "stability": "Stability (0 to 1)",
        "not_measured": "not measured",
        "apart": "What sets it apart",
        "to_do": "What to do",
        "sure": "How sure this is",
        "here": "In this segment",
        "rest": "Among all others",
        "effect": "Effect size",
    }
)
