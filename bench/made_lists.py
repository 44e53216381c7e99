"""Lists as people keep them, made up: ten layouts in three languages; the same seed, the same list.

The words stand here on their own, so that what the importer knows is not what it is asked.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from app.text import slugify

LANGUAGES = ("nl", "de", "en")
UNUSED = ""


def _words(text: str) -> dict[str, list[str]]:
    """The headings of each field, Dutch, German and English, with bars between."""
    fields = re.split(r"(?m)^(\w+):$", text)[1:]
    return {
        UNUSED if field == "unused" else field: [
            " ".join(part.split()) for part in re.split(r"(?m)^  (?:nl|de|en) ", said)[1:]
        ]
        for field, said in zip(fields[::2], fields[1::2], strict=True)
    }


HEADINGS = _words("""
organisation:
  nl Organisatie | Lidorganisatie | Naam organisatie | Aangesloten organisatie | Instelling | Zorginstelling |
     Deelnemende instelling | Naam van de organisatie | Organisatienaam | Partnerorganisatie | Stichting /
     vereniging | Bedrijfsnaam | School of instelling
  de Einrichtung | Mitgliedseinrichtung | Trägerorganisation | Name der Einrichtung | Mitgliedsorganisation | Träger
     | Partnerverein | Einrichtung/Träger | Mitgliedsverein | Partnerorganisation | Organisation | Firma |
     Trägerverein | Name des Trägers
  en Organisation | Organization name | Member organisation | Institution | Company | Partner organisation | Name of
     organisation | Member institution | Employer
town:
  nl Plaats | Vestigingsplaats | Woonplaats | Stad | Plaatsnaam | Standplaats | Plaats van vestiging
  de Ort | Standort | Stadt | Sitz | Sitz der Einrichtung | Einrichtungsort | Dienstort
  en Town | City | Place | Home town | Town of the organisation
person:
  nl Contactpersoon | Naam contactpersoon | Deelnemer | Naam deelnemer | Volledige naam | Voor- en achternaam |
     Vertegenwoordiger | Naam van de deelnemer | Contactpersoon (m/v) | Aanspreekpunt en contact
  de Ansprechpartner:in | Ansprechpartner | Ansprechperson | Kontaktperson | Teilnehmer*in | Teilnehmer/-in |
     Ansprechpartner_in | Vor- und Nachname | Name der Ansprechperson | Vertreter:in (m/w/d) | Teilnehmende Person |
     AnsprechpartnerIn
  en Contact person | Contact | Participant | Full name | Contact name | Representative of the member | Name of
     contact
first:
  nl Voornaam | Roepnaam | Voornaam contactpersoon
  de Vorname | Rufname | Vorname der Ansprechperson
  en First name | Given name | Forename
infix:
  nl Tussenvoegsel | Tussenvoegsel(s) | Tussenv.
  de Namenszusatz
  en Infix
last:
  nl Achternaam | Familienaam | Achternaam contactpersoon
  de Nachname | Familienname | Zuname
  en Last name | Surname | Family name
email:
  nl E-mail | E-mailadres | Mailadres | Email | Mail contactpersoon | E-mailadres deelnemer | e-mail (werk) |
     Zakelijk e-mailadres
  de E-Mail | E-Mail-Adresse | Mailadresse | Email | Mail Ansprechperson | Kontakt-E-Mail | E-Mail (dienstlich) |
     Dienstliche Mailadresse
  en E-mail | Email address | E-mail address | Mail | Contact e-mail | Work email
phone:
  nl Telefoon | Telefoonnummer | Tel. | Mobiel | Mobiel nummer | Telefoon contactpersoon | Tel. werk
  de Telefon | Telefonnummer | Tel. | Handy | Mobilnummer | Telefon dienstlich | Rufnummer
  en Phone | Telephone | Phone number | Mobile | Mobile phone | Work phone
