"""Words that name numbers, months, days of the week and units, in several languages.

All are folded: lower case, as `search_terms.folded` gives them.
"""

MONTHS: dict[str, int] = {
    word: number
    for number, words in enumerate(
        (
            "january jan januar jänner janvier janv enero ene gennaio gen janeiro januari stycznia"
            " января январь янв ocak يناير",
            "february feb februar februari février févr febrero febbraio fevereiro fev lutego"
            " февраля февраль фев şubat فبراير",
            "march mar märz mrz mars marzo março maart marca марта март مارس",
            "april apr avril avr abril aprile kwietnia апреля апрель апр nisan أبريل ابريل",
            "may mai mayo maggio maio mei maja мая май mayıs مايو",
            "june jun juni juin junio giugno junho czerwca июня июнь haziran يونيو",
            "july jul juli juillet juil julio luglio julho lipca июля июль temmuz يوليو",
            "august aug août agosto augustus sierpnia августа август авг ağustos أغسطس اغسطس",
            "september sep sept septembre septiembre settembre setembro września сентября"
            " сентябрь сент eylül سبتمبر",
            "october oct oktober okt octobre octubre ottobre outubro października октября"
            " октябрь окт ekim أكتوبر اكتوبر",
            "november nov novembre noviembre novembro listopada ноября ноябрь ноя kasım نوفمبر",
            "december dec dezember dez décembre déc diciembre dic dicembre dezembro grudnia"
            " декабря декабрь дек aralık ديسمبر",
        ),
        1,
    )
    for word in words.split()
}

WEEKDAYS: dict[str, int] = {
    word: number
    for number, words in enumerate(
        (
            "monday mondays mon montag montags lundi lunes lunedì segunda-feira maandag"
            " понедельник понедельникам poniedziałek",
            "tuesday tuesdays tue tues dienstag dienstags mardi martes martedì terça-feira dinsdag"
            " вторник вторникам wtorek",
            "wednesday wednesdays wed mittwoch mittwochs mercredi miércoles mercoledì"
            " quarta-feira woensdag среда среду средам środa",
            "thursday thursdays thu thurs donnerstag donnerstags jeudi jueves giovedì"
            " quinta-feira donderdag четверг четвергам czwartek",
            "friday fridays fri freitag freitags vendredi viernes venerdì sexta-feira vrijdag"
            " пятница пятницу пятницам piątek",
            "saturday saturdays sat samstag samstags sonnabend samedi sábado sabato zaterdag"
            " суббота субботу субботам sobota",
            "sunday sundays sun sonntag sonntags dimanche domingo domenica zondag воскресенье"
            " воскресеньям niedziela",
        )
    )
    for word in words.split()
}

