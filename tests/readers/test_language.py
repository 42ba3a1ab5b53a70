"""The language of a text, and none where it cannot be told."""

import pytest

from app.readers.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The ship left the harbour early in the morning.", "en"),
        ("Das Schiff verließ den Hafen früh am Morgen.", "de"),
        ("Le navire a quitté le port tôt dans la matinée.", "fr"),
        ("El barco salió del puerto temprano por la mañana.", "es"),
        ("Statek wypłynął z portu wcześnie rano, przed burzą.", "pl"),
        ("Gemi sabah erkenden limandan ayrıldı ve kuzeye gitti.", "tr"),
        ("Skipet forlot havnen tidlig om morgenen før stormen kom.", "no"),
        ("Корабль вышел из гавани рано утром, до бури.", "ru"),
        ("Корабель вийшов із гавані рано-вранці, до бурі.", "uk"),
        ("غادرت السفينة الميناء في الصباح الباكر قبل العاصفة.", "ar"),
        ("کشتی صبح زود پیش از طوفان بندر را ترک کرد.", "fa"),
        ("जहाज़ तूफ़ान से पहले सुबह जल्दी बंदरगाह से निकल गया।", "hi"),
        ("船在暴风雨来临之前一大早就离开了港口。", "zh"),
        ("船は嵐の前の早朝に港を出た。", "ja"),
        ("배는 폭풍 전에 이른 아침 항구를 떠났다.", "ko"),
        ("Το πλοίο έφυγε από το λιμάνι νωρίς το πρωί.", "el"),
        ("האונייה עזבה את הנמל מוקדם בבוקר לפני הסערה.", "he"),
        ("เรือออกจากท่าแต่เช้าก่อนพายุจะมา", "th"),
    ],
)
def test_languages(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("text", ["", "12.5 | 2026-03-01 | 99 %", "ok", "A1 B2", "☐ ☑ →"])
def test_too_little_to_tell(text: str) -> None:
    assert language_of(text) == ""


def test_only_a_sample_is_looked_at() -> None:
    english = "The ship left the harbour early in the morning. " * 200
    assert language_of(english + "Das Schiff verließ den Hafen. " * 100_000) == "en"
