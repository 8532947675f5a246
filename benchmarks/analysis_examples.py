"""Write the analyses of real tables into docs/analysis.md, from the tables given.

python -m benchmarks.analysis_examples ../shared/data
"""

import argparse
import re
from pathlib import Path

from app.config import Settings
from app.schemas.analysis import AnalysisOptions
from app.schemas.analysis_result import AnalysisResult
from app.schemas.recommendations import RecommendationRequest
from app.segmentation.figures import percent
from app.segmentation.tables import read_table
from app.services.analysis_work import analyse_records
from app.services.recommendations import recommend

DOCUMENT = Path(__file__).parents[1] / "docs" / "analysis.md"
BEGIN, END = "<!-- examples -->\n", "<!-- end of examples -->\n"

MALL_COLUMNS = ["Annual Income (k$)", "Spending Score (1-100)"]
EXAMPLES = (
    ("Mall customers, by income and spending", "mall_customers.csv", MALL_COLUMNS),
    ("Mall customers, by everything that is known", "mall_customers.csv", None),
    ("Telco customers", "telco_churn.csv", None),
)


def example(title: str, file: Path, columns: list[str] | None) -> str:
    with file.open("rb") as source:
        table = read_table(source)
    records = table.page(limit=len(table.frame))
    options = AnalysisOptions(columns=columns, with_validation=True)
    result = analyse_records(records, options)
    lines = [f"### {title}", "", *_whole(result)]
    for cluster in result.clusters:
        lines += _segment(result, cluster.cluster_id)
    posted = RecommendationRequest.model_validate({"analysis": result.model_dump(by_alias=True)})
    lines += ["What `/api/recommendations` makes of it:", ""]
    lines += [f"- {text}" for text in recommend(posted, Settings()).recommendations]
    return "\n".join(lines) + "\n"


def _whole(result: AnalysisResult) -> list[str]:
    validation = result.validation
    assert validation is not None
    important = [
        f"{name} {percent(share)}"
        for name, share in result.feature_importance.items()
        if share >= 0.005
    ]
    left_out = [f"{name} ({why})" for name, why in result.columns.left_out.items()]
    certainty = " ".join(validation.certainty.sentences) if validation.certainty else ""
    return [
        f"{result.n_customers:,} customers, columns {', '.join(result.columns.used)}.",
        "",
        f"- left out: {'; '.join(left_out) or 'nothing'}",
        f"- selection: {result.selection.reason if result.selection else ''}",
        f"- structure: {validation.structure.sentence}",
        f"- number of segments: {certainty}",
        f"- silhouette {result.silhouette:.3f}, accuracy {result.accuracy:.2f} (by chance "
        f"{result.accuracy_by_chance:.2f})",
        f"- importance: {', '.join(important)}",
        "",
    ]


def _segment(result: AnalysisResult, number: int) -> list[str]:
    cluster, validation = result.clusters[number], result.validation
    assert validation is not None
    lines = [f"**{cluster.cluster_name}** ({cluster.size:,}, {percent(cluster.share)})", ""]
    lines += [f"- {statement}" for statement in cluster.characteristics]
    if validation.stability is not None:
        stability = validation.stability.segments[number]
        lines.append(f"- stability {stability.jaccard:.2f}, {stability.band}")
    rule = validation.rules[number]
    told = f"precision {rule.precision:.2f}, recall {rule.recall:.2f}"
    return [*lines, f"- rule: `{rule.text}` ({told})", ""]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    written = "\n".join(example(title, folder / file, use) for title, file, use in EXAMPLES)
    text = DOCUMENT.read_text("utf-8")
    between = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    DOCUMENT.write_text(between.sub(lambda _: f"{BEGIN}\n{written}\n{END}", text), "utf-8")


if __name__ == "__main__":
    main()
