import io
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import matplotlib.image
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex, to_rgb
from scipy.cluster.hierarchy import dendrogram, linkage

from app.segmentation.clustering.hierarchical import build_tree
from app.segmentation.clustering.tree import cut_tree
from app.segmentation.clustering.two_step import two_step_tree
from app.segmentation.errors import DegenerateDataError, SegmentationError
from app.segmentation.pictures.charts import dendrogram_figure, render
from app.segmentation.pictures.dendrogram import dendrogram_data, drawn_cuts
from app.segmentation.pictures.palette import NEUTRAL, SEGMENT_COLOURS, segment_colour


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(5)
    return rng.normal(scale=5, size=(5, 3))[rng.integers(0, 5, 250)] + rng.normal(size=(250, 3))


@pytest.fixture(scope="module")
def tree(rows):
    return build_tree(rows)


class TestData:
    @pytest.mark.parametrize("max_leaves", [2, 12, 30, 250])
    def test_shows_the_merges_that_scipy_shows(self, rows, tree, max_leaves):
        data = dendrogram_data(tree, n_clusters=2, max_leaves=max_leaves)
        expected = dendrogram(
            linkage(rows, "ward"), p=max_leaves, truncate_mode="lastp", no_plot=True
        )
        tops = sorted(max(heights) for heights in expected["dcoord"])
        np.testing.assert_allclose([branch.height for branch in data.branches], tops)
        assert len(data.leaves) == max_leaves
        counts = [int(text.strip("()")) if "(" in text else 1 for text in expected["ivl"]]
        assert sorted(leaf.n_rows for leaf in data.leaves) == sorted(counts)

    def test_every_row_is_in_a_leaf_of_its_cluster(self, tree):
        data = dendrogram_data(tree, n_clusters=5, max_leaves=20)
        assert data.cluster_sizes == tuple(np.bincount(cut_tree(tree, 5)))
        assert data.n_rows == 250

    def test_clusters_lie_side_by_side(self, tree):
        data = dendrogram_data(tree, n_clusters=5, max_leaves=40)
        order = [leaf.cluster for leaf in data.leaves]
        assert 1 + np.count_nonzero(np.diff(order)) == 5

    def test_the_cut_crosses_as_many_lines_as_there_are_clusters(self, tree):
        for k in range(2, 9):
            data = dendrogram_data(tree, n_clusters=k)
            crossed = sum(
                (branch.height > data.cut_height) * (side < data.cut_height)
                for branch in data.branches
                for side in (branch.y_left, branch.y_right)
            )
            assert crossed == k

    def test_branches_below_the_cut_belong_to_a_cluster_and_those_above_to_none(self, tree):
        data = dendrogram_data(tree, n_clusters=5)
        for branch in data.branches:
            assert (branch.cluster == -1) == (branch.height > data.cut_height)

    def test_as_many_leaves_as_clusters_are_drawn_at_least(self, tree):
        assert len(dendrogram_data(tree, n_clusters=9, max_leaves=3).leaves) == 9

    def test_a_two_step_tree_counts_rows_and_not_micro_clusters(self, rows):
        data = dendrogram_data(two_step_tree(rows, n_micro_clusters=40), n_clusters=3)
        assert sum(leaf.n_rows for leaf in data.leaves) == 250
        assert data.method == "two_step"

    def test_another_cut_is_told_for_the_same_leaves_as_if_it_were_laid_out_anew(self, tree):
        data = dendrogram_data(tree, n_clusters=5, max_leaves=12)
        for cut in drawn_cuts(tree, data, counts=range(2, 13)):
            anew = dendrogram_data(tree, n_clusters=cut.n_clusters, max_leaves=12)
            assert cut.leaf_clusters == tuple(leaf.cluster for leaf in anew.leaves)
            assert cut.cut_height == anew.cut_height

    def test_a_cut_below_the_drawn_leaves_is_not_told_for_them(self, tree):
        data = dendrogram_data(tree, n_clusters=2, max_leaves=4)
        assert [cut.leaf_clusters for cut in drawn_cuts(tree, data, counts=[5])] == [()]

    def test_fewer_than_two_leaves_are_refused(self, tree):
        with pytest.raises(SegmentationError, match="at least 2"):
            dendrogram_data(tree, n_clusters=2, max_leaves=1)

    def test_more_clusters_than_leaves_are_refused(self, tree):
        with pytest.raises(DegenerateDataError):
            dendrogram_data(tree, n_clusters=251)


