"""Words that claim nothing by themselves, so that an answer may add them to its source."""

LIGHT: dict[str, str] = {
    "en": "area amount amounts amounting total come comes go goes make makes made set sets place"
    " totals need needs based compared found last lasts lasted take takes took taken according"
    " mention mentions mentioned state stated specify specified indicate"
    " indicated note also however additionally furthermore"
    " moreover therefore well whereas although though rather otherwise instead back around one"
    " thing"
    " date time period number fact case way kind type given there exactly respectively currently"
    " overall namely specifically once further upon onwards across per along together apply"
    " applies"
    " exist exists located called named known answer question yes maximum minimum older"
    " counts count worth equal equals mr mrs ms someone anyone user users cost costs costing"
    " thereby hereby reached working works worked"
    " happen happens involve involves"
    " used carry carried pass passed passes said refer refers",
    "de": "beträgt betragen liegt liegen höhe laut gemäß dokument text jedoch außerdem zudem sowie"
    " dabei hierbei erfolgen erfolgt handelt gilt gelten befindet befinden steht stehen wobei"
    " hingegen dagegen insgesamt beläuft gesamt zeitpunkt datum anzahl kosten findet statt möglich"
    " bekommen machen gemacht gehen geht kommt heißt nämlich jeweils derzeit auf hinaus herr frau"
    " paragraf paragraph abschnitt punkt entspricht vorgesehen geben wurde",
    "fr": "montant document texte selon cependant ailleurs également toutefois ainsi lieu"
    " est"
    " sont n'est s'agit fait effet situe trouve doit être tard tôt total nombre date ensuite prévu"
    " prévue fixé fixée correspond monsieur madame alors tandis prend prises pris rien moment"
    " besoin faut avoir",
    "es": "importe documento texto según embargo además también asimismo tiene tuvo tendrá hay"
    " encuentra"
    " corresponde total número fecha lugar tras hace así mientras señor señora realiza consiste"
    " asciende trata cuenta debe dicho dicha efectúa previsto vez",
    "it": "importo documento testo secondo tuttavia inoltre anche pari totale numero data luogo"
    " bisogna occorre oppure soltanto mentre va vanno viene vengono svolge svolgono tiene"
    " tengono verrà verranno trova corrisponde"
    " ammonta"
    " signor signora effettua previsto presso tratta riguarda avviene",
    "pt": "valor documento texto segundo porém além também total número data lugar fica"
    " corresponde",
    "nl": "bedraagt document tekst volgens echter ook bovendien totaal aantal datum plaats wordt",
    "ru": "составляет согласно документ текст однако также кроме является являются сумма всего"
    " дата"
    " причём договор находится имеет имеется размере равен данный следует указано",
    "ar": "وفقا حسب الوثيقة النص هو هي ايضا كما يبلغ تبلغ قدره قدرها يتم تم مبلغ عدد تاريخ",
}
"""Words that an answer may add, as they claim nothing by themselves."""
LIGHT_CHARACTERS = frozenset(
    "的了是在和与或为有及其之也都就而该这那被把由将要须需应以于到从对向给让等共即则且并所者时候个项处本此各每中里内"
    "根据按照文件合同规定可能能会进行金额负责表示其中"
    "はがをにのとでもへやかですますたしてるれなこそあ"
)
"""Characters of Chinese and Japanese that do the same."""
