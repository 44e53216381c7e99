"""What the sample programme is made of: invented organisations, people, networks and what they talk about."""

from dataclasses import dataclass

ABOUT = "Buurthuizen, zorg en verenigingen leren van elkaar: bij elkaar op bezoek, bij toerbeurt. **Kom eens kijken.**"
GUEST = {"name": "Noor Visser", "email": "noor@gast.example", "organisation": "Dorpshuis De Brink", "language": "nl"}
ORGANISATIONS = (
    # name, short name, town, largest room
    ("Stichting De Zonnehoek", "Zonnehoek", "Amersfoort", 24),
    ("Zorgcentrum Het Veerhuis", "Veerhuis", "Wageningen", 18),
    ("Welzijn Linderoord", "Linderoord", "Ede", 30),
    ("Thuiszorg Vogelmeer", "Vogelmeer", "Nijkerk", 16),
    ("Woongroep Molenpad", "Molenpad", "Barneveld", 20),
    ("De Kastanjehof", "Kastanjehof", "Veenendaal", 22),
    ("Stichting Waterlelie", "Waterlelie", "Rhenen", 8),
    ("Zorgboerderij Ganzenveld", "Ganzenveld", "Scherpenzeel", 40),
)
PEOPLE = """
Anouk Brands, Bas Hoekstra, Chantal Mulders, Dirk-Jan Prins, Esra Yavuz, Floor van Essen, Gijs Tromp, Hanna Wiersma,
Ilse Bakhuis, Jelle Roos, Kaoutar Idrissi, Lars Postmus, Mila de Ruiter, Niek Scholte, Olga Wiśniewska, Pim ter Haar
"""
TEAMS = (
    ("Wijkteam De Brink", "Brink", "Ede", 12),
    ("Wijkteam Zuiderpark", "Zuiderpark", "Ede", 12),
    ("Nachtteam Gelderse Vallei", "Nachtteam", "Ede", 10),
    ("Planning en Roosters", "Planning", "Ede", 10),
)
TEAM_PEOPLE = "Sanne Vermeer, Youssef Amrani, Tessa Kuipers, Ruben Bos, Marloes Dijk, Joris Smit, Fatma Kaya, Wim Pol"
GERMAN = (
    ("Caritasverein Brückental", "Brückental", "Münster", 20),
    ("Diakonie Hellweg", "Hellweg", "Soest", 16),
    ("Lebensraum Emscher", "Emscher", "Herne", 18),
    ("Werkhof Siegaue", "Siegaue", "Siegen", 12),
    ("Haus Abendrot", "Abendrot", "Lippstadt", 14),
)
GERMAN_PEOPLE = """
Antje Brandt, Bernd Kowalski, Çiğdem Arslan, Dieter Vogt, Elke Lüders, Frank Thelen, Gesa Ohlsen, Henning Maaß,
Imke Reuter, Jörg Pütz
"""


@dataclass(frozen=True)
class Question:
    """Something asked or offered between meetings, and what others know: (one of the choices or "", answer)."""

    title: str
    kind: str = "question"
    why: str = ""
    choices: tuple[str, ...] = ()
    unnamed: bool = False
    replies: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Sample:
    """A network of the sample. `talked`: topics in the order they were chosen; `outcomes`, `agreed`: by turns."""

    name: str
    goal: str
    mode: str
    weekday: int
    start: str
    minutes: int
    number: int
    members: int
    form: str  # its working form
    question: str
    talked: tuple[str, ...]
    outcomes: tuple[str, ...]
    agreed: tuple[str, ...]
    moods: tuple[tuple[int, int], ...]  # atmosphere and goal, most people's choice of 1 to 5
    said: tuple[str, ...]
    years: int = 2  # of which something is known, this one included
    planned: str = "published"  # the next year: published from September on, a "draft", or "" for not yet
    begins: int = 1  # the month of its year
    consent: str = ""  # where it is recorded, who agreed to that
    wished: tuple[tuple[str, int], ...] = ()  # open topics: title, to how many it matters
    asked: tuple[Question, ...] = ()
    library: tuple[tuple[str, str, str], ...] = ()  # theme, title, address


