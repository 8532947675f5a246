"""Words in the names of columns that decide between the kinds their values allow."""

from __future__ import annotations

import re

_HUMP = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W\d_]+|\d+")
_ENTITY = (
    r"(customer|client|user|member|account|order|invoice|transaction|household|person|card|"
    r"product|item|stock|article|employee|patient|subscriber|policy|contract|phone|row)"
)
ENTITY_ID = re.compile(rf"{_ENTITY}[ _.-]?(id|no|nr|num|number|key|code|uid|uuid|guid)s?$")
ID_WORDS = {"id", "ids", "uid", "uuid", "guid", "oid", "leid", "euid", "rowid"}
CODE_WORDS = {
    "region", "channel", "type", "code", "class", "category", "group", "store", "branch", "zone",
    "sex", "gender", "status", "segment", "city", "state", "country", "zip", "zipcode", "postcode",
    "postal", "flag", "cluster", "label", "department", "area", "district", "method", "plan",
    "tienda", "negozio", "loja", "winkel", "butik", "sklep", "magasin", "laden", "magazin",
    "filiale", "filial", "markt", "agence", "sucursal", "agenzia", "филиал", "магазин", "店舗",
    "门店", "支店", "kanal", "canal", "canale", "canaux", "канал", "región", "région", "regione",
    "região", "регион", "地域", "地区", "지역", "kategorie", "catégorie", "categoría", "categoria",
    "categorie", "категория", "gruppe", "groupe", "grupo", "gruppo", "группа", "klasse", "classe",
    "clase", "класс", "typ", "tipo", "тип", "abteilung", "geschlecht", "sexe", "sexo", "sesso",
    "пол", "stadt", "ville", "ciudad", "città", "cidade", "город", "land", "pays", "país", "paese",
    "страна", "bundesland", "estado", "стат", "статус", "plz",
}  # fmt: skip
COUNT_WORDS = {
    "num", "count", "number", "n", "qty", "quantity", "units", "purchases", "visits", "orders",
    "children", "kids", "age", "amount", "years", "months", "days", "frequency", "times",
}  # fmt: skip
PROSE_WORDS = {
    "name", "email", "mail", "address", "description", "comment", "comments", "notes", "note",
    "text", "message", "url", "title", "remark", "remarks", "feedback", "review",
}  # fmt: skip


def name_words(name: str) -> list[str]:
    """Split a column's name into lower-case words: ``Year_Birth`` and ``yearBirth`` alike."""
    return [word.lower() for word in _WORD.findall(_HUMP.sub(" ", name))]


def names_identifier(name: str) -> bool:
    """Whether a column's name is that of ids: ``customer_id``, ``order no``."""
    words = name_words(name)
    return bool(words and words[-1] in ID_WORDS) or bool(ENTITY_ID.search(name.lower()))
