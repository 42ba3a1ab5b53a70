"""Words that say nothing about what a question is after, by language."""

STOP_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "a about above after again all also am an and any are aren as at be because been"
        " before being below between both but by can cannot could couldn d did didn do does"
        " doesn doing don down during each either else ever every few for from further get give"
        " given got had hadn has hasn have haven having he her here hers him his how i if in"
        " into is isn it its itself just ll let m many me might more most much must my no"
        " nor not of off on once only or other our ours out over own please re s same shall she"
        " should shouldn so some such t tell than that the their theirs them then there these"
        " they this those through to too under until up us ve very was wasn we were weren what"
        " when where whether which while who whom whose why will with won would wouldn you your"
        " yours find show say says said explain describe list does anything something",
        "de": "ab aber alle allem allen aller alles als also am an andere anderen auch auf aus"
        " bei beim bin bis bitte da dabei dafür daher damit dann daran darauf darf das dass daß"
        " davon dazu dein deine dem den denen denn der deren des dessen die dies diese diesem"
        " diesen dieser dieses doch dort du durch ein eine einem einen einer eines er es etwa"
        " etwas euch euer für gegen gibt hab habe haben hat hatte hatten hier hin ich ihm ihn"
        " ihnen ihr ihre ihrem ihren ihrer im in indem ins ist ja jede jedem jeden jeder jedes"
        " kann kein keine keinem keinen keiner können könnte man manche mein meine meinem meinen"
        " meiner mich mir mit muss muß müssen nach nicht nichts noch nun nur ob oder ohne sehr"
        " sein seine seinem seinen seiner seit sich sie sind so soll sollen sollte sondern sowie"
        " über um und uns unser unsere unter vom von vor wann war waren warum was weg wegen weil welche"
        " welchem welchen welcher welches wenn wer werde werden wessen wie wieder wieso wieviel"
        " wie viel viele will wir wird wo wohin woher wofür womit worden wurde wurden während zu"
        " zum zur zwischen",
        "fr": "à ai ainsi alors après as au aucun aura aussi autre aux avait avant avec avoir ayant"
        " c ce ceci cela celle celles celui ces cet cette ceux chaque chez ci combien comme"
        " comment d dans de depuis des dois doit doivent donc dont du elle elles en encore entre"
        " es est et étaient était étant été être eu eux fait faut il ils j je l la là laquelle"
        " le lequel les lesquelles lesquels leur leurs lors lui m ma mais me même mes moi mon n"
        " ne ni nos notre nous on ont ou où par pas pendant peu peut peuvent plus pour pourquoi"
        " qu quand que quel quelle quelles quels qui quoi s sa sans se selon sera ses si soit"
        " son sont sous sur t ta te tes toi ton tous tout toute toutes très tu un une vers vos"
        " votre vous y",
        "es": "a al algo alguna algunas alguno algunos ante antes así aun aunque bajo bien cada como"
        " cómo con contra cosa cual cuál cuales cuáles cuando cuándo cuanta cuánta cuántas cuanto cuánto"
        " cuántos de debe deben del desde donde dónde dos e el él ella ellas ellos en entre era"
        " eran es esa esas ese eso esos esta está están estas este esto estos fue fueron ha"
        " había han hasta hay la las le les lo los me mi mientras mis muy más nada ni no nos"
        " nosotros o otra otras otro otros para pero por porque puede pueden pues que qué quien"
        " quién quienes se sea según ser si sí sido sin sobre son su sus también tan tanto te"
        " tiene tienen todo todos tu tus un una unas uno unos usted y ya yo",
        "it": "a ad agli ai al alla alle allo anche c che chi ci cioè col come con contro cosa così cui"
        " d da dagli dai dal dalla dalle dallo degli dei del dell della delle dello deve devono di"
        " dopo dove due e è ed era erano essere fa fino fra gli ha hanno i il in io l la le lei"
        " li lo loro lui ma me mi mia mio ne negli nei nel nella nelle nello no noi non nostra"
        " nostro o ogni ora per perché però più può possono prima qual quale quali quando quanta"
        " quante quanti quanto quella quelle quelli quello questa queste questi questo qui se sei"
        " senza si sia sono sta sua sue sugli sui sul sulla sulle suo suoi te ti tra tu tua tuo"
        " tutti tutto un una uno vi voi",
        "pt": "a ao aos as às até com como contra da das de dela dele deles depois desde deve devem"
        " do dos e é ela elas ele eles em entre era eram essa essas esse esses esta está estão"
        " este estes eu foi foram há isso isto já lhe lhes mais mas me mesmo meu meus minha muito"
        " na não nas nem no nos nós nossa nosso num numa o onde os ou para pela pelas pelo pelos"
        " pode podem por porque porquê qual quais quando quanta quantas quanto quantos que quê"
        " quem se sem ser será seu seus são só sob sobre sua suas também te tem têm tinha todo"
        " todos tu um uma umas uns você vocês",
        "nl": "aan af al alle alles als altijd andere ben bij daar dan dat de der deze die dit door dus"
        " een en er ge geen had heb hebben heeft hem het hier hij hoe hoeveel hun iets ik in is ja"
        " je kan kon kunnen maar me meer men met mij mijn moet moeten na naar niet niets nog nu"
        " of om omdat onder ons ook op over te tegen toch toen tot u uit uw van veel voor waar"
        " waarom wanneer want waren was wat welke werd wie wij wil worden wordt zal ze zelf zich"
        " zij zijn zo zonder zou",
        "sv": "all alla allt än andra att av blev bli blir de dem den denna deras dess dessa det detta"
        " dig din dina ditt du där då efter ej eller en er ett från för ha hade han hans har hon"
        " honom hur hos här i icke in ingen inom inte jag kan kunde man många med mellan men mig"
        " min mina mitt mot mycket ni nu när någon något några och om oss på sedan sig sin sina"
        " ska skall skulle som så till under upp ut utan vad var vara varför varit varje vars vart"
        " vem vi vid vilka vilken vilket är över",
        "da": "af alle alt anden at blev blive bliver da de dem den denne der deres det dette dig din"
        " disse du efter eller en end er et for fra få gør ham han hans har havde hende hendes her"
        " hos hun hvad hvem hvilke hvilken hvis hvor hvordan hvorfor hvornår i ikke ind ingen jeg"
        " kan kun kunne man mange med meget men mig min mod mit må ned nej nogle noget nu når og"
        " også om op os over på sig sin sine sit skal skulle som sådan thi til ud under var ved vi"
        " vil ville vor være været",
        "no": "alle at av bare ble bli blir da de deg den denne der dere deres det dette dine dit du"
        " eller en er et etter for fra før ha hadde han hans har hennes her hos hun hva hvem hver"
        " hvilke hvilken hvis hvor hvordan hvorfor i ikke ingen inn jeg kan kun kunne man mange med"
        " meg mellom men min mot må mye når noe noen nå og også om opp oss over på seg sin skal"
        " skulle slik som til ut uten var ved vi vil ville vår være vært",
        "fi": "ei eivät emme en että ehkä hän häntä he heidän heitä hänen itse ja jo joka jos jotka joita"
        " jonka jolla jossa kanssa keneltä kenen ketkä koska koskien kuin kuinka kuka kun me meidän"
        " mikä mihin miksi milloin millainen minä missä mistä mitä mitkä mutta myös ne niiden niin"
        " niitä no nyt nämä olen oli olivat olla on ollut ovat paljon se sekä sen siitä sinä sitä"
        " tai tämä tämän te vai vain voi",
        "pl": "a aby albo ale ani bardzo bez bo być by był była było były ci co czy czyli dla do gdy"
        " gdzie go i ich ile im inne ja jak jaka jaki jakie jako je jego jej jest jeszcze jeśli już"
        " kiedy kto która które którego której który których którzy lub ma mają może mi mnie można"
        " na nad nas nasz nie niego nim o od on ona one oni ono oraz po pod podczas ponieważ przed"
        " przez przy są się sobie ta tak także tam te tego tej ten to tu tutaj ty tych tym u w we"
        " więc wszystko z za ze że",
        "cs": "a aby ale ani asi až bez bude budou by byl byla byli bylo být co což či další do ho i"
        " jak jaká jaké jaký jako je jeho jej její jejich jen ještě ji jsem jsou již k kam kde kdo"
        " kdy když ke kolik která které kterého který kteří má mají mezi mi může na nad nebo není"
        " než o od on ona oni ono pak po pod podle pokud pro proč protože první před při s se si"
        " svůj ta tak také tato te tedy ten tento to toho tom tu ty u v ve více však z za že ze",
        "ru": "а без был была были было быть в вам вас весь во вот все всего всех вы где да для до"
        " его ее её если есть еще ещё же за здесь и из или им их к как какая какие какого какой"
        " каком каков какова каковы ко когда кого кому которая которого которое которой которые"
        " который которых кто куда ли либо мне много может можно мой моя мы на над надо наш не него"
        " нее ней нельзя нет ни них но ну о об однако он она они оно от откуда очень по под после"
        " почему при про с сам свой своего себя сколько со так также такие такой там те тем то"
        " тоже того той только том ты у уже чего чей чем что чтобы чья эта эти это этого этой"
        " этом этот этих я является",
        "uk": "а або але без був була були було бути в вам вас весь від він вона вони воно все вся де"
        " для до же з за зі і із її їх й його коли кого ким кому котрий крім куди ли має між мене"
        " ми мій може можна на навіть над наш не немає ні них ну о під після по при про саме себе"
        " скільки та так також там те теж ти тим тільки то того тому у хто це цей ця ці чи чий чим"
        " чого чому що щоб як яка який які якого якій якої я є",
        "tr": "acaba ama ancak bana bazı belki ben bir biri birçok biz bu buna bunda bundan bunlar"
        " bunu bunun çok çünkü da daha de değil diye dolayı en gibi hangi hangisi hem hep her hiç"
        " için ile ise kadar kez ki kim kime kimin mı mi mu mü nasıl ne neden nedir nerede nereye"
        " niçin niye o olan olarak oldu olduğu on ona onlar onu onun orada sanki siz şey şu tüm"
        " var ve veya ya yani yok",
        "ar": "في من إلى الى على عن مع هل ما ماذا متى أين اين كيف لماذا كم أي اي هو هي هم هن هذا هذه"
        " ذلك تلك التي الذي الذين اللذان اللتان هنا هناك كان كانت يكون تكون قد لقد لم لن لا إن ان"
        " أن أو او ثم بعد قبل بين كل بعض غير عند حتى إذا اذا و ف ب ل ك فيه فيها منه منها به بها له"
        " لها عليه عليها إليه إليها كما لكن بل أنا نحن أنت من الذى لدى يتم تم مما بما عما فيما من هم",
        "fa": "از با به در که را و یا این آن است بود شد می های ها برای تا بر هم نیز اگر چه چرا چگونه"
        " کجا کدام کی چند هر همه یک من تو او ما شما آنها دارد باید شود کرد کند نیست",
        "he": "של את על עם אל מן כי לא או גם אם זה זאת זו אלה הוא היא הם הן אני אתה אנחנו מה מי מתי"
        " איפה היכן איך כיצד למה מדוע כמה איזה אילו כל יש אין היה הייתה היו להיות אבל רק עוד כבר"
        " אשר לפי בין",
        "hi": "का के की को में से पर है हैं था थी थे और या कि यह वह ये वे इस उस इन उन जो तो भी ही नहीं न क्या कौन"
        " कब कहाँ कहां कैसे क्यों कितना कितने कितनी किस किसी एक हो होता होती होते गया गई कर करने करना"
        " करता लिए साथ अपने तक जब मैं हम आप मेरा",
        "el": "ο η το οι τα του της των τον την στο στη στην στον στους στις και ή να θα με σε για από"
        " που πως πώς τι ποιος ποια ποιο ποιοι ποιες πότε πού γιατί πόσο πόσα πόσοι είναι ήταν έχει"
        " έχουν δεν μη μην αν ως κατά προς μετά πριν όταν ένα ένας μία μια αυτό αυτή αυτός αυτά",
        "ro": "a ai al ale am ar are aș au ca că când care ce cel cea cei cele cine cât câte câți cu cum"
        " de deci despre din după ea ei el este eu fi fost iar în între la le lor lui mai mult ne"
        " nici nu o or pe pentru prin sa să sau se și sunt te un una unde unei unui vor",
        "hu": "a az ez egy és vagy hogy nem is csak de ha mint már még meg van volt lesz lehet kell ki"
        " mi mit mikor hol hova honnan hogyan miért mennyi hány melyik milyen aki ami amely ezt azt"
        " ennek annak ezek azok minden",
        "id": "yang dan di ke dari untuk pada dengan adalah ini itu atau juga tidak akan oleh sebagai"
        " dalam apa siapa kapan mana bagaimana mengapa berapa ada bisa dapat telah sudah saya kami"
        " kita anda mereka dia ia para",
        "vi": "là và của có các cho được với trong không này đó một những khi để thì mà từ đến gì nào"
        " sao ai đâu bao nhiêu như thế về theo ra vào bị",
        "ca": "a al als amb aquest aquesta com d de del dels el els en és i la les més no o on per"
        " perquè què quan quant qui quin quina s se són un una",
    }.items()
}

