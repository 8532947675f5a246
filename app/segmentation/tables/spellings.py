"""Ways of writing one category: case, accents, plurals, and words for the sexes and yes or no."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping

_MALE = """
m male males man men mann männer männlich maennlich homme hommes masculin h hombre
hombres masculino maschio uomo homem man mannelijk mężczyzna muž erkek муж мужской
мужчина м 男 男性 남 남자 남성 ذكر άνδρας זכר herr mr
"""
_FEMALE = """
f female females woman women frau frauen weiblich w femme femmes féminin mujer
mujeres femenino femmina donna mulher feminino vrouw vrouwelijk kobieta žena kadın
жен женский женщина ж 女 女性 여 여자 여성 أنثى γυναίκα נקבה mrs ms
"""
_YES = """
y yes yep true t ja j wahr oui o vrai sí si s sì vero sim verdadeiro tak prawda ano
igen evet да истина はい 是 有 예 네 نعم ναι כן kyllä 1
"""
_NO = """
n no nope false f nein falsch non faux falso não nao nee nie nej ne nem hayır hayir
нет ложь いいえ 否 无 아니요 아니오 لا όχι לא ei 0
"""
_OTHERS = """
d x divers diverse other others andere autre otro altro outro nonbinary unknown u na
n/a unbekannt inconnu prefer
"""
_SEXES = (
    frozenset(_MALE.split()),
    frozenset(_FEMALE.split()),
)
_YES_NO = (
    frozenset(_YES.split()),
    frozenset(_NO.split()),
)
_M_IS_FEMALE = frozenset({"h", "hombre", "homem", "mujer", "mulher"})
"""Words beside which M is mujer or mulher, where there is no F."""

_NEITHER = frozenset(_OTHERS.split())
_MOST_LEVELS = 500


def gather_spellings(counts: Mapping[str, int]) -> dict[str, str]:
    """Map each level that is another way of writing a more frequent one to that one.

    Parameters
    ----------
    counts
        How often each level stands in the column.

    Notes
    -----
    Levels are alike where they differ in case, accents, spaces and punctuation alone, in a
    plural's s, or where all levels are words for the sexes or for yes and no.
    """
    if not 1 < len(counts) <= _MOST_LEVELS:
        return {}
    groups: dict[str, list[str]] = defaultdict(list)
    synonyms = _synonyms(counts)
    keys = {level: _key(level) for level in counts}
    known = set(keys.values())
    for level, key in keys.items():
        plural = len(key) > 3 and key.endswith("s") and key[:-1] in known
        group = key[:-1] if plural and not key.endswith("ss") else key
        groups[group if synonyms is None else synonyms.get(level, key)].append(level)
    gathered = {}
    for levels in groups.values():
        kept = max(levels, key=lambda level: (counts[level], level.istitle(), len(level), level))
        gathered.update({level: kept for level in levels if level != kept})
    return gathered


def known_spellings(levels: Iterable[str], spellings: Mapping[str, str]) -> dict[str, str]:
    """Map the key of each known way of writing to the category it is."""
    known = {_key(level): level for level in levels}
    return {**known, **{_key(written): kept for written, kept in spellings.items()}}


def as_known(text: str, known: Mapping[str, str]) -> str:
    """Write a category as it is known, or leave it as it is."""
    return known.get(_key(text), text)


def _key(level: str) -> str:
    """Fold case, accents and punctuation; signs alone keep what they are."""
    marks = unicodedata.normalize("NFKD", level.casefold())
    plain = "".join(c for c in marks if not unicodedata.combining(c)).replace("ß", "ss")
    return re.sub(r"(?<=\w)[\s_./-]+(?=\w)", " ", plain).strip()


def _synonyms(counts: Mapping[str, int]) -> dict[str, str] | None:
    """Give each level its meaning where all of them are of one vocabulary."""
    words = {level: level.strip().casefold().rstrip(".") for level in counts}
    iberian = bool(_M_IS_FEMALE & {*words.values()}) and "f" not in words.values()
    for first, second in (_SEXES, _YES_NO):
        meaning = {}
        for level, word in words.items():
            if word == "m" and iberian:
                meaning[level] = "\x00second"
            elif word in first and word not in second:
                meaning[level] = "\x00first"
            elif word in second and word not in first:
                meaning[level] = "\x00second"
            elif word not in _NEITHER:
                break
        else:
            if len(set(meaning.values())) == 2:
                return meaning
    return None