class TestFigure:
    def test_branches_have_the_segments_colours(self, tree):
        axes = dendrogram_figure(tree, n_clusters=5).axes[0]
        drawn = {to_hex(colour).upper() for colour in axes.collections[0].get_colors()}
        assert drawn == {*SEGMENT_COLOURS[:5], NEUTRAL}

    def test_says_what_it_shows(self, tree):
        figure = dendrogram_figure(tree, n_clusters=3, names=["Rich", "Costs $5 to $9", "Poor"])
        axes = figure.axes[0]
        assert "250 customers" in figure.get_suptitle()
        assert axes.get_ylabel() == "merge distance (Ward linkage)"
        assert [text.get_text() for text in axes.texts] == ["cut into 3"]
        data = dendrogram_data(tree, n_clusters=3)
        assert axes.lines[0].get_ydata()[0] == data.cut_height
        legend = [text.get_text() for text in figure.legends[0].get_texts()]
        share = f"Costs $5 to $9\n{data.cluster_sizes[1]} ({data.cluster_sizes[1] / 250:.1%})"
        assert share in legend
        ticks = [text.get_text() for text in axes.get_xticklabels()]
        assert ticks == [str(leaf.n_rows) for leaf in data.leaves]

    def test_names_too_few_are_refused(self, tree):
        with pytest.raises(SegmentationError, match="3 clusters"):
            dendrogram_figure(tree, n_clusters=3, names=["one", "two"])

    @pytest.mark.parametrize(
        ("width", "height"), [(599, 700), (4001, 700), (900, 399), (900, 4001)]
    )
    def test_a_size_out_of_range_is_refused(self, tree, width, height):
        with pytest.raises(SegmentationError, match="600 to 4000 pixels wide and 400 to 4000"):
            dendrogram_figure(tree, n_clusters=3, width=width, height=height)


class TestRender:
    @pytest.mark.parametrize(("width", "height"), [(1200, 700), (600, 400)])
    def test_a_png_has_the_size_asked_for(self, tree, width, height):
        names = ["a segment of a rather long and winding name"] * 15
        figure = dendrogram_figure(tree, n_clusters=15, names=names, width=width, height=height)
        image = matplotlib.image.imread(io.BytesIO(render(figure)), format="png")
        assert image.shape[:2] == (height, width)
        assert image[..., :3].std() > 0.01

    def test_an_svg_holds_the_names_and_colours(self, tree):
        names = ["Rich & famous", "Poor", "Neither"]
        picture = render(dendrogram_figure(tree, n_clusters=3, names=names), format="svg")
        assert ET.fromstring(picture).tag.endswith("svg")
        assert b"Poor" in picture
        assert SEGMENT_COLOURS[2].lower().encode() in picture

    @pytest.mark.parametrize("format", ["png", "svg"])
    def test_equal_figures_give_equal_bytes_in_any_thread(self, tree, format):
        def draw(_):
            return render(dendrogram_figure(tree, n_clusters=4), format=format)

        with ThreadPoolExecutor(4) as threads:
            pictures = set(threads.map(draw, range(4)))
        assert len(pictures) == 1

    def test_another_format_is_refused(self, tree):
        with pytest.raises(SegmentationError, match="pdf"):
            render(dendrogram_figure(tree, n_clusters=2), format="pdf")

    def test_pyplot_and_its_global_state_stay_out(self):
        drawing = "import sys, app.segmentation.pictures.charts"
        code = f"{drawing}; print('matplotlib.pyplot' in sys.modules)"
        found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
        assert found.stdout.split() == [b"False"]


@pytest.mark.parametrize("method", ["ward", "single"])
def test_real_tables_are_drawn(shared_data, method):
    X = pd.read_csv(shared_data / "wholesale_customers.csv").iloc[:, 2:].to_numpy(float)
    picture = render(dendrogram_figure(build_tree(X, linkage=method), n_clusters=4))
    assert picture.startswith(b"\x89PNG")


class TestPalette:
    def test_fifteen_segments_differ(self):
        assert len({segment_colour(i) for i in range(15)} | {NEUTRAL}) == 16

    def test_noise_is_neutral(self):
        assert segment_colour(-1) == NEUTRAL

    def test_every_colour_is_seen_on_white(self):
        for colour in (*SEGMENT_COLOURS, NEUTRAL):
            red, green, blue = (
                c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)
            )
            assert 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= 3, colour

    def test_the_web_app_shows_a_segment_in_the_same_colour(self):
        source = (Path(__file__).parents[2] / "frontend/src/lib/palette.ts").read_text()
        light = re.search(r"light: \[(.*?)\]", source, re.DOTALL)
        noise = re.search(r"NOISE_COLOR.*light: '(.*?)'", source)
        assert light is not None
        assert noise is not None
        shown = re.findall(r"#[0-9a-f]{6}", light.group(1))
        assert shown == [colour.lower() for colour in SEGMENT_COLOURS]
        assert noise.group(1) == NEUTRAL.lower()