NETWORKS = (
    Sample(
        "Vrijwilligers werven en binden",
        "Wij leren van elkaar hoe vrijwilligers zich welkom voelen en blijven.",
        "in-person",
        3,
        "13:30",
        150,
        5,
        8,
        "visit",
        "Wie bleef bij jullie het langst, en waarom?",
        (
            "Werven zonder folder",
            "De eerste honderd dagen",
            "Een vrijwilliger die te veel wil",
            "Jongeren aan boord",
            "Afscheid nemen dat klopt",
            "Vrijwilligers en beroepskrachten: wie doet wat?",
            "Vragen stellen aan de keukentafel",
            "Trainingen die blijven hangen",
            "De buurt als bron",
            "Een jaar terugkijken met vrijwilligers",
        ),
        (
            "Een vaste maatje in de eerste maand scheelt de helft van de uitval\n"
            "Wie vooraf een middag meeloopt, kiest bewuster",
            "Mensen komen voor mensen, niet voor een functie\nEen kort gesprek na drie weken voorkomt stil vertrek",
            "Duidelijke grenzen geven rust\nDe coördinator is er voor de vraag, niet voor het rooster",
        ),
        ("Zonnehoek deelt het kaartje met vragen voor het startgesprek", "Linderoord probeert de meeloopmiddag uit"),
        ((3, 3), (4, 3), (3, 4), (4, 4), (4, 4), (5, 4)),
        ("Meer tijd voor het napraten, graag.", "De rondleiding zei meer dan tien folders."),
        wished=(("Een warm welkom voor wie nieuw is", 6), ("Waardering zonder budget", 4), ("De wachtlijst korter", 2)),
        asked=(
            Question(
                "Welk programma voor het rooster, en hoe bevalt het?",
                why="Ons contract loopt in het voorjaar af.",
                choices=("bevalt goed", "gaat wel", "bevalt niet"),
                replies=(
                    ("bevalt goed", "Een gedeelde tabel, meer niet"),
                    ("gaat wel", "Veel functies, weinig gebruikt"),
                    ("bevalt niet", "Vrijwilligers kunnen er niet bij"),
                ),
            ),
            Question(
                "Ik help wie een startgesprek wil oefenen",
                "offer",
                replies=(("", "Graag! Onze leidraad: https://startgesprek.example/leidraad"),),
            ),
        ),
        library=(
            ("Werven", "Vijf vragen voor een startgesprek", "https://startgesprek.example/vijf-vragen"),
            ("Behouden", "Kaartje na honderd dagen", "https://welkom.example/kaartje"),
        ),
    ),
    Sample(
        "Teamcoaches online",
        "Elke twee maanden een vraag uit de praktijk, samen uitgeplozen.",
        "online",
        1,
        "15:30",
        90,
        5,
        6,
        "intervision",
        "Welke vraag houdt je deze week bezig?",
        (
            "Een team dat de hakken in het zand zet",
            "Coachen op afstand",
            "De leidinggevende in de kring",
            "Wanneer stop je?",
            "Stille teamleden",
            "Rouw in het team",
            "Na de reorganisatie",
            "Teams die alles al weten",
            "Rolzuiver blijven",
            "Feedback die aankomt",
        ),
        (
            "Eerst vertragen, dan pas de vraag\nDe weerstand wees de weg naar wat ertoe deed",
            "Een halve minuut stilte leverde meer op dan drie adviezen",
        ),
        ("Veerhuis stuurt de zes fasen op één bladzijde rond",),
        ((4, 3), (4, 4), (3, 4), (4, 4)),
        ("Precies op tijd klaar, fijn.",),
        years=1,
        begins=9,
        wished=(("Feedback geven aan een collega", 5), ("Een team dat niet meer lacht", 3)),
    ),
    Sample(
        "Koken met bewoners",
        "Van aanbod naar samen doen: eten als middel voor ontmoeting.",
        "mixed",
        2,
        "10:00",
        150,
        5,
        7,
        "round",
        "Welk gerecht maakt bij jullie de tongen los?",
        (
            "Soep voor de hele gang",
            "Hygiëne zonder angst",
            "Koken met wie vergeet",
            "Een kookclub met de buurt",
            "Van keuken tot moestuin",
            "Eten uit ieders jeugd",
            "Samen snijden, samen praten",
            "De rekening van het restaurant",
            "Koken bij slecht weer",
            "Een feest voor vijftig",
        ),
        ("Kleine groepjes van vier werken het best\nEen recept is vooral een aanleiding",),
        ("Kastanjehof zet de hygiënekaart in de map", "Molenpad vraagt de buurtsuper om een krat per week"),
        ((4, 4), (5, 4), (4, 3)),
        ("De soep was heerlijk.",),
        years=1,
        planned="",
        wished=(("Samen de boodschappenlijst maken", 4), ("Eten voor wie niet mag kauwen", 2)),
    ),
)
TEAM_THAT_LEARNS = Sample(
    "Wijkzorg leert samenwerken",
    "Elke maand één stap beter samenwerken; we kijken openlijk naar de sfeer en naar wat het oplevert.",
    "in-person",
    4,
    "09:00",
    60,
    10,
    4,
    "dilemma",
    "Waarover zwegen we deze maand?",
    (
        "Wie beslist er als het rooster niet rond is?",
        "De overdracht van dag naar nacht",
        "Dilemma: zorg weigeren of overwerken",
        "Wat mag een fout kosten?",
        "Nieuwe collega's in de eerste week",
        "Dilemma: eerlijk zijn tegen familie",
        "Minder app, meer gesprek",
        "De huddle van tien minuten",
        "Ruimte voor wie stil is",
        "Dilemma: snel of samen",
    ),
    (
        "De nacht wil één regel per bewoner, niet een heel verslag\nVragen om hulp hoort bij het werk",
        "Wie beslist, staat nu op het bord\nHet dilemma blijft, maar niemand draagt het alleen",
    ),
    ("Planning hangt het besluitbord op", "Het Nachtteam probeert de overdracht van vijf minuten"),
    ((3, 2), (3, 3), (4, 3), (4, 4), (3, 3), (2, 2), (2, 3), (3, 3), (4, 3), (4, 4)),
    ("Het mocht wat scherper.", "Fijn dat het dilemma een dilemma mocht blijven."),
    years=1,
    planned="draft",
    wished=(("Hulp vragen zonder je klein te voelen", 4), ("Eén team of twee?", 3)),
    asked=(
        Question(
            "Zeg ik wat ik zie, of wacht ik tot iemand erom vraagt?",
            "dilemma",
            "Beide is eerlijk. *Wat doet het met de ander?*",
            unnamed=True,
            replies=(("", "Ik vraag eerst of de ander het horen wil."),),
        ),
    ),
)
PEER_CALL = Sample(
    "Austausch Quartiersarbeit",
    "Einmal im Monat eine Stunde: kurzer Impuls, Fragen, Austausch. Wer fehlt, liest und hört nach.",
    "online",
    2,
    "11:00",
    60,
    10,
    5,
    "call",
    "Was hat in Ihrem Quartier zuletzt Menschen zusammengebracht?",
    (
        "Der offene Mittagstisch",
        "Ehrenamt neu gewinnen",
        "Digitale Sprechstunde",
        "Einsamkeit erkennen",
        "Kooperation mit der Kommune",
        "Förderanträge ohne Frust",
        "Begegnung auf dem Parkplatz",
        "Nachbarschaftshilfe organisieren",
        "Konflikte im Haus",
        "Sommer im Quartier",
        "Welche Werkzeuge nutzen wir?",
        "Ein Jahr im Rückblick",
    ),
    (
        "Persönlich ansprechen wirkt mehr als jedes Plakat\nEin fester Wochentag schafft Verlässlichkeit",
        "Die Kommune hilft gern, wenn die Frage klein ist\nProtokolle mit drei Zeilen werden gelesen",
    ),
    ("Hellweg verschickt die Vorlage für den Aushang", "Emscher fragt bei der Stadt nach dem Raum"),
    ((4, 3), (4, 4), (4, 4), (5, 4)),
    ("Kurz und gut.", "Gern mehr Zeit für Fragen."),
    years=1,
    consent="Alle Anwesenden waren mit der Aufnahme einverstanden.",
    wished=(("Fachkräfte halten", 4), ("Quartier und Klima", 2)),
    asked=(
        Question(
            "Wer hat eine Vereinbarung mit der Stadt über Räume?",
            why="Wir verhandeln im nächsten Monat.",
            replies=(("", "Wir, und sie passt auf eine Seite: https://raum.example/vereinbarung"),),
        ),
    ),
    library=(("Räume", "Muster für eine Nutzungsvereinbarung", "https://raum.example/muster"),),
)
FORMING = ("Jonge mantelzorgers", "In oprichting: wie doet mee?")
