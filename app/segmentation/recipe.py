"""A recipe: every decision on the way from a table to its segments, in one frozen value."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Literal, Self, get_args, get_origin, get_type_hints

from app.segmentation.errors import RecipeError

Blanks = Literal["median", "neighbours"]
Transform = Literal["none", "log", "auto"]
Sparse = Literal["keep", "aside"]
Extremes = Literal["keep", "fences"]
Relevance = Literal["all", "related"]
Redundancy = Literal["keep", "once"]
Derived = Literal["none", "usual"]
Projection = Literal["none", "auto"] | int
Algorithm = Literal["auto", "hierarchical", "kmeans", "dbscan", "hdbscan"]
Linkage = Literal["ward", "complete", "average", "single"]
CountRule = Literal["highest", "fewest"]
Undivided = Literal["refuse", "one"]
Vocabulary = Literal["generic", "core"]
Validation = Literal["none", "structure", "full"]


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How a table is segmented. Two runs of one recipe on one table give one answer.

    Attributes
    ----------
    columns : tuple of str or None
        Columns to segment by, all of them; None takes every one that can be used.
    exclude : tuple of str
        Columns to leave aside.
    sparse : {"keep", "aside"}
        Whether columns that most customers lack are used where they are not asked for.
    blanks : {"median", "neighbours"}
        How a missing number is filled.
    transform : {"none", "log", "auto"}
        Of numbers before scaling; "auto" straightens those that are skewed.
    category_weight : float
        Factor on one-hot categories beside numbers.
    categorical_limit : int
        Levels kept per column, the most frequent ones.
    extremes : {"keep", "fences"}
        Whether single values far beyond all others are drawn in.
    relevance : {"all", "related"}
        Whether columns that only blur the groups which others show are set aside.
    redundancy : {"keep", "once"}
        Whether columns that repeat another one are set aside, as `find_repeats` finds them.
    derived : {"none", "usual"}
        Whether columns made from others are used where none are named: days since a sign-up or a
        last purchase, and whether there is a value where a mark says that there is none.
    projection : {"none", "auto"} or int
        Principal components to project on; "auto" projects wide tables alone.
    algorithm : {"auto", "hierarchical", "kmeans", "dbscan", "hdbscan"}
        "auto" tries those that fit and takes the best score.
    linkage : {"ward", "complete", "average", "single"}
    n_clusters : int or None
        None leaves the number to ``count_rule``.
    eps, min_samples, min_cluster_size : optional
        For the density methods; None is found from the data.
    k_range : tuple of int
        The least and the most segments that are tried.
    count_rule : {"highest", "fewest"}
        The sound split with the highest silhouette, or the fewest segments that are as good.
    compare_counts : bool
        Whether K-means is compared over ``k_range`` even where ``n_clusters`` is given.
    undivided : {"refuse", "one"}
        What is answered where nothing divides the customers: an error, or one segment.
    vocabulary : {"generic", "core"}
        The names of the segments.
    validation : {"none", "structure", "full"}
        How far to ask whether the segments are real.
    explanation : bool
        Whether to measure how much each column matters.
    seed : int
    """

    columns: tuple[str, ...] | None = None
    exclude: tuple[str, ...] = ()
    sparse: Sparse = "keep"
    blanks: Blanks = "median"
    transform: Transform = "none"
    category_weight: float = 1.0
    categorical_limit: int = 20
    extremes: Extremes = "keep"
    relevance: Relevance = "all"
    redundancy: Redundancy = "keep"
    derived: Derived = "none"
    projection: Projection = "none"
    algorithm: Algorithm = "hierarchical"
    linkage: Linkage = "ward"
    n_clusters: int | None = None
    eps: float | None = None
    min_samples: int | None = None
    min_cluster_size: int | None = None
    k_range: tuple[int, int] = (2, 10)
    count_rule: CountRule = "highest"
    compare_counts: bool = False
    undivided: Undivided = "refuse"
    vocabulary: Vocabulary = "generic"
    validation: Validation = "none"
    explanation: bool = False
    seed: int = 42

    def __post_init__(self) -> None:
        for name, hint in get_type_hints(type(self)).items():
            if get_origin(hint) is Literal and getattr(self, name) not in get_args(hint):
                raise _refusal(name, f"one of {', '.join(map(repr, get_args(hint)))}")
        projected = self.projection if isinstance(self.projection, int) else None
        if projected is None and self.projection not in ("none", "auto"):
            raise _refusal("projection", "'none', 'auto' or a number of components")
        if projected is not None and projected < 1:
            raise _refusal("projection", "at least 1 component")
        if self.n_clusters is not None and self.n_clusters < 2:
            raise _refusal("n_clusters", "at least 2")
        if self.categorical_limit < 1:
            raise _refusal("categorical_limit", "at least 1")
        if not self.category_weight > 0:
            raise _refusal("category_weight", "above 0")
        if not 2 <= self.k_range[0] <= self.k_range[1]:
            raise _refusal("k_range", "two numbers from 2, the least and the most")

    @property
    def counts(self) -> range:
        """The numbers of segments that are tried."""
        return range(self.k_range[0], self.k_range[1] + 1)

    def to_dict(self) -> dict[str, object]:
        """Give the recipe as JSON has it."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, object]) -> Self:
        """Read what `to_dict` gave; a field that is absent has its default.

        Raises
        ------
        RecipeError
            A field is unknown, or holds what it cannot; names it.
        """
        known = {field.name for field in fields(cls)}
        for name in values:
            if name not in known:
                raise _refusal(name, f"a field of a recipe: {', '.join(sorted(known))}")
        given = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in values.items()
        }
        return cls(**given)  # type: ignore[arg-type]


def _refusal(field: str, expected: str) -> RecipeError:
    return RecipeError(f"{field} must be {expected}.", field=field)


CONTRACT = Recipe()
"""Datasets, wherever a linkage, an algorithm or a number of segments is named: standardised
numbers, one-hot categories at full weight, equal to SciPy's on that matrix."""

FEATURES = ("age", "annual_income", "spending_score", "purchase_frequency")
"""The contract's four: years, thousands a year, 1 to 100, purchases a year."""

CORE = Recipe(
    columns=FEATURES,
    algorithm="kmeans",
    compare_counts=True,
    vocabulary="core",
)
"""Customers with these four, named in their own words."""

AUTO = Recipe(
    sparse="aside",
    blanks="neighbours",
    transform="auto",
    category_weight=0.5,
    extremes="fences",
    relevance="related",
    redundancy="once",
    derived="usual",
    projection="auto",
    algorithm="auto",
    count_rule="fewest",
    undivided="one",
    validation="structure",
    explanation=True,
)
"""Every table at every door, whenever it is left to the program.

Two categories then differ by 0.5 in squared distance, where a standard deviation counts 1: the
middle of what Huang (1998, "Extensions to the k-means algorithm", Data Min. Knowl. Discov. 2)
recommends for k-prototypes. At full weight any flag splits every group in two.
"""
