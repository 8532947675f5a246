"""Names of downloaded files."""

import re
from datetime import date
from email.message import Message
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.routes import downloads
from app.routes.downloads import attachment, disposition, segments_file

DAY = date(2026, 11, 28)


def saved_as(headers: dict[str, str]) -> str:
    """Read the header as a browser does, which takes the name with all letters first (RFC 6266)."""
    header = headers["Content-Disposition"]
    message = Message()
    message["Content-Disposition"] = header
    assert message.get_content_disposition() == "attachment"
    extended = re.search(r"; filename\*=UTF-8''([^;]+)$", header)
    return unquote(extended[1]) if extended else str(message.get_filename())


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Telco churn", "telco-churn-4-segments-2026-11-28.xlsx"),
        ("telco_churn.v2", "telco-churn-v2-4-segments-2026-11-28.xlsx"),
        ("Kundenübersicht Straße", "kundenübersicht-strasse-4-segments-2026-11-28.xlsx"),
        ("客户", "客户-4-segments-2026-11-28.xlsx"),
        ("عملاء", "عملاء-4-segments-2026-11-28.xlsx"),
        ("हिन्दी", "हिन्दी-4-segments-2026-11-28.xlsx"),
        ("", "4-segments-2026-11-28.xlsx"),
        ("../../etc/passwd\0", "etc-passwd-4-segments-2026-11-28.xlsx"),
    ],
)
def test_a_name_says_what_the_file_is(title: str, name: str) -> None:
    headers = segments_file(title, 4, DAY, ending="xlsx")
    assert saved_as(headers) == name
    assert headers["Content-Disposition"].isascii()


def test_a_client_without_other_alphabets_gets_a_plain_name() -> None:
    plain = segments_file("客户 übersicht", 4, DAY, ending="pdf")["Content-Disposition"]
    assert plain.split(";")[1].strip() == 'filename="ubersicht-4-segments-2026-11-28.pdf"'


def test_one_segment_is_not_many() -> None:
    assert saved_as(segments_file("a", 1, DAY, ending="csv")) == "a-1-segment-2026-11-28.csv"


@given(st.text(max_size=400))
def test_no_title_gets_out_of_the_header(title: str) -> None:
    header = attachment(title, DAY, ending="csv")["Content-Disposition"]
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    name = saved_as({"Content-Disposition": header})
    assert name.endswith("2026-11-28.csv")
    assert len(name.encode()) <= 255
    assert not {*'/\\:*?"<>|'} & {*name}


@pytest.mark.parametrize("name", ["mall_customers.csv", "kunden übersicht.csv", "客户.csv", 'a";b'])
def test_an_uploaded_file_keeps_its_name(name: str) -> None:
    assert saved_as(disposition(name)) == name


def test_every_door_names_its_files_here() -> None:
    doors = Path(downloads.__file__).parent.glob("*.py")
    naming = {path.name for path in doors if re.search("attachment; filename", path.read_text())}
    assert naming == {"downloads.py"}