WEAK_WORDS: frozenset[str] = frozenset(
    (
        "long far often high large big small old many much kind type sort take takes get gets need"
        " needed needs happen happens happened mean means go goes use used make makes made keep"
        " back high low soon late early first number name names amount way ways person people"
        " thing things time times day date year years happen called tell mention mentioned"
        " document documents file files text according regarding information may pdf docx xlsx"
        " lange lang hoch groß oft weit teuer alt nennt heißt bedeutet braucht geschieht passiert"
        " macht gilt gibt kostet anzahl betrag uhrzeit stunde stunden name art zeit tag jahr dokument"
        " datei laut"
        " longtemps grand haut souvent besoin signifie temps heure montant nom genre jour année"
        " selon document"
        " largo alto grande necesita significa tiempo hora importe nombre tipo día año según"
        " documento"
        " lungo alto grande spesso serve significa tempo ora importo nome tipo giorno anno secondo"
        " documento"
        " долго часто высокий большой нужно значит означает называется время год день документ"
        " срок طويل كبير يعني تعني اسم وقت يوم سنة مدة نوع وثيقة"
    ).split()
)
"""Words that ask for the kind of an answer rather than for what it is about ("how long")."""

ASIAN_STOP_PHRASES: tuple[str, ...] = tuple(
    sorted(
        (
            "什么时候 几点 一共 总共 多少钱 什么 怎么样 怎么 怎样 如何 为什么 为何 多少 多久 多长 多大 几个 哪里 哪些 哪个 哪一 哪 谁 是否 有没有 请问 请 吗 呢 吧 的 了"
            " 是 在 和 与 及 或 也 都 就 还 被 把 从 到 对于 关于 以及 可以 我们 我 你 您 他 她 它 这个 那个 这些 那些 这 那 其 中 有 什麼"
            " 怎麼 為什麼 誰 嗎 這 與 いつ どこ どの どれ どう なぜ なに 何 誰 ですか ますか でしょうか です ます ください とは には では について"
            " による された される する した して いる ある から まで より など この その あの の は が を に で と も や か คืออะไร อะไร"
            " ที่ไหน เมื่อไหร่ เมื่อไร อย่างไร ทำไม เท่าไหร่ เท่าไร กี่ ใคร ไหน หรือไม่ ไหม"
            " และ หรือ ของ ที่ ใน เป็น คือ มี ได้ ให้ จะ ว่า กับ จาก"
        ).split(),
        key=lambda phrase: (-len(phrase), phrase),
    )
)
"""What is cut out of questions in scripts without spaces, longest first."""
