"""Small words that bound, restrict or condition what a sentence says, in several languages.

They carry no topic, so search leaves them out; yet "at least" for "at most", or a dropped "if",
makes a true sentence false. Each entry is a pattern of whole words, alternatives apart by "|".
"""

from enum import StrEnum


class Sense(StrEnum):
    """What such a word does."""

    AT_LEAST = "at least"
    AT_MOST = "at most"
    MORE = "more than"
    LESS = "less than"
    WITHIN = "within"
    ABOUT = "about"
    BEFORE = "before"
    AFTER = "after"
    FROM = "from"
    TO = "to"
    """The end of a span that `FROM` begins."""
    DURING = "during"
    ONLY = "only"
    ALL = "all"
    ANYTIME = "any time"
    SOME = "some"
    USUALLY = "usually"
    MAYBE = "maybe"
    IF = "if"
    BECAUSE = "because"
    PLAN = "plan"
    """What follows is proposed, asked for or wished, and need not happen."""


OPERATORS: dict[str, dict[Sense, str]] = {
    "en": {
        Sense.ANYTIME: "at any time|whenever",
        Sense.AT_LEAST: "at least|(?:no|not) (?:less|fewer|earlier|sooner) than"
        "|(?:a )?minimum(?: of)?"
        "|or (?:more|over|above|older|longer)|and above|not before",
        Sense.AT_MOST: "at most|(?:no|not) (?:more|longer|later|older|higher) than|up to"
        "|(?:a )?maximum(?: of)?|not exceeding|(?:not|cannot|never) exceed|or (?:less|fewer|under)"
        "|at the latest",
        Sense.MORE: "(?:more|greater|higher|longer|older|larger|later|heavier|taller|wider"
        "|thicker|deeper|faster|warmer|hotter|stronger|bigger) than|over|above"
        "|exceed(?:s|ed|ing)?|in excess of",
        Sense.LESS: "(?:less|fewer|lower|shorter|younger|smaller|earlier|lighter|thinner"
        "|narrower|slower|cooler|colder|weaker) than|under|below",
        Sense.WITHIN: "within",
        Sense.ABOUT: "about|around|approximately|approx|roughly|almost|nearly",
        Sense.BEFORE: "before|prior to|ahead of|until|till|by",
        Sense.AFTER: "after|following|once (?=the|you|they|all|it)|since|past",
        Sense.FROM: "from|between|starting|beginning|as of",
        Sense.DURING: "during|throughout|in the course of",
        Sense.ONLY: "only|solely|exclusively|alone|limited to|restricted to",
        Sense.ALL: "all|every|each|any|always|everyone|everybody|anyone|anybody|everything"
        "|no exceptions?",
        Sense.SOME: "some(?: of)?|few|most|many|several|certain|partly|partially|half of|mostly",
        Sense.USUALLY: "usually|normally|generally|typically|as a rule|often|sometimes"
        "|frequently|in general|commonly|rarely|occasionally|mostly|ordinarily|tends? to",
        Sense.MAYBE: "might|could|would|perhaps|possibly|probably|likely|unlikely"
        "|suggest(?:s|ed|ing)?|appear(?:s|ed)?|seem(?:s|ed)?|apparently|presumably|potentially"
        "|believ(?:e|es|ed)|consider(?:s|ed)?|think(?:s)?|thought|claims|claimed|argue[sd]?"
        "|fear(?:s|ed)?|doubt(?:s|ed)?|suspect(?:s|ed)?|allegedly|reportedly|assumed|uncertain"
        "|unclear",
        Sense.IF: "if|unless|provided|as long as|on condition|in case|in the event|subject to"
        "|except|only (?:with|when|after)|(?:^|(?<=, )|(?<=; ))should",
        Sense.BECAUSE: "because|due to|owing to|thanks to|for this reason|therefore|that is why"
        "|caus(?:e|es|ed)|led to|leads? to|results? in"
        "|resulted in",
        Sense.PLAN: "(?:propos(?:e|es|ed|al|als)|suggest(?:s|ed|ion)?|recommend(?:s|ed|ation)?"
        "|plans?|planned|intend(?:s|ed)?|wants?|wanted|wish(?:es|ed)?|hope[sd]?|ask(?:s|ed)?"
        "|request(?:s|ed)?|expect(?:s|ed)?|consider(?:s|ed|ing)?|refuse[sd]?|prefer(?:s|red)?"
        "|motion|tried|tries|decline[sd]?|promise[sd]?|agreed|undert(?:ook|akes)|committed?"
        "|threaten(?:s|ed)?)(?: \\w+){0,2}? (?:to|that|not|for)"
        "|would (?:rather|like|prefer)|whether|decision (?:on|about|to)|question of",
    },
    "de": {
        Sense.ANYTIME: "jederzeit|zu jeder zeit",
        Sense.AT_LEAST: "mindestens|wenigstens|nicht (?:weniger|früher) als|oder mehr|oder älter"
        "|frühestens|minimal",
        Sense.AT_MOST: "höchstens|maximal|nicht (?:mehr|länger|später) als|bis zu|oder weniger"
        "|spätestens|längstens",
        Sense.MORE: "(?:mehr|höher|länger|älter|größer|später|schwerer|dicker|breiter|wärmer"
        "|schneller) als|über|oberhalb von"
        "|übersteigt|überschreitet",
        Sense.LESS: "(?:weniger|niedriger|kürzer|jünger|kleiner|geringer|leichter|dünner"
        "|schmaler|kälter) als|unter|unterhalb von",
        Sense.WITHIN: "innerhalb(?: von)?|binnen",
        Sense.ABOUT: "etwa|ungefähr|rund|circa|ca|fast|knapp|gegen",
        Sense.BEFORE: "vor|bevor|bis|bis zum|ehe",
        Sense.AFTER: "nach|nachdem|seit",
        Sense.FROM: "ab|von|vom|zwischen",
        Sense.DURING: "während",
        Sense.ONLY: "nur|ausschließlich|lediglich|allein",
        Sense.ALL: "alle[nrms]?|jede[nrms]?|immer|stets|sämtliche[nrs]?|ausnahmslos",
        Sense.SOME: "einige[nrs]?|manche[nrs]?|wenige[nrs]?|meisten|viele[nrs]?|teilweise"
        "|die hälfte|bestimmte[nr]?",
        Sense.USUALLY: "üblicherweise|normalerweise|in der regel|meist|meistens|oft|häufig"
        "|gewöhnlich|manchmal|selten|grundsätzlich",
        Sense.MAYBE: "vielleicht|möglicherweise|wahrscheinlich|vermutlich|voraussichtlich"
        "|könnte[n]?|dürfte[n]?|scheint|scheinen|offenbar|anscheinend|deutet|deuten|würde[n]?"
        "|glaubt|glauben|meint|meinen|behauptet|vermutet|hält",
        Sense.IF: "wenn|^bei|falls|sofern|soweit|außer|es sei denn|nur mit|nur bei|vorausgesetzt"
        "|unter der bedingung|vorbehaltlich|(?<=darf )nur|(?<=dürfen )nur|sollte",
        Sense.BECAUSE: "weil|wegen|aufgrund|infolge|deshalb|daher|deswegen|damit|dank",
        Sense.PLAN: "(?:vorschlag|schlägt|schlug|antrag|empfiehlt|empfahl|plant|planen|will|wollen"
        "|wollte|möchte[n]?|wünscht|bat|bittet|versprach|verspricht|verpflichtet|zugesagt"
        "|beabsichtigt|erwägt|hofft|erwartet)"
        "|ob|entscheidung über",
    },
    "fr": {
        Sense.ANYTIME: "à tout moment|n['’]importe quand",
        Sense.AT_LEAST: "au moins|au minimum|minimum|pas moins de|ou plus|au plus tôt",
        Sense.AT_MOST: "au plus|au maximum|maximum|jusqu['’]à|pas plus de|ou moins|au plus tard",
        Sense.MORE: "plus (?:de|que|d['’])|supérieure?s? à|au-delà de|au-dessus de|dépasse(?:nt)?",
        Sense.LESS: "moins (?:de|que|d['’])|inférieure?s? à|en dessous de|au-dessous de",
        Sense.WITHIN: "dans un délai de|dans les|sous|en moins de",
        Sense.ABOUT: "environ|à peu près|près de|presque|autour de",
        Sense.BEFORE: "avant|jusqu['’]au|jusqu['’]en|jusque",
        Sense.AFTER: "après|depuis|suivant|à l['’]issue",
        Sense.FROM: "à partir d[eu]|à compter d[eu]|dès|entre",
        Sense.DURING: "pendant|durant|au cours",
        Sense.ONLY: "seule?s?|seulement|uniquement|exclusivement|ne \\w+ qu[e'’]"
        "|n['’]\\w+ qu[e'’]",
        Sense.ALL: "tous|toutes|chaque|toujours|chacune?|tout le monde",
        Sense.SOME: "certaine?s?|quelques|plusieurs|la plupart|peu d[e'’]|beaucoup de"
        "|la moitié|en partie|partiellement",
        Sense.USUALLY: "généralement|en général|d['’]habitude|normalement|habituellement|souvent"
        "|parfois|rarement|en principe",
        Sense.MAYBE: "peut-être|probablement|sans doute|suggère(?:nt)?|semble(?:nt)?|pourrait"
        "|pourraient|éventuellement|serait|seraient|estime|croit|pense|prétend|considère",
        Sense.IF: "si|s['’]il|s['’]ils|sauf|à condition|pourvu|en cas|sous réserve|à moins"
        "|uniquement avec|excepté|hormis",
        Sense.BECAUSE: "parce qu[e'’]|car|en raison|à cause|grâce|puisqu[e'’]|c['’]est pourquoi"
        "|afin",
        Sense.PLAN: "(?:propos(?:e|é|ée|ition)|recommande|envisage|souhaite|promis|promet"
        "|engagée?|veut|voulait"
        "|demand[eé]"
        "|espère|prévoit|refuse|motion)(?: \\w+){0,2}? (?:de|d['’]|que|à)|voudrait|décision",
    },
    "es": {
        Sense.ANYTIME: "en cualquier momento",
        Sense.AT_LEAST: "al menos|como mínimo|(?:un )?mínimo(?: de)?|no menos de|o más",
        Sense.AT_MOST: "como máximo|(?:un )?máximo(?: de)?|hasta un máximo de|no más de|a lo sumo"
        "|o menos|a más tardar|hasta",
        Sense.MORE: "más (?:de|que)|superior(?:es)? a|por encima de|mayor(?:es)? (?:de|que)"
        "|supera",
        Sense.LESS: "menos (?:de|que)|inferior(?:es)? a|por debajo de|menor(?:es)? (?:de|que)",
        Sense.WITHIN: "dentro de|en el plazo de|en un plazo de",
        Sense.ABOUT: "aproximadamente|alrededor de|cerca de|casi|unos|unas",
        Sense.BEFORE: "antes|hasta",
        Sense.AFTER: "después|tras|desde|luego de|una vez",
        Sense.FROM: "a partir de|desde|entre",
        Sense.DURING: "durante",
        Sense.ONLY: "solo|sólo|solamente|únicamente|exclusivamente",
        Sense.ALL: "todos|todas|cada|siempre|cualquier|cualquiera",
        Sense.SOME: "algunos|algunas|ciertos|ciertas|varios|varias|pocos|pocas|muchos|muchas"
        "|la mayoría|la mitad|parcialmente|en parte",
        Sense.USUALLY: "generalmente|en general|normalmente|habitualmente|a menudo|a veces"
        "|por lo general|rara vez|suele|suelen",
        Sense.MAYBE: "quizás?|tal vez|probablemente|posiblemente|sugieren?|parecen?|podrían?"
        "|acaso|sería|cree|considera|opina|afirma",
        Sense.IF: "si|salvo|excepto|siempre que|en caso|a menos que|a condición|solo con"
        "|con tal",
        Sense.BECAUSE: "porque|debido|a causa|gracias a|por eso|ya que|puesto que",
        Sense.PLAN: "(?:prometió|promete|comprometió|compromete|propuso|propone|propuesta"
        "|recomienda|recomendó|quiere|quería|desea|pidió"
        "|pide"
        "|solicitó|espera|prevé|considera|moción)(?: \\w+){0,2}? (?:de|que|\\w+r)|quisiera"
        "|decisión",
    },
    "it": {
        Sense.ANYTIME: "in qualsiasi momento|in qualunque momento",
        Sense.AT_LEAST: "almeno|come minimo|(?:un )?minimo(?: di)?|non meno di|o più",
        Sense.AT_MOST: "al massimo|(?:un )?massimo(?: di)?|fino a(?: un massimo di)?|non più di"
        "|o meno|non oltre|al più tardi|entro e non oltre",
        Sense.MORE: "più (?:di|del|che)|superior[ei] a|oltre|al di sopra|supera",
        Sense.LESS: "meno (?:di|del|che)|inferior[ei] a|al di sotto|sotto",
        Sense.WITHIN: "entro|nel giro di",
        Sense.ABOUT: "circa|quasi|all['’]incirca|intorno",
        Sense.BEFORE: "prima|fino al",
        Sense.AFTER: "dopo|dal momento|una volta|successivamente",
        Sense.FROM: "a partire da[l]?|a decorrere da[l]?|tra|fra",
        Sense.DURING: "durante|nel corso",
        Sense.ONLY: "solo|soltanto|solamente|unicamente|esclusivamente",
        Sense.ALL: "tutti|tutte|ogni|ciascun[oa]?|sempre|qualsiasi|qualunque",
        Sense.SOME: "alcuni|alcune|certi|certe|pochi|poche|molti|molte|la maggior parte|la metà"
        "|in parte|parzialmente",
        Sense.USUALLY: "di solito|generalmente|in genere|normalmente|spesso|a volte|raramente"
        "|di norma",
        Sense.MAYBE: "forse|probabilmente|possibilmente|suggerisc(?:e|ono)|sembra(?:no)?"
        "|potrebbe(?:ro)?|sarebbe(?:ro)?|ritiene|crede|pensa|considera",
        Sense.IF: "se|salvo|tranne|eccetto|purché|a condizione|in caso|a meno che|solo con"
        "|qualora",
        Sense.BECAUSE: "perché|a causa|grazie|poiché|dovuto|per questo|pertanto",
        Sense.PLAN: "(?:promesso|impegnat[oa]|propo(?:ne|sto|sta)|raccomanda|vuole|voleva"
        "|desidera|chiesto|chiede|spera"
        "|prevede|intende|mozione)(?: \\w+){0,2}? (?:di|che|\\w+re)|vorrebbe|decisione",
    },
    "pt": {
        Sense.AT_LEAST: "pelo menos|no mínimo|mínimo(?: de)?|ou mais",
        Sense.AT_MOST: "no máximo|máximo(?: de)?|até|ou menos|não mais de",
        Sense.MORE: "mais (?:de|que|do que)|superior a|acima de",
        Sense.LESS: "menos (?:de|que|do que)|inferior a|abaixo de",
        Sense.WITHIN: "dentro de|no prazo de",
        Sense.ABOUT: "cerca de|aproximadamente|quase",
        Sense.BEFORE: "antes|até",
        Sense.AFTER: "depois|após|desde",
        Sense.FROM: "a partir de|entre",
        Sense.DURING: "durante",
        Sense.ONLY: "só|somente|apenas|exclusivamente",
        Sense.ALL: "todos|todas|cada|sempre|qualquer",
        Sense.SOME: "alguns|algumas|certos|certas|poucos|poucas|muitos|muitas|a maioria|metade",
        Sense.USUALLY: "geralmente|em geral|normalmente|às vezes|raramente|costuma",
        Sense.MAYBE: "talvez|provavelmente|possivelmente|sugere|parece|poderia",
        Sense.IF: "se|salvo|exceto|desde que|em caso|a menos que",
        Sense.BECAUSE: "porque|devido|por causa|graças",
    },
    "nl": {
        Sense.AT_LEAST: "ten minste|minstens|minimaal|niet minder dan|of meer|op zijn vroegst",
        Sense.AT_MOST: "ten hoogste|hoogstens|maximaal|niet meer dan|tot|of minder|uiterlijk",
        Sense.MORE: "meer dan|ouder dan|langer dan|boven|hoger dan",
        Sense.LESS: "minder dan|jonger dan|korter dan|onder|lager dan",
        Sense.WITHIN: "binnen",
        Sense.ABOUT: "ongeveer|circa|bijna",
        Sense.BEFORE: "voor|voordat|tot",
        Sense.AFTER: "na|nadat|sinds",
        Sense.FROM: "vanaf|van|tussen",
        Sense.DURING: "tijdens",
        Sense.ONLY: "alleen|slechts|uitsluitend",
        Sense.ALL: "alle|elke?|ieder|iedere|altijd",
        Sense.SOME: "sommige|enkele|weinig|meeste|veel|helft",
        Sense.USUALLY: "meestal|gewoonlijk|doorgaans|vaak|soms|zelden",
        Sense.MAYBE: "misschien|waarschijnlijk|mogelijk|lijkt|zou",
        Sense.IF: "als|indien|tenzij|mits|behalve|alleen met",
        Sense.BECAUSE: "omdat|wegens|vanwege|doordat|dankzij",
    },
    "ru": {
        Sense.ANYTIME: "в любое время",
        Sense.AT_LEAST: "не менее|не меньше|не ранее|не раньше|как минимум|минимум|или более",
        Sense.AT_MOST: "не более|не больше|не позднее|не позже|максимум|самое большее|до",
        Sense.MORE: "более|больше|свыше|выше|старше|дольше",
        Sense.LESS: "менее|меньше|ниже|моложе|младше",
        Sense.WITHIN: "в течение|в срок",
        Sense.ABOUT: "около|примерно|приблизительно|почти",
        Sense.BEFORE: "до|перед|прежде",
        Sense.AFTER: "после|через|спустя",
        Sense.FROM: "с|со|от|начиная",
        Sense.DURING: "во время",
        Sense.ONLY: "только|лишь|исключительно",
        Sense.ALL: "все|всех|всем|каждый|каждая|каждого|всегда|любой|любые|любая",
        Sense.SOME: "некоторые|некоторых|немногие|большинство|многие|часть|половина|частично",
        Sense.USUALLY: "обычно|как правило|часто|иногда|редко|в основном",
        Sense.MAYBE: "возможно|вероятно|наверное|может быть|кажется|по-видимому|считает|полагает"
        "|думает",
        Sense.IF: "если|^при|кроме|при условии|в случае|только с|только при",
        Sense.BECAUSE: "потому что|из-за|поэтому|благодаря|так как|вследствие",
        Sense.PLAN: "обещал[аи]?|обещает|обязал(?:ся|ась)|предложил[аи]?|предлагает|просит"
        "|просил[аи]?|планирует|хочет|намерен[аы]?",
    },
    "zh": {
        Sense.ANYTIME: "随时",
        Sense.AT_LEAST: "至少|不少于|不低于|不早于|最少|以上",
        Sense.AT_MOST: "最多|至多|不超过|不多于|不高于|不晚于|不迟于|以下|以内",
        Sense.MORE: "超过|多于|高于|大于",
        Sense.LESS: "低于|少于|不足|小于|不到",
        Sense.WITHIN: "之内|内",
        Sense.ABOUT: "大约|约|左右|将近",
        Sense.BEFORE: "之前|以前|前",
        Sense.AFTER: "之后|以后|后|满",
        Sense.DURING: "期间",
        Sense.ONLY: "只|仅|唯一",
        Sense.ALL: "所有|全部|任何|每个|一律|总是|都",
        Sense.SOME: "一些|部分|有些|多数|少数|一半",
        Sense.USUALLY: "通常|一般|往往|有时|经常|偶尔",
        Sense.MAYBE: "可能|也许|大概|似乎|或许|认为|声称",
        Sense.IF: "如果|若|除非|除外|在需要时|仅在|的话",
        Sense.BECAUSE: "因为|由于|因此|所以|导致",
        Sense.PLAN: "建议|提议|计划|打算|希望",
    },
    "ar": {
        Sense.ANYTIME: "في أي وقت",
        Sense.AT_LEAST: "على الأقل|لا يقل عن|كحد أدنى",
        Sense.AT_MOST: "على الأكثر|لا يزيد عن|لا يتجاوز|كحد أقصى|حتى",
        Sense.MORE: "أكثر من|فوق|يزيد على|تزيد على|يتجاوز",
        Sense.LESS: "أقل من|تحت|دون",
        Sense.WITHIN: "خلال|في غضون",
        Sense.ABOUT: "حوالي|نحو|تقريبا",
        Sense.BEFORE: "قبل",
        Sense.AFTER: "بعد|منذ",
        Sense.DURING: "أثناء",
        Sense.ONLY: "فقط|حصرا",
        Sense.ALL: "كل|جميع|دائما",
        Sense.SOME: "بعض|معظم|نصف|جزئيا",
        Sense.USUALLY: "عادة|غالبا|أحيانا|نادرا",
        Sense.MAYBE: "ربما|لعل|يبدو|من المحتمل|قد",
        Sense.IF: "إذا|إلا|ما لم|بشرط|في حال|لو",
        Sense.BECAUSE: "لأن|بسبب|لذلك|نتيجة",
    },
}  # fmt: skip
"""By language; a language that is not here is compared without them."""

RISING = frozenset({Sense.AT_LEAST, Sense.MORE, Sense.AFTER, Sense.FROM})
"""Senses that let a number or date only go up."""
FALLING = frozenset({Sense.AT_MOST, Sense.LESS, Sense.WITHIN, Sense.BEFORE, Sense.TO})
FIRM = frozenset({Sense.AT_LEAST, Sense.AT_MOST, Sense.MORE, Sense.LESS})
"""Senses without which a number says something else."""
