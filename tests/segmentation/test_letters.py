"""Bytes become the words that were written, whatever the encoding."""

import io

import pytest

from app.segmentation.tables import ReadOptions, Table, read_table

WORDS = {
    "German": ("Müller", "Köln", "Jäger", "Weiß", "Düsseldorf", "Schröder"),
    "French": ("François", "Orléans", "Hélène", "Besançon", "Zoé", "Nîmes"),
    "Spanish": ("Muñoz", "Cádiz", "Núñez", "León", "Peña", "Málaga"),
    "Italian": ("Forlì", "Cantù", "Nicolò", "città"),
    "Portuguese": ("João", "São Paulo", "Conceição", "Goiânia"),
    "Swedish": ("Åsa", "Göteborg", "Björn", "Malmö", "Örebro"),
    "Danish": ("Søren", "Århus", "Jørgen", "København"),
    "Polish": ("Łukasz", "Łódź", "Małgorzata", "Święcicka", "Wrocław", "Gdańsk"),
    "Czech": ("Jiří", "Plzeň", "Ondřej", "Dvořák", "Třebíč", "Žďár"),
    "Hungarian": ("Győr", "Szűcs", "Erdős", "Székesfehérvár", "Dezső"),
    "Croatian": ("Šibenik", "Đurđica", "Čakovec", "Željko", "Poreč"),
    "Romanian": ("Iaşi", "Ştefan", "Bucureşti", "Timişoara", "Mihăiţă"),
    "Russian": ("Москва", "Казань", "Омск", "Ольга", "Сергей"),
    "Greek": ("Αθήνα", "Θεσσαλονίκη", "Πάτρα", "άνδρας"),
    "Turkish": ("İstanbul", "Ayşe", "Muğla", "Eskişehir", "Işık"),
    "Hebrew": ("תל אביב", "ירושלים", "חיפה"),
    "Arabic": ("القاهرة", "الرياض", "دبي"),
    "simplified Chinese": ("北京", "上海", "广州", "深圳"),
    "traditional Chinese": ("臺北", "高雄", "臺中"),
    "Japanese": ("東京", "大阪", "横浜", "名古屋"),
    "Korean": ("서울", "부산", "대구", "인천"),
}
ENCODINGS = {
    "cp1252": "German French Spanish Italian Portuguese Swedish Danish",
    "latin-1": "German French Spanish Swedish",
    "cp1250": "Polish Czech Hungarian Croatian Romanian",
    "iso8859-2": "Polish Czech Hungarian Croatian Romanian",
    "cp1251": "Russian",
    "koi8-r": "Russian",
    "cp1253": "Greek",
    "cp1254": "Turkish",
    "cp1255": "Hebrew",
    "cp1256": "Arabic",
    "gb18030": "simplified Chinese",
    "big5": "traditional Chinese",
    "shift_jis": "Japanese",
    "euc-kr": "Korean",
}
CASES = [
    (encoding, language)
    for encoding, languages in ENCODINGS.items()
    for language in WORDS
    if language in languages
]


def read(content: bytes, **options: object) -> Table:
    return read_table(io.BytesIO(content), overrides=ReadOptions(**options))


def written(words: tuple[str, ...], n_rows: int) -> tuple[list[str], str]:
    column = [words[i % len(words)] for i in range(n_rows)]
    rows = [f"K{i},{20 + i},{word}" for i, word in enumerate(column)]
    return column, "\n".join(["id,age,place", *rows]) + "\n"


class TestEncodings:
    @pytest.mark.parametrize("n_rows", [10, 60])
    @pytest.mark.parametrize(("encoding", "language"), CASES)
    def test_words_are_read_as_they_were_written(self, encoding, language, n_rows):
        column, text = written(WORDS[language], n_rows)

        assert read(text.encode(encoding)).frame["place"].tolist() == column

    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
    )
    @pytest.mark.parametrize("language", ["Russian", "Japanese", "French"])
    def test_unicode_needs_no_mark(self, encoding, language):
        column, text = written(WORDS[language], 10)

        assert read(text.encode(encoding)).frame["place"].tolist() == column

    def test_names_of_columns_are_read_too(self):
        table = read("клиент;возраст\nK1;24\nK2;44\n".encode("cp1251"))

        assert table.frame.columns.tolist() == ["клиент", "возраст"]

    def test_signs_alone_need_no_other_alphabet(self):
        for sign in ("€", "£", "°", "\u2019", "\u2013", "½"):
            table = read(f"id,note\n1,a {sign}\n2,b {sign}\n3,c {sign}\n".encode("cp1252"))
            assert table.frame["note"].str.contains(sign).all(), sign


class TestStrayLetters:
    def test_stray_letters_leave_the_others_as_they_are_and_are_named(self):
        lines = [f"{i},Köln".encode() for i in range(9)]
        content = b"\n".join([b"id,stadt", *lines, "9,München".encode("cp1252")])

        table = read(content)

        assert table.frame["stadt"].tolist() == ["Köln"] * 9 + ["München"]
        told = [warning for warning in table.warnings if warning.code == "stray_bytes"]
        assert [(warning.count, warning.rows) for warning in told] == [(1, (11,))]

    def test_stray_letters_are_of_the_alphabet_around_them(self):
        lines = [f"{i},Москва,{20 + i}".encode() for i in range(9)]
        content = b"\n".join([b"id,city,age", *lines, "9,Омск,41".encode("cp1251")])

        assert read(content).frame["city"].tolist()[-1] == "Омск"


class TestDoubt:
    def test_what_could_be_read_otherwise_is_said_with_the_override(self):
        _, text = written(("Łódź", "Kraków"), 6)

        table = read(text.encode("iso8859-2"))

        told = next(w for w in table.warnings if w.code == "ambiguous_encoding")
        assert told.reading == table.dialect.encoding
        other = told.alternatives[0].overrides["encoding"]
        assert read(text.encode("iso8859-2"), encoding=other).dialect.encoding == other

    def test_a_given_encoding_is_obeyed(self):
        table = read("id,city\n1,Łódź\n2,Gdańsk\n".encode("cp1250"), encoding="cp1252")

        assert table.frame["city"].tolist() == ["£ódŸ", "Gdañsk"]


def test_letters_that_were_encoded_twice_are_restored_and_said():
    words = ["Müller", "Käthe", "Jörg", "Façade", "naïve", "L’été", "Zürich"]
    text = "Straße;größe\n" + "".join(f"{word};{i}\n" for i, word in enumerate(words))
    twice = text.encode().decode("cp1252", "surrogateescape").encode("utf-8", "surrogateescape")

    table = read_table(io.BytesIO(twice.decode("utf-8", "replace").encode()))

    assert table.frame.columns.tolist() == ["Straße", "größe"]
    assert table.frame["Straße"].tolist()[:6] == words[:6]
    (told,) = [each for each in table.warnings if each.code == "twice_encoded"]
    plain = read_table(io.BytesIO(twice.decode("utf-8", "replace").encode()),
                       overrides=ReadOptions(**told.alternatives[0].overrides))  # fmt: skip
    assert plain.frame.iloc[0, 0] == "MÃ¼ller"


@pytest.mark.parametrize("words", [["JOÃO", "ÂNGELA", "SÃO PAULO"], ["Ñandú", "Åse", "Ämne", "À"]])
def test_words_with_the_same_letters_stay_as_they_are(words):
    text = "name;n\n" + "".join(f"{word};{i}\n" for i, word in enumerate(words * 2))

    assert read_table(io.BytesIO(text.encode())).frame["name"].tolist() == words * 2