NUMBER_WORDS: dict[str, int] = {
    word: number
    for number, words in {
        0: "zero null zéro cero ноль",
        2: "two zwei deux dos dois duas twee два две двух двумя dwa dwie iki zweier due اثنان"
        " اثنين twice zweimal дважды",
        3: "three drei trois tres tre três drie три трёх трех тремя trzy üç dreier ثلاثة ثلاث"
        " thrice dreimal трижды",
        4: "four vier quatre cuatro quattro quatro четыре четырёх четырех cztery dört أربعة أربع",
        5: "five fünf cinq cinco cinque vijf пять пяти pięć beş خمسة خمس",
        6: "six sechs seis sei zes шесть шести sześć altı ستة ست",
        7: "seven sieben siete sette sete zeven семь семи siedem yedi سبعة سبع",
        8: "eight acht huit ocho otto oito восемь восьми osiem sekiz ثمانية ثماني",
        9: "nine neun neuf nueve nove negen девять девяти dziewięć dokuz تسعة تسع",
        10: "ten zehn dix diez dieci tien десять десяти dziesięć عشرة عشر",
        11: "eleven elf onze undici одиннадцать одиннадцати",
        12: "twelve zwölf douze doce dodici doze twaalf dozen dutzend двенадцать двенадцати",
        13: "thirteen dreizehn treize trece tredici тринадцать",
        14: "fourteen vierzehn quatorze catorce quattordici veertien четырнадцать четырнадцати",
        15: "fifteen fünfzehn quinze quince quindici vijftien пятнадцать пятнадцати",
        16: "sixteen sechzehn seize dieciséis sedici шестнадцать",
        17: "seventeen siebzehn dix-sept diecisiete diciassette семнадцать",
        18: "eighteen achtzehn dix-huit dieciocho diciotto восемнадцать восемнадцати",
        19: "nineteen neunzehn dix-neuf diecinueve diciannove девятнадцать",
        20: "twenty zwanzig vingt veinte venti vinte twintig двадцать двадцати dwadzieścia عشرين"
        " عشرون",
        24: "twenty-four vierundzwanzig vingt-quatre veinticuatro",
        30: "thirty dreißig dreissig trente treinta trenta trinta dertig тридцать тридцати"
        " ثلاثين ثلاثون",
        40: "forty vierzig quarante cuarenta quaranta veertig сорок",
        48: "forty-eight achtundvierzig",
        50: "fifty fünfzig cinquante cincuenta cinquanta vijftig пятьдесят",
        60: "sixty sechzig soixante sesenta sessanta zestig шестьдесят",
        70: "seventy siebzig soixante-dix setenta settanta семьдесят",
        80: "eighty achtzig quatre-vingts ochenta ottanta восемьдесят",
        90: "ninety neunzig quatre-vingt-dix noventa novanta девяносто",
        100: "hundred hundert cien cento honderd сто",
        1000: "thousand tausend mille mil duizend тысяча",
    }.items()
    for word in words.split()
}
_TENS = (
    # language: what is between ten and one, whether the one comes first, tens, ones
    ("-", False, "twenty thirty forty fifty sixty seventy eighty ninety",
     "one two three four five six seven eight nine"),
    (" ", False, "twenty thirty forty fifty sixty seventy eighty ninety",
     "one two three four five six seven eight nine"),
    ("und", True, "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
     "ein zwei drei vier fünf sechs sieben acht neun"),
    (" y ", False, "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
     "uno dos tres cuatro cinco seis siete ocho nueve"),
    ("-", False, "vingt trente quarante cinquante soixante",
     "et-un deux trois quatre cinq six sept huit neuf"),
    ("", False, "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
     "uno due tre quattro cinque sei sette otto nove"),
    (" ", False, "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто",
     "один два три четыре пять шесть семь восемь девять"),
    ("veinti", True, "", "uno dós trés cuatro cinco séis siete ocho nueve"),
)  # fmt: skip
"""How languages make the numbers from 21 to 99."""
for _between, _is_one_first, _tens, _ones in _TENS:
    for _one, _word in enumerate(_ones.split(), 1):
        if not _tens:
            NUMBER_WORDS[_between + _word] = 20 + _one
        for _ten, _name in enumerate(_tens.split(), 2):
            # Italian drops the vowel before another: "ventuno", "ventotto".
            _stem = _name[:-1] if not _between and _word[0] in "uo" else _name
            _both = (_word, _between, _name) if _is_one_first else (_stem, _between, _word)
            NUMBER_WORDS.setdefault("".join(_both), _ten * 10 + _one)
ORDINALS: dict[str, int] = {
    word: number
    for number, words in {
        3: "third dritte dritten dritter drittes troisième tercero tercera terzo третий третьего"
        " третьему третьей الثالث",
        4: "fourth vierte vierten vierter viertes quatrième cuarto cuarta quarto четвёртый"
        " четвёртого четвертого الرابع",
        5: "fifth fünfte fünften fünfter fünftes cinquième quinto quinta пятый пятого пятой"
        " الخامس",
        6: "sixth sechste sechsten sechster sixième sexto sesto шестой шестого السادس",
        7: "seventh siebte siebten siebter septième séptimo settimo седьмой седьмого السابع",
        8: "eighth achte achten achter huitième octavo ottavo восьмой восьмого الثامن",
        9: "ninth neunte neunten neunter neuvième noveno nono девятый девятого التاسع",
        10: "tenth zehnte zehnten zehnter dixième décimo decimo десятый десятого العاشر",
    }.items()
    for word in words.split()
}
"""From the third on: the first two are said of much that is not counted."""
RATES: dict[str, str] = {
    word: unit
    for unit, words in {
        "year": "yearly annual annually jährlich jährliche annuel annuelle anual annuale ежегодно"
        " سنويا سنوي",
        "month": "monthly monatlich monatliche mensuel mensuelle mensual mensile ежемесячно"
        " ежемесячная ежемесячный شهريا شهري شهرية الشهري الشهرية",
        "quarter": "quarterly vierteljährlich vierteljährliche trimestriel trimestral",
        "week": "weekly أسبوعيا wöchentlich wöchentliche hebdomadaire semanal settimanale"
        " еженедельно",
        "day": "daily يوميا täglich tägliche quotidien diario giornaliero ежедневно nightly",
        "hour": "hourly stündlich",
    }.items()
    for word in words.split()
}
ONE_WORDS = frozenset(
    "one a an ein eine einen einem einer eines un une una uno um uma een één один одна одного"
    " одну jeden jedna bir".split()
)
"""One, or an article: a number only before a unit."""

MAGNITUDES: dict[str, int] = {
    word: number
    for number, words in {
        10**3: "thousand tausend tsd k mille mil тыс тысяч тысячи 千",
        10**4: "万 萬",
        10**6: "million millions mio mn millionen millón millones milioni milhões млн миллион"
        " миллиона миллионов",
        10**8: "亿 億",
        10**9: "billion billions bn mrd milliarde milliarden milliard milliards miliardi bilhões"
        " млрд миллиард миллиарда миллиардов",
    }.items()
    for word in words.split()
}

