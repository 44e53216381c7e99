"""Which heading means which field, in Dutch, German and English. Compared without case, accents and signs."""

import re

from app.importing.cells.person_names import key

_WORDS = {
    "organisation": (
        "organisatie, organisatienaam, naam organisatie, lidorganisatie, deelnemende organisatie, instelling, "
        "zorginstelling, zorgorganisatie, lid, bedrijf, school, gemeente, organisation, organization, "
        "organisation name, member organisation, member, company, institution, einrichtung, name der "
        "einrichtung, mitgliedsorganisation, mitglied, trager, tragername, trager der einrichtung, einrichtungstrager, "
        "einrichtungsname, praxis, praxisname, name der praxis, organisationsname, firma, verein"
    ),
    "town": (
        "plaats, woonplaats, standort, wohnort, stad, vestigingsplaats, locatie plaats, town, city, "
        "place, ort, stadt, gemeinde"
    ),
    "first": "voornaam, roepnaam, first name, firstname, given name, forename, vorname",
    "postcode": "postcode, pc, plz, postleitzahl, postal code, zip, zip code",
    "region": (
        "bundesland, land, regio, schoolregio, vakantieregio, region, ferienregion, schulferien region, "
        "federal state, state"
    ),
    "infix": "tussenvoegsel, tussenv, tv, tussenvoegsels, voorvoegsel, infix, prefix, namenszusatz",
    "last": "achternaam, familienaam, last name, lastname, surname, family name, nachname, familienname",
    "person": (
        "contactpersoon, contact, naam contactpersoon, deelnemer, naam deelnemer, volledige naam, persoon, "
        "vertegenwoordiger, contact person, contact name, participant, full name, person, ansprechperson, "
        "ansprechpartner, ansprechpartnerin, kontakt, kontaktperson, teilnehmer, teilnehmerin, teilnehmende, "
        "vor und nachname, name der ansprechperson, name vorname, vorname name, vertretung"
    ),
    "name": "naam, name",
    "email": (
        "e mail, email, mail, e mailadres, emailadres, mailadres, e mail adres, email address, e mail "
        "address, mail address, e mail adresse, emailadresse, mailadresse, mail adresse"
    ),
    "phone": (
        "telefoon, telefoonnummer, tel, mobiel, 06, phone, telephone, mobile, telefon, telefonnummer, handy, mobil"
    ),
    "network": (
        "netwerk, netwerknaam, naam netwerk, lerend netwerk, leernetwerk, groep, network, network name, "
        "learning network, group, netzwerk, lernnetzwerk, kompetenznetzwerk, gruppe"
    ),
    "rhythm": (
        "ritme, frequentie, vergaderritme, vast moment, hoe vaak, rhythmus, turnus, frequenz, haufigkeit, "
        "treffrhythmus, wie oft, rhythm, frequency, how often"
    ),
    "room": (
        "zaal, ruimte, naam zaal, vergaderruimte, vergaderzaal, locatie, zaalnaam, naam ruimte, room, room "
        "name, meeting room, venue, raum, raumname, besprechungsraum, saal, name raum"
    ),
    "seats": (
        "cap, capaciteit, max personen, maximum personen, max aantal personen, aantal personen, max, "
        "plaatsen, aantal plaatsen, zitplaatsen, capacity, seats, max people, maximum, places, kapazitat, "
        "platze, sitzplatze, max personenzahl, personen"
    ),
    "host": (
        "gastheer, gastvrouw, ontvangende organisatie, ontvangt, ontvangen, kan ontvangen, wil ontvangen, "
        "gastheer ja nee, host, hosts, can host, hosting, hosted by, gastgeber, gastgeberin, gastgebende "
        "einrichtung, kann einladen, einladend, kann gastgeben, kann gastgeber sein, gastgeber sein moglich, kann "
        "gastgeberin sein, ladt ein"
    ),
    "absence": (
        "verhinderd, wanneer niet, verhindering, verhinderingen, niet beschikbaar, afwezig, afwezigheid, "
        "sluiting, sluitingsperiode, unavailable, not available, absence, absences, closed, when not, "
        "verhindert, nicht verfugbar, abwesend, abwesenheit, abwesenheiten, schliesszeit, schliesszeiten, "
        "schliesstage, betriebsferien, geht nicht, "
        "nicht moglich, urlaub, wann nicht"
    ),
    "until": "t m, tot en met, einddatum, eind, tot, until, end date, end, bis, enddatum, ende",
    "since": "van, vanaf, begindatum, startdatum, from, start date, start, von, ab, anfangsdatum, beginn",
    "reason": "toelichting, reden, uitleg, reason, explanation, grund, erlauterung",
    "joined": (
        "lid sinds, doet mee sinds, dabei seit, deelnemer sinds, sinds, ingestapt, startdatum lidmaatschap, "
        "toegetreden, joined, member since, since, mitglied seit, seit, dabei seit, eintritt, "
        "eintrittsdatum, beitrittsdatum, beitritt, beigetreten"
    ),
    "date": "datum, dag, wanneer, date, day, when, tag, termin, wann, datum des treffens",
    "time": (
        "tijd, tijdstip, aanvang, begintijd, aanvangstijd, starttijd, hoe laat, time, start time, uhrzeit, zeit, "
        "startzeit, anfangszeit"
    ),
    "end_time": "eindtijd, end time, endzeit, uhrzeit ende",
    "preparers": (
        "voorbereiding, voorbereider, voorbereiders, voorbereid door, preparation, preparer, preparers, "
        "prepared by, vorbereitung, vorbereitet von, vorbereitende, vorbereitungsteam"
    ),
    "topic": "thema, onderwerp, topic, subject, theme",
    "attended": (
        "aanwezig, aantal aanwezigen, aanwezigen, opkomst, attended, attendance, present, anwesend, "
        "anwesende, teilnahme"
    ),
    "status": "status, stand, doorgegaan",
    "parking": "parkeren, parkeergelegenheid, parking, parken, parkplatz, parkplatze",
    "transport": "ov, openbaar vervoer, bereikbaarheid, route, public transport, opnv, anfahrt, erreichbarkeit",
    "wheelchair": (
        "rolstoel, rolstoeltoegankelijk, toegankelijk, wheelchair, wheelchair access, accessible, rollstuhl, "
        "rollstuhlgerecht, barrierefrei"
    ),
    "screen": "scherm, beamer, presentatiescherm, screen, projector, bildschirm, leinwand",
    "address": "adres, straat, bezoekadres, address, street, adresse, strasse, anschrift",
    "remark": (
        "opmerking, opmerkingen, opm, notitie, notities, bijzonderheden, remark, remarks, note, notes, "
        "comment, comments, bemerkung, bemerkungen, notiz, anmerkung, anmerkungen"
    ),
    # Read so that they can be left out and listed: nothing here needs them.
    "birth": (
        "geboortedatum, geb datum, geboren, leeftijd, birth date, date of birth, birthday, geburtsdatum, "
        "geboren am, alter, age"
    ),
    "diet": (
        "dieet, dieetwensen, dieetwens, allergieen, allergie, diet, dietary, dietary requirements, allergies, "
        "diat, ernahrung, allergien, unvertraglichkeiten"
    ),
    "salutation": "aanhef, geslacht, m v, salutation, gender, sex, anrede, geschlecht",
    "title": "titel, title, titels, akademischer titel, akad titel, academische titel",
    "function": (
        "functie, functienaam, rol, beroep, function, job title, role, position, job, funktion, rolle, beruf, stelle"
    ),
}
FIELDS = {key(word): name for name, words in _WORDS.items() for word in words.split(",")}


