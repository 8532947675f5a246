"""What to know before trusting a trained model: doubts about its table, and about its segments."""

from app.segmentation.caution import Caution
from app.segmentation.customers import CustomerTable
from app.segmentation.trained import TrainedSegments

MANY_BLANKS = 0.2
"""With more of a column blank than this, the median that fills them decides the segments."""

THOUSANDS = 1_000.0
"""A median income above this, in thousands a year, was most likely written in units."""

NO_STRUCTURE = 0.25
"""A silhouette up to this shows no substantial structure (Kaufman and Rousseeuw 1990)."""


def training_cautions(table: CustomerTable, trained: TrainedSegments) -> tuple[str, ...]:
    """Say in sentences what looks wrong with a table or with what was found in it."""
    return (*_about_the_table(table), *_about_the_segments(trained))


def _about_the_table(table: CustomerTable) -> list[str]:
    found: list[str] = []
    n_customers = len(table.features)
    repeated = len(table.customer_ids) - len(set(table.customer_ids))
    if repeated:
        found.append(
            Caution(
                f"{repeated:,} {'row repeats' if repeated == 1 else 'rows repeat'} the customer id "
                "of another; each row counts as a customer.",
                "repeated_customers",
            )
        )
    for feature, blanks in table.imputed.items():
        if blanks > MANY_BLANKS * n_customers:
            found.append(
                Caution(
                    f"{feature} is blank in {blanks / n_customers:.0%} of the rows and was filled "
                    "by its median, which makes those customers look similar.",
                    "many_blanks",
                )
            )
    if table.medians["annual_income"] > THOUSANDS:
        found.append(
            Caution(
                f"The median annual_income is {table.medians['annual_income']:,.0f}; enter it in "
                "thousands, here and in every prediction.",
                "income_not_in_thousands",
            )
        )
    return found


def _about_the_segments(trained: TrainedSegments) -> list[str]:
    found: list[str] = []
    if trained.degenerate:
        sizes = [segment.size for segment in trained.segments]
        found.append(
            Caution(
                f"These segments are too uneven to use: the largest has {max(sizes):,} customers, "
                f"the smallest {min(sizes):,}.",
                "degenerate_segments",
            )
        )
    if trained.silhouette <= NO_STRUCTURE:
        found.append(
            Caution(
                f"The segments are poorly separated (silhouette {trained.silhouette:.2f}); they "
                "cut a continuum rather than find groups.",
                "no_structure",
            )
        )
    if trained.n_clusters == trained.sweep.best_k == max(trained.sweep.k_range):
        found.append(
            Caution(
                f"The best number of segments is the largest that was tried, {trained.n_clusters}: "
                "there may be no natural number.",
                "no_natural_number",
            )
        )
    return found
