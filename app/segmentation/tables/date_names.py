"""What a column's name says of the dates in it, in the usual languages."""

import re

from app.segmentation.tables.roles import plain_name

_DATE = re.compile(
    r"\b(dates?|\w*datum|dato|fechas?|dt|since|seit|depuis|desde|dal|sinds|od|sedan|siden|"
    r"timestamp|ts|datetime|birthday|dob|\w*geburtstag|day|tag|jour|dia|giorno|dag|created|"
    r"updated|"
    r"modified|registered|joined|signup|sign up|anmeldung|registrierung|inscription|alta|"
    r"iscrizione|cadastro|tarihi?|datumu?|pvm|paivamaara|tanggal|ngay|дата|даты|ημερομηνια|تاريخ|تاریخ|תאריך)\b|วันที่"
    r"|\w (at|on|le|am|el|il|em)$|(order|purchase|signup|birth|start|login|join)date\b"
    r"|^data( (di|de|da|do|ur|rej|zak|ost|iscr|nasc|cad|compra|acq|reg|urodz|ultim)\w*.*)?$"
    r"|[日时间間時]$|日[期時付]|[가-힣]일(시|자)?$|날짜"
)
_COUNTED = re.compile(
    r"\b(days|hours|minutes|seconds|weeks|months|years|tage|stunden|minuten|wochen|monate|jahre|"
    r"jours|heures|semaines|annees|horas|semanas|meses|anos|giorni|ore|mesi|anni|dagen|weken|maanden|"
    r"count|number|anzahl|nombre|amount|total|дней|часов|месяцев|лет)\b"
)
_PERIOD = re.compile(
    r"\b(months?|monate?|mois|mes|mese|maand|period|periode?|quarters?|quartale?|trimestre|weeks?|"
    r"wochen?|semaine|semana|settimana|yyyymm|year ?month|месяц|период|квартал|неделя)\b"
    r"|[月週周]$|월$"
)
_RECENT = re.compile(
    r"\b(last|latest|recent|letzte[rsnm]?|zuletzt|derniere?s?|ultim[aoey]s?|laatste|senaste|siste|"
    r"ostatni\w*|posledni\w*|son|purchased?|orders?|login|visit|contact|activity|\w*kauf(s|datum)?|"
    r"\w*bestellung|achats?|compras?|acquist[oi]|aankoop|kop|zakupu?|sign ?up|\w*sign|"
    r"joined|join|joining|registered|registration|\w*registrierung\w*|\w*anmelde\w*|anmeldung|"
    r"inscription|inscrit|alta|registro|cadastro|iscrizione|registrazione|inschrijv\w*|rejestracji|"
    r"registrering\w*|created|creation|erstellt|since|seit|depuis|desde|dal|sinds|od|sedan|siden|"
    r"enrol\w*|customer|\w*kunde|kund|client|cliente|member|membership|mitglied|first|start|started|"
    r"opened|onboard\w*|kayit|регистрац\w*|последн\w*|покупк\w*|заказа?|с)\b"
    r"|登録|最終|最近|購入|入会|注册|购买|가입|최근|구매"
)
_NOT_RECENT = re.compile(
    r"\b(birth\w*|dob|born|\w*geburt\w*|naissance|nacimiento|nascita|nascimento|geboorte\w*|"
    r"fodelse\w*|fodsels\w*|urodzenia|narozeni|dogum|рождения|end|ends|ended|expir\w*|due|renewal|"
    r"ablauf\w*|ende|kundigung|fin|cancel\w*|churn\w*|closed)\b|生年月日|出生|생년월일|生日|誕生"
)
_BORN = re.compile(
    r"\b(birth\w*|dob|born|\w*geburt\w*|naissance|nacimiento|nascita|nascimento|geboorte\w*|"
    r"fodelse\w*|fodsels\w*|urodzenia|narozeni|dogum|рождения)\b|生年月日|出生|생년월일|生日|誕生"
)


def means_date(name: str) -> bool:
    """Whether a column's name is that of dates: ``created_at``, ``Datum``, ``登録日``."""
    plain = plain_name(name)
    return bool(_DATE.search(plain)) and not _COUNTED.search(plain)


def means_period(name: str) -> bool:
    """Whether a column's name is that of months, quarters or weeks."""
    return bool(_PERIOD.search(plain_name(name)))


def means_birth(name: str) -> bool:
    """Whether a column's name is that of dates of birth."""
    return bool(_BORN.search(plain_name(name)))


def means_activity(name: str) -> bool:
    """Whether the days since it tell customers apart: a sign-up or a last purchase, no birth."""
    plain = plain_name(name)
    return bool(_RECENT.search(plain)) and not _NOT_RECENT.search(plain)
