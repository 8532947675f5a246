"""What a column's name says of the dates in it."""

from collections.abc import Sequence

_DATE_WORDS = {
    "date", "dates", "datum", "fecha", "dt", "since", "seit", "depuis", "desde", "dal", "sinds",
    "timestamp", "ts", "datetime", "birthday", "dob", "geburtstag", "day", "tag", "created",
    "updated", "registered", "joined", "signup", "日期", "時間", "时间",
}  # fmt: skip
_DATA_OF = {"di", "de", "da", "do", "nascita", "nascimento", "cadastro", "compra", "iscrizione"}
_RECENT = {
    "last", "latest", "letzte", "letzter", "derniere", "dernier", "ultima", "ultimo",
    "laatste", "recent", "purchase", "order", "login", "visit", "contact", "activity", "kauf",
    "bestellung", "achat", "compra", "acquisto", "aankoop", "signup", "sign", "joined", "join",
    "registered", "registration", "created", "since", "seit", "depuis", "desde", "dal", "sinds",
    "enrolled", "enrolment", "enrollment", "customer", "kunde", "member", "first", "start",
    "started", "opened", "anmeldung", "registrierung", "inscription", "alta", "cadastro",
    "iscrizione",
}  # fmt: skip
_NOT_RECENT = {"birth", "birthday", "dob", "geburt", "geburtstag", "naissance", "nacimiento",
               "nascita", "nascimento", "end", "expiry", "due", "renewal"}  # fmt: skip


def means_date(words: Sequence[str]) -> bool:
    """Whether a name of these lower-case words is that of dates: ``created_at``, ``Datum``."""
    if not words:
        return False
    if words[0] == "data":
        return len(words) == 1 or bool(_DATA_OF & set(words))
    return bool(_DATE_WORDS & set(words)) or (len(words) > 1 and words[-1] in ("at", "on", "le"))


def means_activity(words: Sequence[str]) -> bool:
    """Whether the days since it tell customers apart: a sign-up or a last purchase, no birth."""
    return bool(_RECENT & set(words)) and not _NOT_RECENT & set(words)