network:
  nl Netwerk | Lerend netwerk | Naam netwerk | Leernetwerk | Netwerkgroep | Kring | Leerkring | In welk netwerk
  de Netzwerk | Lernnetzwerk | Kompetenznetzwerk | Netzwerkname | Lernkreis | Netzwerkgruppe | Arbeitskreis |
     Arbeitsgruppe
  en Network | Learning network | Network name | Network group | Learning group | Which network
host:
  nl Gastheer | Kan hosten | Kan ontvangen | Gastheer mogelijk? | Wil ontvangen (ja/nee) | Ontvangt bijeenkomst |
     Kan gastheer zijn
  de Gastgeber | Gastgeber möglich | Gastgeber:in möglich | Kann einladen | Kann Gastgeber sein (j/n) | Lädt ein |
     Gastgeberschaft möglich?
  en Host | Can host | Hosting possible | Can host a meeting? | Able to host | Hosts
joined:
  nl Lid sinds | Deelnemer sinds | Doet mee sinds | Aangesloten sinds | Datum toetreding | Instapdatum | Lid vanaf
  de Mitglied seit | Dabei seit | Beitrittsdatum | Eintritt | Teilnahme seit | Beigetreten am | Mitglied ab
  en Member since | Joined | Joined on | Joining date | Member from | Participant since
room:
  nl Zaal | Ruimte | Naam zaal | Vergaderruimte | Zaalnaam | Vergaderzaal
  de Raum | Raumname | Besprechungsraum | Saal | Seminarraum | Tagungsraum
  en Room | Meeting room | Room name | Venue | Seminar room
seats:
  nl Capaciteit | Aantal plaatsen | Max. personen | Zitplaatsen | Zaalcapaciteit | Aantal zitplaatsen
  de Kapazität | Plätze | Sitzplätze | Raumkapazität | Anzahl Plätze | Max. Personenzahl | Raumgröße (Personen)
  en Capacity | Seats | Max people | Number of seats | Room capacity
address:
  nl Adres | Straat | Bezoekadres | Straat en huisnummer | Adres zaal
  de Adresse | Straße | Anschrift | Straße und Hausnummer | Anschrift des Raums
  en Address | Street | Street address | Visiting address
postcode:
  nl Postcode | Postcode zaal | PC
  de PLZ | Postleitzahl
  en Postcode | Zip code | Postal code
wheelchair:
  nl Rolstoeltoegankelijk | Rolstoel | Toegankelijk
  de Barrierefrei | Rollstuhlgerecht
  en Wheelchair access | Accessible
parking:
  nl Parkeren | Parkeergelegenheid
  de Parkplätze | Parken
  en Parking | Parking space
absence:
  nl Verhinderd | Wanneer niet | Niet beschikbaar | Sluitingsdagen | Verhinderingen 2027 | Kan niet op |
     Sluitingsperiode
  de Verhindert | Wann nicht | Schließzeiten | Nicht verfügbar | Schließtage 2027 | Geht nicht | Betriebsferien
  en Unavailable | When not | Not available | Closed | Closing days | Absences
reason:
  nl Toelichting | Reden
  de Grund | Erläuterung
  en Reason | Explanation
date:
  nl Datum | Datum bijeenkomst | Wanneer
  de Datum | Termin | Datum des Treffens
  en Date | Meeting date | When
preparers:
  nl Voorbereiding | Voorbereiders | Voorbereid door
  de Vorbereitung | Vorbereitet von | Vorbereitungsteam
  en Preparation | Prepared by
topic:
  nl Thema | Onderwerp | Thema bijeenkomst
  de Thema | Thema des Treffens
  en Topic | Subject | Theme
attended:
  nl Aanwezig | Aantal aanwezigen | Opkomst
  de Anwesend | Anwesende | Anzahl Teilnehmende
  en Attended | Attendance
