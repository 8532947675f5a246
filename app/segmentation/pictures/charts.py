"""Pictures, drawn on Figures of their own so that threads do not share any state."""

import io
import textwrap
from collections.abc import Sequence
from typing import Literal

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

from app.segmentation.clustering.tree import Tree
from app.segmentation.errors import SegmentationError
from app.segmentation.pictures.dendrogram import (
    DEFAULT_MAX_LEAVES,
    MAX_SIDE,
    MIN_HEIGHT,
    MIN_WIDTH,
    DendrogramData,
    dendrogram_data,
)
from app.segmentation.pictures.palette import NEUTRAL, segment_colour

# Without a salt of its own an SVG's element ids are random.
mpl.rcParams["svg.hashsalt"] = "segmentation"

_DPI = 100
_NAME_WIDTH = 26
_AXES_SHARE = 0.7
_DIGIT_PIXELS = 9
_LEAF_PIXELS = 22
_ENTRY_PIXELS = 45
_CUT_COLOUR = "#333333"


def dendrogram_figure(
    tree: Tree,
    *,
    n_clusters: int,
    names: Sequence[str] | None = None,
    colours: Sequence[str] | None = None,
    max_leaves: int = DEFAULT_MAX_LEAVES,
    width: int = 1200,
    height: int = 700,
) -> Figure:
    """Draw the upper part of a tree, cut into segments.

    Parameters
    ----------
    tree : Tree
    n_clusters : int
    names : sequence of str, optional
        One a cluster, in the order of `cut_tree`'s labels.
    colours : sequence of str, optional
        Likewise; `segment_colour` where not given.
    max_leaves : int
        Subtrees the picture ends in; fewer where the width has no room for their labels.
    width, height : int
        Pixels; 600 and 400 at least, 4,000 at most.

    Raises
    ------
    SegmentationError
        A side is out of range, or there are fewer names or colours than clusters.
    DegenerateDataError
        The tree cannot be cut into so many clusters.
    """
    if not (MIN_WIDTH <= width <= MAX_SIDE and MIN_HEIGHT <= height <= MAX_SIDE):
        raise SegmentationError(
            f"A picture is {MIN_WIDTH} to {MAX_SIDE} pixels wide and {MIN_HEIGHT} to {MAX_SIDE} "
            f"high, not {width} by {height}."
        )
    room = int(width * _AXES_SHARE / _LEAF_PIXELS)
    data = dendrogram_data(tree, n_clusters=n_clusters, max_leaves=min(max_leaves, room))
    segments = range(data.n_clusters)
    names = [f"Cluster {i}" for i in segments] if names is None else names
    colours = [segment_colour(i) for i in segments] if colours is None else colours
    if min(len(names), len(colours)) < data.n_clusters:
        raise SegmentationError(f"{data.n_clusters} clusters need as many names and colours.")

    figure = Figure(figsize=(width / _DPI, height / _DPI), dpi=_DPI, layout="constrained")
    axes = figure.add_subplot()
    _draw_branches(axes, data, colours)
    _draw_cut(axes, data)
    _label(figure, axes, data, width=width)
    _add_legend(figure, data, names, colours, height=height)
    return figure


def render(figure: Figure, *, format: Literal["png", "svg"] = "png") -> bytes:
    """Write a figure as a file's bytes, the same for the same figure.

    Raises
    ------
    SegmentationError
        The format is neither ``png`` nor ``svg``.
    """
    if format not in ("png", "svg"):
        raise SegmentationError(f"Pictures are PNG or SVG, not {format!r}.")
    # The date, and the version in a PNG, would make equal pictures unequal files.
    metadata = {"Software": None} if format == "png" else {"Date": None}
    out = io.BytesIO()
    figure.savefig(out, format=format, metadata=metadata)
    return out.getvalue()


def _draw_branches(axes: Axes, data: DendrogramData, colours: Sequence[str]) -> None:
    lines, inks = [], []
    for branch in data.branches:
        left, right, top = branch.x_left, branch.x_right, branch.height
        for line, cluster in (
            (((left, top), (right, top)), branch.cluster),
            (((left, branch.y_left), (left, top)), branch.left_cluster),
            (((right, branch.y_right), (right, top)), branch.right_cluster),
        ):
            lines.append(line)
            inks.append(colours[cluster] if cluster >= 0 else NEUTRAL)
    axes.add_collection(LineCollection(lines, colors=inks, linewidths=1.8, capstyle="projecting"))
    axes.scatter(
        [leaf.x for leaf in data.leaves],
        [0.0] * len(data.leaves),
        c=[colours[leaf.cluster] for leaf in data.leaves],
        s=40,
        marker="s",
        zorder=3,
        clip_on=False,
    )


def _draw_cut(axes: Axes, data: DendrogramData) -> None:
    axes.axhline(data.cut_height, color=_CUT_COLOUR, linestyle=(0, (6, 4)), linewidth=1.2)
    axes.annotate(
        f"cut into {data.n_clusters}",
        xy=(1, data.cut_height),
        xycoords=("axes fraction", "data"),
        xytext=(4, 0),
        textcoords="offset points",
        va="center",
        color=_CUT_COLOUR,
        annotation_clip=False,
    )


def _label(figure: Figure, axes: Axes, data: DendrogramData, *, width: int) -> None:
    top = max([branch.height for branch in data.branches] + [data.cut_height], default=1.0)
    axes.set_ylim(0, 1.06 * top if top > 0 else 1.0)
    axes.set_xlim(-0.8, len(data.leaves) - 0.2)
    counts = [f"{leaf.n_rows:,}" for leaf in data.leaves]
    crowded = max(map(len, counts)) + 1 > width * _AXES_SHARE / len(counts) / _DIGIT_PIXELS
    axes.set_xticks([leaf.x for leaf in data.leaves], counts, rotation=90 if crowded else 0)
    axes.tick_params(axis="x", length=0, pad=8)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.4g}"))
    axes.set_xlabel("customers in each branch")
    linkage = "Ward" if data.linkage == "ward" else data.linkage
    axes.set_ylabel(f"merge distance ({linkage} linkage)")
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    approximate = ", from micro clusters" if data.method == "two_step" else ""
    figure.suptitle(
        f"How {data.n_rows:,} customers join into {data.n_clusters} segments{approximate}",
        x=0.01,
        ha="left",
        fontsize=12,
    )


def _add_legend(
    figure: Figure,
    data: DendrogramData,
    names: Sequence[str],
    colours: Sequence[str],
    *,
    height: int,
) -> None:
    seen = list(dict.fromkeys(leaf.cluster for leaf in data.leaves))
    handles = [Line2D([], [], color=colours[i], linewidth=6) for i in seen]
    roomy = len(seen) * _ENTRY_PIXELS < 0.9 * height
    texts = []
    for i in seen:
        share = f"{data.cluster_sizes[i] / data.n_rows:.1%}"
        if roomy:
            name = "\n".join(textwrap.wrap(names[i], _NAME_WIDTH, max_lines=2, placeholder="…"))
            texts.append(f"{name}\n{data.cluster_sizes[i]:,} ({share})")
        else:
            texts.append(f"{textwrap.shorten(names[i], _NAME_WIDTH, placeholder='…')} {share}")
    legend = figure.legend(
        handles,
        texts,
        loc="outside right center",
        frameon=False,
        title="Segments, left to right",
        alignment="left",
        fontsize=9 if roomy else 8,
        handlelength=1.2,
    )
    for text in legend.get_texts():
        # A dollar sign in a name is a dollar sign, not a formula.
        text.set_parse_math(False)
