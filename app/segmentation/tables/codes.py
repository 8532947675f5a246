"""Numbers that name things and measure nothing: postcodes, telephone numbers, article codes."""

from __future__ import annotations

import re
from typing import Any

import pyarrow.compute as pc

from app.segmentation.tables.roles import ID, WORDS, plain_name

_NAMES = {
    "postcodes": r"plz|zip|zipcode|postal|postcode|postleitzahl|code ?postal|cp|codigo ?postal|"
    r"cap|cep|post ?nr|postnummer|postinumero|kod ?pocztowy|psc|iranyitoszam|индекс|邮编|"
    r"郵便番号|우편번호|pin|pin ?code",
    "telephone numbers": r"phone|telephone|tel|telefon|telefono|telefone|mobile|mobil|handy|cell|"
    r"fax|phone ?(number|no|nr)|telefonnummer|rufnummer|телефон|电话|電話|전화|gsm|whatsapp",
    "article numbers": r"ean|gtin|upc|isbn|barcode|sku|ean13|ean ?code|штрихкод|条码",
    "the ends of card numbers": r"\w* ?last ?(4|four)( digits)?",
    "addresses": r"ip|ip ?address|uuid|guid",
    "classes": r"nace|sic|naics|icd|hs ?code|kostenstelle|cost ?cent(er|re)|warengruppe",
    "tax numbers": r"vat|ust ?id|vat ?(id|no|number)|siret|siren|nif|cif|nip|inn|инн|tin|ssn|cpf|"
    r"cnpj|steuernummer|partita ?iva|tva|abn|iban|kontonummer|konto ?nr|bic|account ?(no|number)",
}
_NUMBERED = (
    rf"({WORDS['customer']}|{WORDS['order']}|{WORDS['product']}|filiale?|branch|store|shop|markt|"
    rf"agence|sucursal|filial|филиал|vertrag|contract|contrat|policy|police|mitglieds|karten|card|"
    rf"employee|personal|vendor|supplier|lieferanten|art|mat|material|teile?)(s|n|en|er)? ?{ID}"
)
_NUMBER_OF_ONE = (
    r"(n|no|nr|numero|num|number|nummer|номер|код|code|codigo|codice|cod|رقم) ?"
    rf"(de |du |do |di |del |der |ال)?({WORDS['customer']}|{WORDS['order']})[аея]?"
)
"""The number of a customer; that of customers, in the plural, is a count."""

_ACCOUNTS = r"(gegen|sach|haupt|buchungs)?konto( .*)?|debitor|kreditor|(gl|ledger) account|compte"
_MEASURES = re.compile(
    rf"(\b|\w)({WORDS['amount']}|income|einkommen|salary|gehalt|lohn|revenu|salaire|ingreso|sueldo|"
    r"reddito|stipendio|renda|salario|inkomen|wages?|balance|saldo|limit|debt|credit|kredit|"
    r"score|points?|population|distance|weight|height|age|alter|visits|clicks|views|duration|"
    r"seconds|minutes|hours|days|(?<!ac)count|followers?|impressions|abonnenten|einwohner|aufrufe|klicks|"
    r"besuche|vues|visitas|visite|turnover|profit|budget|miles|km|доход|зарплата|收入|年収)\b"
)
_DATED = re.compile(
    r"\b(date|time|timestamp|datum|zeit|fecha|data|since|seit|created|registered|joined|last|first|"
    r"updated|дата|日期|日時|날짜)\b"
)
_DAY = r"^(19|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])$"
_WHOLE = r"^[+(]?\d[\d /()-]*$"
_MOSTLY = 0.9
_GLANCE = 100
_LONG_CODE = 7
_SHORT_CODE = 3
_FEWEST = 10
_SHORTENED = r"^\d(\.\d+)?[eE]\+\d{2}$"


def code_reason(name: str, texts: Any) -> str | None:
    """Say why a column's whole numbers are codes, or None where they may measure something.

    Parameters
    ----------
    name
        The column's name.
    texts
        The different values as written, none of them missing.

    Notes
    -----
    By shape, all different whole numbers of one length are codes from seven digits on: amounts
    of one length would all lie within a factor of ten.
    """
    if not len(texts):
        return None
    if re.search(rf"\b({_NAMES['classes']})\b", plain_name(name)):
        return "its name means classes"
    if not _coded(texts.slice(0, _GLANCE)):
        return None
    if pc.all(pc.match_substring_regex(texts, _SHORTENED)).as_py():
        longest = max(int(text.lower().partition("e+")[2]) for text in texts.to_pylist())
        if longest >= _LONG_CODE and not _MEASURES.search(plain_name(name)):
            return "a spreadsheet shortened these codes (4.9E+12), and their last digits are lost"
    if not pc.mean(pc.match_substring_regex(texts, _WHOLE)).as_py() >= _MOSTLY:
        return None
    plain = plain_name(name)
    if (named := named_as_code(name)) is not None:
        return named
    if not pc.all(pc.match_substring_regex(texts, r"^\d+$")).as_py() or len(texts) < _FEWEST:
        return None
    lengths = pc.utf8_length(texts)
    shortest, longest = pc.min(lengths).as_py(), pc.max(lengths).as_py()
    if (
        longest in (8, 13)
        and shortest == longest
        and _check_digits(texts.slice(0, 200).to_pylist())
    ):
        return "its digits are those of article numbers (EAN)"
    dated = _DATED.search(plain) or pc.mean(pc.match_substring_regex(texts, _DAY)).as_py() > 0.9
    if dated:
        return None
    if names_one(name) and shortest >= _SHORT_CODE:
        return "its name means one thing each, and all values are whole numbers"
    if shortest == longest >= _LONG_CODE and not _MEASURES.search(plain):
        return f"all values are different whole numbers of {longest} digits"
    return None


def named_as_code(name: str) -> str | None:
    """Say why a column of this name holds codes, or None where its values decide."""
    plain = plain_name(name)
    for what, words in _NAMES.items():
        if re.search(rf"\b({words})\b", plain):
            return f"its name means {what}"
    if re.fullmatch(_ACCOUNTS, plain):
        return "its name means accounts"
    singular = re.fullmatch(_NUMBER_OF_ONE, plain) and not plain.endswith(("s", "en", "ti"))
    if re.fullmatch(_NUMBERED, plain) or singular:
        return "its name means numbers that are given to things"
    return None


def names_one(name: str) -> bool:
    """Whether a column is called ``customer`` or ``order`` alone, and holds one in each row."""
    plain = plain_name(name)
    word = re.fullmatch(rf"{WORDS['customer']}|{WORDS['order']}", plain)
    return word is not None and not plain.endswith("s")


def names_code(name: str) -> bool:
    """Whether a column's name is that of postcodes, telephone, article or tax numbers."""
    plain = plain_name(name)
    return any(re.search(rf"\b({words})\b", plain) for words in _NAMES.values())


def _coded(texts: Any) -> bool:
    """Whether a glance at the values leaves open that they are codes."""
    shape = rf"{_SHORTENED}|{_WHOLE}"
    return bool(pc.mean(pc.match_substring_regex(texts, shape)).as_py() >= _MOSTLY)


def _check_digits(codes: list[str]) -> bool:
    """Whether each number's last digit is that of an EAN."""

    def valid(code: str) -> bool:
        digits = [int(c) for c in reversed(code)]
        return sum(d * (3 if i % 2 else 1) for i, d in enumerate(digits)) % 10 == 0

    return all(map(valid, codes))