unused:
  nl Website | Lidnummer | Factuuradres | Opmerkingen | Functie | Afdeling | Privacyverklaring akkoord | Nieuwsbrief
     | Hoe kent u ons?
  de Webseite | Mitgliedsnummer | Rechnungsadresse | Bemerkungen | Funktion | Abteilung | Datenschutz zugestimmt |
     Newsletter | Bemerkung intern
  en Website | Member number | Invoice address | Remarks | Job title | Department | Privacy consent | Newsletter |
     Notes
""")
QUESTIONS = _words("""
organisation:
  nl Hoe heet je organisatie? | Voor welke organisatie werk je? | Wat is de naam van jullie organisatie?
  de Wie heißt Ihre Einrichtung? | Für welche Einrichtung nehmen Sie teil? | Name Ihrer Organisation?
  en What is the name of your organisation? | Which organisation do you work for?
person:
  nl Wat is je naam? | Je voor- en achternaam | Hoe heet je (voor- en achternaam)?
  de Wie ist Ihr Name? | Ihr Vor- und Nachname | Ihr Name
  en What is your name? | Your first and last name | Your full name
email:
  nl Wat is je e-mailadres? | Op welk e-mailadres bereiken we je?
  de Wie lautet Ihre E-Mail-Adresse? | Ihre E-Mail
  en What is your email address? | Your e-mail
town:
  nl In welke plaats is jullie kantoor? | In welke plaats zitten jullie?
  de In welchem Ort ist Ihre Einrichtung? | An welchem Standort arbeiten Sie?
  en In which town is your office? | In which city are you based?
host:
  nl Kunnen jullie een bijeenkomst hosten? | Kunnen jullie een keer ontvangen?
  de Können Sie einmal Gastgeber sein? | Können Sie zu einem Treffen einladen?
  en Can you host a meeting? | Could your organisation host?
seats:
  nl Hoeveel personen passen er in jullie zaal? | Hoeveel mensen kunnen jullie kwijt?
  de Wie viele Personen passen in Ihren Raum? | Wie viele Plätze haben Sie?
  en How many people fit into your room? | How many seats do you have?
network:
  nl Voor welk netwerk meld je je aan? | Aan welk netwerk doe je mee?
  de Für welches Netzwerk melden Sie sich an? | In welchem Netzwerk möchten Sie mitmachen?
  en Which network do you sign up for? | Which network do you want to join?
absence:
  nl Wanneer kunnen jullie niet? | Op welke dagen kan je niet?
  de Wann können Sie nicht? | An welchen Tagen können Sie nicht?
  en When can you not come? | On which days are you not available?
diet:
  nl Heb je dieetwensen?
  de Haben Sie Allergien?
  en Do you have dietary requirements?
unused:
  nl Wat hoop je te leren? | Heb je nog vragen?
  de Was möchten Sie lernen? | Haben Sie noch Fragen?
  en What do you hope to learn? | Any questions?
""")
CONTACTS = _words("""
first:
  nl First Name | Voornaam
  de First Name | Vorname
  en First Name | First Name
infix:
  nl Middle Name | Middelste naam
  de Middle Name | Weitere Vornamen
  en Middle Name | Middle Name
last:
  nl Last Name | Achternaam
  de Last Name | Nachname
  en Last Name | Last Name
organisation:
  nl Organization Name | Bedrijf
  de Organization Name | Firma
  en Organization Name | Company
unused:
  nl E-mail 1 - Label | E-mailweergavenaam
  de Phone 1 - Label | E-Mail: Angezeigter Name
  en Organization Title | E-mail Display Name
email:
  nl E-mail 1 - Value | E-mailadres
  de E-mail 1 - Value | E-Mail-Adresse
  en E-mail 1 - Value | E-mail Address
phone:
  nl Phone 1 - Value | Telefoon op werk
  de Phone 1 - Value | Telefon geschäftlich
  en Phone 1 - Value | Business Phone
address:
  nl Address 1 - Street | Werkadres, straat
  de Address 1 - Street | Straße geschäftlich
  en Address 1 - Street | Business Street
town:
  nl Address 1 - City | Werkadres, plaats
  de Address 1 - City | Ort geschäftlich
  en Address 1 - City | Business City
