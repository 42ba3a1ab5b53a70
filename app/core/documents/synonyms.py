"""Common words that mean the same in letters, contracts and instructions.

An answer may use another word than its source only if it stands here: a word that is new may be
made up, and no likeness in meaning tells "returned" from "withheld".
"""

SYNONYMS: dict[str, str] = {
    "en": """
    begin begins began begun start starts started commence commences beginning
    last lasts run runs take takes took lasting duration term
    end ends ended terminate terminates terminated cancel cancelled expire expires finish
    need needs require requires required requirement necessary
    get gets receive receives received receipt obtain obtains obtained entitled
    buy buys bought purchase purchases purchased
    flat apartment
    car vehicle automobile
    return returns returned refund refunded repay repaid reimburse reimbursed
    give gives hand handed return submit submitted deliver
    fix fixed repair repairs repaired mend
    replace replaced replacement replacing change changed swap
    salary wage wages remuneration
    holiday holidays vacation leave
    firm company business
    job employment
    big large
    error fault failure
    fee charge
    cost costs price amount amounts priced
    child children kids kid pupil pupils
    pupil pupils student students
    doctor physician
    have has carry carries own owns
    say says state states stated report reported reports
    show shows display displays displayed showed
    build built construct constructed
    help helps assist assistance support
    rise rises rose risen increase increases increased grow grew grown climb climbed
    fall falls fell fallen decrease decreases decreased decline declined drop dropped
    reduce reduced reduction lower lowered lowering
    reject rejected refuse refused decline declined turned
    approve approved accept accepted pass passed approval
    choose chosen select selected pick
    inform informed tell tells told notify notified
    contact call reach
    ask asked request requested requests
    send sent mail posted
    use used using usage
    use used spend spent
    minus less deducted deduct subtract
    plus addition additional extra further
    maximum most limit
    sufficient enough suffice
    wash washed clean cleaned cleaning
    remove removed take taken
    throw discard discarded dispose disposed
    stop stops stopped halt
    keep kept maintain maintained retain
    keep kept store stored
    hold held keep kept
    hold held take takes place
    check checked verify verified examine examined inspect inspected test
    allow allowed permit permitted
    begin open opens
    location place site
    happen happens occur occurs
    house home
    next following subsequent
    previous prior former earlier
    former previous
    whole entire
    about concerning regarding
    money cash
    lawyer solicitor attorney counsel
    ill sick
    illness disease sickness
    injury injured hurt
    medicine medication drug
    older over elderly
    compensate compensated compensation paid pay
    ask asks want wants demand demands
    lead leads led head heads headed chair chaired
    attend attended present participate
    live lives lived reside resides
    decide decides decided decision
    agree agreed agreement consent
    agreement contract
    lease contract agreement tenancy
    sign signed signature
    damage damaged harm harmed
    hazard danger dangerous hazardous
    quick quickly fast rapid
    gather collect collected
    explain explained
    mean means
    try tried attempt attempted
    find found discover discovered
    prevent prevents prevented avoid avoids
    choose opt
    deadline due latest
    teach teaches taught
    write written wrote
    writing written
    rent rents rented hire hired
    responsible liable
    obligated obliged
    exempt excluded
    assign assigned allocate allocated
    randomly randomised randomized random
    trip excursion outing
    coach bus
    telephone phone
    mobile cellphone
    email e-mail
    weekly week
    yearly annual annually year
    monthly month
    daily day
    quarterly quarter
    cent cents
    afterwards later
    move moves moved moving
    leave leaves left depart departs departed departure
    arrive arrives arrived arrival
    invite invited invitation
    answer answered reply replied respond responded respondents
    satisfied happy content
    warranty guarantee
    invalid void
    error mistake
    correct right accurate
    wrong incorrect
    staff personnel employees
    employee employees worker workers
    boss manager supervisor
    colleague coworker
    meeting session
    room rooms premises
    street road
    parents guardians
    school academy
    bill invoice
    letter message
    photo photograph picture
    rubbish garbage trash waste
    lift elevator
    tap faucet
    petrol gas fuel
    autumn fall
    exam examination test
    mark grade
    surgery operation
    nurse carer
    patient patients
    dose dosage
    tablet pill tablets pills
    wound injury
    fever temperature
    weigh weight
    height tall
    width wide
    length long
    depth deep
    age old
    speed fast
    distance far
    frequent often
    rare rarely seldom
    mandatory compulsory obligatory
    voluntary optional
    permit licence license permission
    lend lent loan loaned borrow borrowed
    lock locked
    amend amended modify modified alter altered change changed
    inspect inspection
    announce announced
    recommend recommended advise advised
    forecast predict predicted
    stay stays stayed remain remains remained
    show showed shown observe observed seen see
    join joins joined
    resign resigned quit
    exclude excluded expel expelled
    majority most
    fund funded finance financed
    improve improved better
    renew renewed renewal
    renovate renovated renovation
    transport transportation
    clean cleaned wash
    upright vertical
    consist consists comprise comprises made composed
    represent represents represented
    coordinate coordinates coordinated organise organises organised
    bear bears borne pay
    include includes included including contain contains contained
    cover covers covered include includes included
    prescribe prescribed order ordered
    prefer prefers preferred rather
    want wants wanted wish wishes
    raise raised raising increase increased
    postpone postponed defer deferred delay delayed
    share shared split divide divided
    gratis free
    """,
    "de": """
    beträgt betragen kostet belaufen beläuft kosten liegt betrug
    verboten untersagt
    wohnung mietwohnung
    zahlen zahlt bezahlen bezahlt entrichten gezahlt zahlung bezahlung
    tragen trägt getragen übernehmen übernimmt übernommen zahlt zahlen aufkommen
    zurückzahlen zurückgezahlt rückzahlung erstattet erstatten zurückerstattet zurück
    beginnen beginnt begonnen anfangen starten startet beginn start
    enden endet beenden beendet endete ende
    dauern dauert dauer umfasst umfassen
    stattfinden findet statt stattgefunden fand
    geben gibt gegeben verabreicht verabreichen gab
    verständigen verständigt informieren informiert benachrichtigen benachrichtigt
    prüfen prüft geprüft kontrollieren kontrolliert überprüfen überprüft
    erhöhen erhöht steigen steigt gestiegen stieg erhöhung anheben
    senken gesenkt sinken sinkt gesunken sank reduziert verringert
    ablehnen abgelehnt lehnte zurückgewiesen
    annehmen angenommen genehmigt zugestimmt beschlossen
    benutzen benutzt verwenden verwendet nutzen genutzt gebrauch nutzung verwendung
    aufbewahren aufbewahrt lagern gelagert
    reparieren repariert reparatur instandsetzung
    austauschen ausgetauscht ersetzen ersetzt wechseln gewechselt auswechseln
    schüler schülerinnen kinder kind
    arzt ärztin
    erhalten erhält bekommen bekommt erhielt
    brauchen braucht benötigen benötigt erforderlich notwendig nötig erfordert bedarf
    kaufen kauft gekauft erwerben
    firma unternehmen betrieb
    auto wagen fahrzeug
    urlaub ferien
    schicken schickt senden gesendet geschickt
    vertrag mietvertrag vereinbarung
    schriftlich schriftform
    kündigen gekündigt kündigung
    zustimmung einwilligung einverständnis erlaubnis genehmigung
    auszug ausziehen auszieht
    einzug einziehen einzieht
    mitteilen mitgeteilt
    frist kündigungsfrist
    abgeben einreichen eingereicht
    rund etwa
    """,
    "fr": """
    payer paye payé payée verser verse versé versée régler règle réglé payable paiement
    rendre rend rendu rendue restituer restitue restituée restitué rembourser remboursé remboursée
    coûter coûte coût prix tarif montant
    commencer commence débuter débute début
    finir finit terminer termine fin prendre
    durer dure durée
    recevoir reçoit obtenir obtient
    utiliser utilise utilisé employer emploi usage utilisation
    remplacer remplacé changer changé changement
    réparer réparé réparations réparation
    augmenter augmente augmentation augmenté hausse
    baisser baisse diminuer diminué diminution réduire
    accepter accepté acceptée approuver approuvé approuvée adopter adoptée
    rejeter rejeté rejetée refuser refusé refusée
    autoriser autorisé autorisés permis permise
    interdire interdit interdits défendu
    voiture véhicule
    société entreprise
    médecin docteur
    élèves étudiants enfants élève enfant
    ouvrir ouvre ouvert ouverte ouverture
    fermer ferme fermé fermée fermeture
    acheter achète acheté achat
    vendre vend vendu vente
    livrer livre livré livraison
    prévenir avertir informer informé
    lieu tenir tiendra tient dérouler déroulera
    aura tiendra
    bail contrat
    propriétaire bailleur
    locataire preneur
    vérifier contrôler
    garder conserver
    charge assurer assure assume assumer supporte
    prend prises pris prendre
    tard délai
    besoin nécessaire requis
    """,
    "es": """
    pagar paga pagará pagarán abonar abona abonará pago pagado
    devolver devuelve devolverá devuelto reembolsar reembolsa reembolsará
    cargo corren corre encarga asume
    hará hace
    costar cuesta precio importe costo coste
    empezar empieza comenzar comienza inicio inicia
    terminar termina acabar finalizar finaliza
    durar dura duración
    recibir recibe obtener obtiene
    usar usa utilizar utiliza uso
    reemplazar sustituir sustituye cambiar
    reparar reparaciones reparación arreglar
    aumentar aumenta aumentó subir subió incrementar
    bajar bajó disminuir disminuyó reducir
    aprobar aprobada aprobado aceptar aceptada
    rechazar rechazada rechazado
    permitir permite permitido autorizar autorizado
    alquiler renta arrendamiento
    inquilino arrendatario
    propietario arrendador casero
    vivienda piso
    coche vehículo
    empresa compañía
    médico doctor
    alumnos estudiantes alumno
    avisar informar notificar
    abrir abre abierto abierta abiertos apertura
    cerrar cierra cerrado cerrada cierre
    entregar entrega entregado entregado
    recoger recoge recogida
    aceptar acepta aceptan
    comprar compra compró
    vender vende vendió venta
    contrato acuerdo
    realizar celebra celebrará tendrá lugar
    regresa vuelve regresar volver
    sale salir parte
    autorización permiso consentimiento
    plazo
    """,
    "it": """
    pagare paga pagato versare versa pagamento
    restituire restituito rimborsare rimborsato
    costare costa costo prezzo spesa importo
    iniziare inizia iniziano inizieranno cominciare comincia inizio cominceranno
    finire finisce terminare termina fine
    durare dura durata
    ricevere riceve ottenere ottiene
    usare usa utilizzare utilizza uso
    sostituire sostituito sostituzione cambiare cambiato
    riparare riparazione riparazioni
    aumentare aumenta aumento
    diminuire diminuito ridurre ridotto calo
    approvare approvata approvato accettare accettata accettato
    respingere respinta respinto rifiutare
    favorevoli favore
    contrari contro
    permettere permesso consentire consentito
    affitto canone locazione
    inquilino conduttore locatario
    proprietario locatore
    macchina auto automobile
    azienda ditta società
    medico dottore
    alunni studenti
    avvisare informare
    dividere divisa suddividere suddivisa
    chiamare chiamato contattare
    aprire apre aperto aperta apertura
    chiudere chiude chiuso chiusa chiusura
    consegnare consegna consegnato consegnata
    comprare compra comprato acquisto acquistare
    vendere vende venduto vendita
    """,
    "ru": """
    составляет равна равен составляют равно стоит стоимость цена
    платит вносит оплачивает уплачивает вносится оплата плата внести платить
    возвращается вернуть возврат возвращают возвращён возвращена
    начинается начало начнётся начать
    заканчивается конец закончится
    состоится пройдёт проводится проходит проведут
    производит производится выполняет проводит делает осуществляет
    выросло увеличилось возросло повысилось выросла увеличилась
    снизилось уменьшилось сократилось упало
    запрещено нельзя
    разрешено можно
    число количество
    преподаёт ведёт преподаваться преподаёт
    договор контракт
    использовать пользоваться применять использование
    квартира жильё
    согласие разрешение
    получает получить
    открыт открыта открывается работает
    закрыт закрыта закрывается
    купил купить покупка приобрести
    продал продать продажа
    выросли увеличились
    нужно необходимо требуется
    срок сроком
    """,
}
"""Rows of words of one language that mean the same."""