def folded(word: str) -> str:
    """ "Traeger" is "Träger", "Strasse" is "Straße"."""
    return re.sub(r"([aou])e", r"\1", word).replace("ss", "s")


FOLDED = {folded(word): name for word, name in FIELDS.items()}
SENSITIVE = ("birth", "diet", "salutation")  # each cell with something in it is listed
LEFT_OUT = "left out"  # what a heading is about that nobody needs here, in whatever words
NOT_KEPT = ("function", "remark", "")  # the column is listed once
MEANINGS = frozenset(_WORDS) - {"name", *SENSITIVE, *NOT_KEPT}  # what a column nobody foresaw may be said to mean
GENERIC_TITLES = frozenset(
    key(word)
    for word in [
        "blad1",
        "blad2",
        "sheet1",
        "sheet2",
        "sheet",
        "tabelle1",
        "tabelle2",
        "tabelle",
        "deelnemers",
        "deelnemerslijst",
        "leden",
        "ledenlijst",
        "members",
        "memberlist",
        "participants",
        "mitglieder",
        "teilnehmer",
        "teilnehmende",
        "teilnehmerliste",
        "lijst",
        "list",
        "liste",
        "export",
        "contacten",
        "contacts",
        "kontakte",
        "organisaties",
        "organisations",
        "organisationen",
        "einrichtungen",
    ]
)
TOTALS = frozenset(
    key(word)
    for word in ("totaal", "total", "subtotaal", "subtotal", "summe", "gesamt", "aantal", "som", "zwischensumme")
)