""")
LAYOUTS: dict[str, tuple[str, ...]] = {
    "members": ("organisation", "town", "person", "email", "phone", "network"),
    "names apart": ("first", "infix", "last", "email", "organisation", "network", UNUSED),
    "web form": ("email", "organisation", "person", "town", "host", "network", "diet", UNUSED),
    "rooms": ("organisation", "room", "seats", "address", "postcode", "town", "wheelchair", "parking"),
    "absences": ("organisation", "absence", "reason"),
    "history": ("date", "network", "host of", "preparers", "topic", "attended"),
    "hosting": ("organisation", "joined", "host", "seats", "network", UNUSED),
    "google contacts": ("first", "infix", "last", "organisation", UNUSED, "email", "phone", "address", "town"),
    "outlook contacts": ("first", "infix", "last", "organisation", "address", "town", "phone", "email", UNUSED),
    "members again": ("network", "organisation", "town", "first", "last", "email", "joined", UNUSED),
}
_FIRST = """
Ann Bob Cem Dieke Els Fatma Guus Hanna Ivo Jutta Karin Lars Mieke Niels Olga Petra Ruud Silke Tom Ute Wim
Yvonne
"""
FIRST = _FIRST.split()
_LAST = """
Bakker Cools Demir Eck Fischer Groot Huber Jansen Klein Lang Maas Neumann Otto Peters Roth Smit Thiel Vos
Weber Zander
"""
LAST = _LAST.split()
_HOUSES = """
Alfa Linde Sonne Rosenhof Berkel Waterkant Am_Park De_Brug Nordlicht Zonnehof Kastanie Vennehof Tannenhof
Beekzicht
"""
HOUSES = _HOUSES.split()
KINDS = {
    "nl": ("Stichting {}", "{} Zorg", "Basisschool {}", "{}", "Huize {}"),
    "de": ("Haus {}", "{} gGmbH", "Verein {} e.V.", "Kita {}", "{}"),
    "en": ("{} Trust", "{} School", "{} Care", "{}", "The {}"),
}
TOWNS = {
    "nl": ["Zwolle", "Deventer", "Kampen", "Meppel", "Almelo", "Ede", "Tiel"],
    "de": ["Ulm", "Köln", "Kiel", "Bonn", "Jena", "Soest", "Husum"],
    "en": ["Utrecht", "Berlin", "Arnhem", "Bremen", "Leiden", "Hamm", "Goes"],
}
YES = {"nl": ("ja", "nee"), "de": ("ja", "nein"), "en": ("yes", "no")}
TEXTS = {
    "nl": ["graag contact opnemen", "zie bijlage", "was er vorig jaar ook bij"],
    "de": ["bitte melden", "siehe Anlage", "war letztes Jahr dabei"],
    "en": ["please call", "see attachment", "took part last year"],
}


@dataclass(frozen=True)
class MadeList:
    layout: str
    language: str
    rows: list[list[str]]  # headings first
    truth: list[str]  # what each column means


def lists(seeds: int) -> Iterator[MadeList]:
    for language in LANGUAGES:
        for layout in LAYOUTS:
            for seed in range(seeds):
                yield made(layout, language, Random(f"{layout} {language} {seed}"))


def made(layout: str, language: str, chance: Random) -> MadeList:
    fields = list(LAYOUTS[layout])
    if layout not in ("history", "google contacts", "outlook contacts"):
        chance.shuffle(fields)
    headings = [_of_layout(layout, field, language, chance) for field in fields]
    people = [(chance.choice(FIRST), chance.choice(LAST)) for _n in range(chance.randint(8, 25))]
    houses = [chance.choice(KINDS[language]).format(chance.choice(HOUSES).replace("_", " ")) for _person in people]
    networks = [f"{chance.choice(['Zorg', 'Kring', 'Team', 'Regio'])} {side}" for side in ("Noord", "Zuid", "Mitte")]
    rows = [
        [_cell(*column, language, *pair, networks, chance) for column in zip(fields, headings, strict=True)]
        for pair in zip(people, houses, strict=True)
    ]
    return MadeList(layout, language, [headings, *rows], ["host" if field == "host of" else field for field in fields])


def _of_layout(layout: str, field: str, language: str, chance: Random) -> str:
    of_language = LANGUAGES.index(language)
    if layout in ("google contacts", "outlook contacts"):
        return CONTACTS[field][of_language].split(" | ")[layout == "outlook contacts"]
    words = QUESTIONS if layout == "web form" else HEADINGS
    return _heading(words["host" if field == "host of" else field][of_language], chance)


def _heading(words: str, chance: Random) -> str:
    heading = chance.choice(words.split(" | "))
    dressed: list[Callable[[str], str]] = [
        str,
        str,
        str,
        str.upper,
        str.lower,
        "{}:".format,
        "{} *".format,
        " {} ".format,
    ]
    return chance.choice(dressed)(heading)


def _cell(
    field: str, heading: str, language: str, person: tuple[str, str], house: str, networks: list[str], chance: Random
) -> str:
    first, last = person
    yes_no = chance.choice(YES[language])
    day = f"{chance.randint(1, 28)}-{chance.randint(1, 12)}-{chance.choice([2023, 2024, 2026])}"
    texts = {
        "organisation": house,
        "host of": house,
        "preparers": house,
        "town": chance.choice(TOWNS[language]),
        "person": chance.choice([f"{first} {last}", f"{first} {last}", f"{last}, {first}"]),
        "first": first,
        "infix": chance.choice(["", "van", "de", "van der"]),
        "last": last,
        "email": f"{first}.{last}{chance.randint(1, 99)}@{slugify(house)}.example".lower(),
        "phone": f"0{chance.randint(10, 99)} {chance.randint(1000000, 9999999)}",
        "network": chance.choice(networks),
        "host": chance.choice([yes_no, yes_no, f"{yes_no}, {chance.choice(TEXTS[language])}"]),
        "joined": chance.choice([day, str(chance.randint(2015, 2026))]),
        "room": chance.choice(["Zaal 1", "Serre", "Saal A", "Room 2", "Aula", "Raum 12"]),
        "seats": str(chance.choice([8, 10, 12, 16, 20, 25, 40])),
        "address": f"{chance.choice(['Kade', 'Hauptstraße', 'Markt', 'Dorpsweg'])} {chance.randint(1, 90)}",
        "postcode": f"{chance.randint(1000, 9999)} AB" if language == "nl" else str(chance.randint(10000, 99999)),
        "wheelchair": yes_no,
        "parking": chance.choice(TEXTS[language]),
        "absence": chance.choice(
            [day.rpartition("-")[0], "wk 12" if language == "nl" else "KW 12", f"{day} - {day}", ""]
        ),
        "date": day.replace("2023", "2026").replace("2024", "2026"),
        "topic": chance.choice(["Onboarding", "Werkdruk", "Personal", "Digital"]),
        "attended": str(chance.randint(5, 20)),
        "salutation": chance.choice(["Herr", "Frau"]),
        "title": chance.choice(["", "Dr."]),
        "diet": chance.choice(["", "vegan", yes_no]),
    }
    return texts.get(field, _unused(heading, language, chance))


def _unused(heading: str, language: str, chance: Random) -> str:
    low = heading.lower()
    if "web" in low:
        return f"www.{chance.choice(HOUSES).lower()}.example"
    if "num" in low:
        return str(chance.randint(100, 999))
    if any(word in low for word in ("priva", "daten", "news", "nieuws")):
        return chance.choice(YES[language])
    if "display" in low or "weergave" in low or "angezeigt" in low:
        return f"{chance.choice(FIRST)} {chance.choice(LAST)} (a@b.example)"
    if "typ" in low or "label" in low:
        return chance.choice(["SMTP", "Work"])
    return chance.choice(TEXTS[language])
