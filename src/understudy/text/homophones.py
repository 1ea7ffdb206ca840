"""Words that sound alike, or nearly so to a recogniser: the length of Hindi vowels, Spanish s and z."""

from __future__ import annotations

from functools import cache

_GROUPS = {
    "en": """
        their there they're | to too two | for four | your you're | its it's | hear here | right write |
        know no | by buy bye | week weak | sea see | son sun | won one | eight ate | new knew | hour our |
        wait weight | meet meat | mail male | weather whether | whose who's | then than | where wear |
        would wood | flour flower | piece peace | plane plain | road rode | sale sail | some sum |
        tail tale | through threw | way weigh | which witch | break brake | cell sell | cent scent sent |
        dear deer | fair fare | hole whole | made maid | pair pear | read red | role roll | scene seen |
        steel steal | time thyme | allowed aloud | be bee | blue blew | board bored | in inn |
        night knight | not knot | passed past | principal principle | rain reign rein | so sew | i eye |
        we'll wheel | i'll aisle | great grate | hi high | morning mourning | or oar | heard herd |
        bare bear | band banned | cereal serial | sweet suite | tea tee | toe tow | wine whine |
        pause paws""",
    "de": """
        das dass | seit seid | wider wieder | mehr meer | war wahr | man mann | den denn | viel fiel |
        ist isst | ihn in | ihm im | lehre leere | seite saite | rat rad | tod tot | stadt statt |
        mal mahl | lid lied | bald ballt | hast hasst | wart ward | weise waise | leib laib |
        mine miene | wen wenn | uhr ur | malen mahlen | singt sinkt | bund bunt | bot boot |
        fast fasst | reist reißt | stil stiel | heute häute | felle fälle | wende wände |
        stelle ställe | ehre ähre | lieder lider | bis biss | küste küsste""",
    "fr": """
        a à | et est | ou où | ces ses c'est s'est | son sont | on ont | ce se | la là | peu peut peux |
        mer mère maire | vert verre vers ver | cent sang sans | mais mes mets | leur leurs | dans d'en |
        quand quant qu'en | si s'y | ma m'a | ta t'a | sa ça | fois foi foie | père paire perd |
        cour cours court | pain pin | faim fin | eau haut au aux | temps tant t'en | prêt près |
        voix voie | point poing | compte conte comte | chant champ | mot maux | nom non | sept cet |
        vingt vin | signe cygne | saut seau sot | porc port | moi mois | toi toit | tout tous |
        jouer joué jouez | aller allé allez | met mai | lait les | plus plu | dis dit | fait fée""",
    "es": """
        a ha ah | hola ola | echo hecho | haya halla | vaya valla | tubo tuvo | bello vello |
        votar botar | ay hay ahí | hasta asta | hora ora | honda onda | vienes bienes | vaca baca |
        rayar rallar | sabia savia | basta vasta | casa caza | cien sien | cocer coser | vez ves |
        si sí | el él | tu tú | mi mí | te té | se sé | que qué | como cómo | cuando cuándo | mas más |
        aun aún | solo sólo | revelar rebelar | grabar gravar | taza tasa | voz vos | habría abría |
        e he | azar asar | de dé | donde dónde""",
    "it": """
        a ha | ai hai | anno hanno | o ho | la là | li lì | da dà | e è | si sì | se sé | ne né |
        l'ago lago | l'oro loro | c'è ce | c'era cera | l'una luna | l'etto letto | danno d'anno |
        di dì | te tè""",
    "pt": """
        a à há | as às | sem cem | conserto concerto | sessão seção cessão | mas mais | caçar cassar |
        acento assento | coser cozer | ouve houve | hora ora | passo paço | nós noz | voz vós |
        trás traz | vez vês | sela cela | sexta cesta | taxa tacha | viagem viajem | por pôr |
        conselho concelho | sinto cinto | era hera""",
    "hi": """
        और ओर | की कि | दिन दीन | में मैं | है हैं | जाति जाती | सुना सूना | कुल कूल | पिता पीता | मिल मील |
        फूल फुल | चाहिए चाहिये""",
}  # fmt: skip


@cache
def homophones(language: str) -> dict[str, tuple[str, ...]]:
    """Word -> the words it may be heard as; empty for a language without a table."""
    groups = [tuple(dict.fromkeys(group.split())) for group in _GROUPS.get(language, "").split("|")]
    return {word: tuple(other for other in group if other != word) for group in groups for word in group}
