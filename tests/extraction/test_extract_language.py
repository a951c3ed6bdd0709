"""The language of texts whose pages do not say it, or seem to say it wrong."""

from __future__ import annotations

import pytest

from pipeline.extraction import extract
from pipeline.extraction.language import told

TEXTS = {
    "en": "The council met on Tuesday and decided, after three hours, to drain the lower basin before winter comes.",
    "de": "Der Rat tagte am Dienstag und beschloss nach drei Stunden, das untere Becken vor dem Winter zu leeren.",
    "fr": "Le conseil s'est réuni mardi et a décidé, après trois heures, de vider le bassin inférieur avant l'hiver.",
    "es": "El consejo se reunió el martes y decidió, tras tres horas, vaciar la dársena inferior antes del invierno.",
    "pt": "O conselho reuniu-se na terça-feira e decidiu, depois de três horas, esvaziar a doca antes do inverno.",
    "it": "Il consiglio si è riunito martedì e ha deciso, dopo tre ore, di svuotare il bacino prima dell'inverno.",
    "nl": "De raad kwam dinsdag bijeen en besloot na drie uur het onderste bekken voor de winter leeg te laten lopen.",
    "pl": "Rada zebrała się we wtorek i po trzech godzinach postanowiła opróżnić dolny basen przed nadejściem zimy.",
    "tr": "Meclis salı günü toplandı ve üç saat sonra alt havuzun kış gelmeden boşaltılmasına karar verdi.",
    "id": "Dewan bertemu pada hari Selasa dan memutuskan, setelah tiga jam, untuk mengosongkan kolam bawah.",
    "vi": "Hội đồng họp hôm thứ Ba và sau ba giờ đã quyết định tháo cạn bể phía dưới trước khi mùa đông đến.",
    "ru": "Совет собрался во вторник и через три часа решил осушить нижний бассейн до наступления зимы.",
    "el": "Το συμβούλιο συνεδρίασε την Τρίτη και αποφάσισε, μετά από τρεις ώρες, να αδειάσει την κάτω δεξαμενή.",
    "ar": "اجتمع المجلس يوم الثلاثاء وقرر بعد ثلاث ساعات تفريغ الحوض السفلي قبل حلول فصل الشتاء.",
    "hi": "परिषद की बैठक मंगलवार को हुई और तीन घंटे बाद उसने सर्दियों से पहले निचले कुंड को खाली करने का फैसला किया।",
    "zh": "市议会星期二开会，三个小时以后决定在冬天到来之前把下面的水池放空，工程费用还没有人知道。",
    "ja": "市議会は火曜日に開かれ、三時間の議論の末、冬が来る前に下の池の水を抜くことを決めました。",
    "ko": "시의회는 화요일에 모여 세 시간 만에 겨울이 오기 전에 아래쪽 저수지의 물을 빼기로 결정했다.",
    "th": "สภาเมืองประชุมเมื่อวันอังคารและตัดสินใจหลังจากสามชั่วโมงว่าจะระบายน้ำออกจากอ่างด้านล่างก่อนฤดูหนาว",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_language_is_told_by_its_text(language: str) -> None:
    assert told(TEXTS[language], None) == language


def test_a_declared_language_is_contradicted_where_english_is_concerned() -> None:
    assert told(TEXTS["de"], "en") == "de"
    assert told(TEXTS["en"], "de") == "en"
    assert told(TEXTS["fr"], "de") == "de"  # not looked into


def test_too_little_text_tells_nothing() -> None:
    assert told("", None) is None
    assert told("Ja.", None) is None
    assert told("4711 0815 2231 " * 20, None) is None
    assert told("4711 0815 2231 " * 20, "en") == "en"


def test_the_date_beside_the_headline_is_in_the_language_of_the_site() -> None:
    story = f"<p>{TEXTS['en']}</p>" * 4
    for tag in ("<html lang=de>", "<html lang=en>"):
        page = f"{tag}<title>Basin</title><body><h1>Basin</h1><p>6. Mai 2025</p>{story}</body></html>"
        found = extract(page, "https://site.example/a")
        assert (found.language, found.published_at is not None) == ("en", "de" in tag)