UNITS: dict[str, str] = {
    word: unit
    for unit, words in {
        "year": "year years yr yrs jahr jahre jahren jahres an ans année années año años"
        " anno anni ano anos jaar год года году лет rok lata lat yıl 年 سنة سنوات عام أعوام عاما",
        "month": "month months monat monate monaten monats mois mes meses mese mesi mês maand"
        " maanden месяц месяца месяцев месяцы miesiąc miesiące miesięcy ay"
        " 个月 個月 か月 ヶ月 カ月 شهر شهرين أشهر شهور شهرا",
        "quarter": "quarter quarters quartal quartale quartals trimestre trimestres квартал 季度",
        "week": "week weeks woche wochen semaine semaines semana semanas settimana settimane weken"
        " неделя недели недель неделю tydzień tygodnie tygodni hafta 周 週 星期 週間 أسبوع أسابيع",
        "day": "day days tag tage tagen tages jour jours día días giorno giorni dia dias dag dagen"
        " день дня дней dzień dni gün 天 日 日間 يوم أيام يوما",
        "hour": "hour hours hr hrs h stunde stunden heure heures hora horas ora ore uur час часа"
        " часов godzina godziny godzin saat 小时 小時 時間 ساعة ساعات",
        "minute": "minute minutes min mins minuten minuto minutos minuti минута минуты минут"
        " dakika 分钟 分鐘 دقيقة دقائق",
        "second": "second seconds sec secs s sekunde sekunden seconde secondes segundo segundos"
        " secondo secondi секунд секунды 秒",
        "percent": "percent % ％ prozent procent pct процент процента процентов percento ٪",
        "euro": "euro euros € eur евро",
        "dollar": "dollar dollars $ usd dólar dólares доллар доллара долларов 美元 دولار دولارات",
        "pound": "£ gbp pounds",
        "yen": "yen ¥ jpy 円",
        "yuan": "yuan cny rmb 元",
        "franc": "chf francs franken",
        "rouble": "руб рубль рубля рублей ₽ rub",
        "kg": "kg kilogram kilograms kilogramm kilo kilos кг",
        "mg": "mg milligram milligrams milligramm milligrammes miligramos milligrammi мг",
        "µg": "µg μg mcg microgram micrograms mikrogramm",
        "lb": "lb lbs",
        "oz": "oz ounce ounces",
        "foot": "ft foot feet",
        "inch": "inch inches",
        "mile": "mile miles meilen",
        "point": "point points punkte punkten puntos punti",
        "dirham": "dirham dirhams درهم دراهم درهما",
        "riyal": "riyal riyals ريال ريالات",
        "cent": "cents pence centimes céntimos",
        "g": "g gram grams gramm grammes г",
        "t": "t tonne tonnes tonnen tons",
        "km": "km kilometre kilometres kilometer kilometers kilometern км",
        "m": "m metre metres meter meters metern mètres metros м",
        "cm": "cm centimetre centimetres centimeter centimeters zentimeter см",
        "mm": "mm millimetre millimetres millimeter мм",
        "m2": "m² m2 qm sqm 平方米 ㎡",
        "litre": "l litre litres liter liters litros литр литра литров",
        "ml": "ml millilitre millilitres milliliter",
        "celsius": "°c ℃ celsius",
        "fahrenheit": "°f fahrenheit",
        "times": "times mal fois veces volte раз раза 次",
        "kwh": "kwh",
        "watt": "w watt watts",
        "volt": "v volt volts",
        "mb": "mb megabyte megabytes",
        "gb": "gb gigabyte gigabytes",
        "page": "page pages seite seiten",
    }.items()
    for word in words.split()
}
CONVERSIONS: dict[str, tuple[str, int]] = {
    "hour": ("minute", 60),
    "week": ("day", 7),
    "year": ("month", 12),
    "quarter": ("month", 3),
    "litre": ("ml", 1000),
    "kg": ("g", 1000),
    "g": ("mg", 1000),
    "km": ("m", 1000),
    "m": ("cm", 100),
    "cm": ("mm", 10),
    "gb": ("mb", 1000),
}
"""Units that are just so many of another."""
DIMENSIONS: dict[str, str] = {
    unit: dimension
    for dimension, units in {
        "time": "year month quarter week day hour minute second",
        "money": "euro dollar pound yen yuan franc rouble dirham riyal cent",
        "mass": "kg g mg µg t lb oz",
        "length": "km m cm mm foot inch mile",
        "volume": "litre ml",
    }.items()
    for unit in units.split()
}
"""What units measure."""
CHINESE_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "兩": 2, "三": 3, "四": 4, "五": 5,
                  "六": 6, "七": 7, "八": 8, "九": 9}  # fmt: skip
CHINESE_TENS = {"十": 10, "百": 100, "千": 1000}
CHINESE_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
