"""Stems of which headings are made that nobody listed, in Dutch, German and English; compared as `folded` words.

"-ort" ends a word, "ort-" begins one, "-ort-" stands anywhere in one, "ort" is one; several words follow each other.
The first field that matches is meant, so what is asked of somebody comes before who it is asked of. One with a
question mark may be meant.
"""

STEMS = """
left out:
    -mailtyp-, mail type, mail typ, mail label, type, label, -weergavenaam, display name, angezeigter name,
    newsletter-, nieuwsbrief-, mailing-, fax-, website-, webseite-, homepage, www, url, iban, bic, bsn, rekening-,
    steuer-, rechnung-, factuur-, invoice-, datenschutz-, privacy-, akkoord-, toestemming-, einwilligung-, avg, dsgvo,
    foto-, photo-, password-, wachtwoord-, passwort-, id, zeitstempel-, tijdstempel-, timestamp, completion time, tijd
    van voltooi-, voltooiingstijd, fertigstellungszeit, phonetic-, nickname, bijnaam, spitzname, file as,
    achtervoegsel, suffix, kundennummer, klantnummer, lidnummer, mitgliedsnummer, member number, home address, home
    street, home city, home postal code, home phone, home fax, thuisadres,
    prive-, privat-, huisadres
birth:
    geboorte-, geburt-, geboren, birth-, leeftijd-, -alter, age
diet:
    diet-, dieet-, -allerg-, ernahrung-, eetwens-, vegetari-, vegan-, unvertraglich-, lebensmittel-, essen-, lunch-,
    maaltijd-, food-
salutation:
    aanhef-, anrede-, salutation-, geslacht-, geschlecht-, gender-, pronoun-, voornaamwoord-, pronomen-
email:
    -mail, -mailad-, -mails, mail-, e post
phone:
    telefo-, -telefon-, -telefoon-, phone-, -phone, tel, mobiel-, mobil-, -handy-, gsm, rufnummer, durchwahl-
postcode:
    postcode-, postleitzahl-, plz, zip-, postal code, post code
absence:
    verhinder-, nicht verfugbar, niet beschikbaar, not available, unavailab-, afwezig-, abwesen-, sluiting-, gesloten,
    schliess-, geschlossen, closed, closing-, geht nicht, kan niet, kunnen jullie niet, konnen sie nicht, konnt ihr
    nicht, can you not, can t you, wann nicht, wanneer niet, when not, nicht konnen, niet kunnen, vakantie-, -ferien,
    urlaub-, holiday-, sperrzeit-, blokkade-, blackout-
joined:
    lid sinds, lid vanaf, mitglied seit, mitglied ab, member since, participant since, partner since, partner sinds,
    partner seit, member from, dabei seit, teilnahme seit,
    teilnehmer seit, deelname sinds, deelnemer sinds, neemt deel sinds, doet mee sinds, doet mee vanaf, aangesloten
    sinds, aangesloten op, -eintritt-, beitritt-, -beitritt, beigetreten, eingetreten, toegetreden-, toetred-,
    instap-, ingestapt, joined-, joining-, startdatum lid-, lidmaatschap sinds, mitgliedschaft seit, membership since,
    mitgliedsbeginn, in network since, im netzwerk seit, in netwerk sinds, seit wann, sinds wanneer, since when
date:
    datum bijeenkomst, datum treffen, datum vergadering, datum des treffens, meeting date, date of meeting,
    sitzungsdatum,
    termin-, treffen am, bijeenkomst op
seats:
    capacit-, -kapazitat, -capaciteit, zitplaatsen, sitzplatz-, -platze, plaatsen, aantal plaatsen, anzahl platz-,
    seats, how many people, how many seats, hoeveel mensen, hoeveel personen, hoeveel plaatsen, hoeveel plek-, wie
    viele personen, wie viele menschen, wie viele platz-, wieviele personen, max personen, max people, maximum, max
    aantal, max anzahl, raumgro-, zaalgrootte, groepsgrootte
wheelchair:
    rolstoel-, rollstuhl-, wheelchair-, barrierefrei-, toegankelijk-, accessib-
parking:
    parkeer-, parkeren, parking-, parkplatz-, parken, parkmoglich-
transport:
    openbaar vervoer, offentliche verkehr-, public transport, anfahrt-, bereikbaarheid, opnv-, reisewe-
screen:
    beamer-, scherm-, bildschirm-, projector-, projektor-, leinwand-, screen-
function:
    -functie, functie-, -funktion, funktion-, job-, rol, rolle, role, beroep-, beruf-, position, department-,
    afdeling-, abteilung-, werkzaam als, tatig als, taak, aufgabe, organization title, organisation title
title:
    akad-, academische titel, academic title, titel, title, name prefix
infix:
    -tussenvoegsel-, infix-, -middelste naam, middle name, weitere vornamen, zweiter vorname, namenszusatz
person:
    voor en achternaam, vor und nachname, vorname nachname, voornaam achternaam, first and last name, first name last
    name, full name, volledige naam, vollstandiger name, nachname vorname, achternaam voornaam, name vorname, vorname
    name
first:
    -voornaam, -vorname, -vornamen, roepnaam, rufname, given name, first name, forename, firstname
last:
    -achternaam, -nachname, familienaam, -familienname, zuname, surname, family name, last name, lastname
rhythm:
    ritme, -rhythmus, turnus-, frequen-, haufigkeit, rhythm, hoe vaak, wie oft, how often
attended:
    aantal aanwezig-, anzahl teilnehm-, number of participants, opkomst, how many came, teilnehmerzahl
preparers:
    voorbereid-, vorbereit-, prepar-
topic:
    thema-, -thema, themen-, onderwerp-, topic-, subject
town:
    -plaats, plaatsnaam, plaats van, standort-, -standort, <ort>, ort der, ort des, -stadt, -stad, city, -town, -city,
    locality, -sitz, sitz der, sitz des, gevestigd-, ansassig
address:
    -strasse, strasse, -straat, straat, street, -street, -adres, -adresse, -address, -anschrift
host:
    gastgeb-, -gastgeb-, gastheer-, gastvrouw-, gastvrij-, host, hosts, hosting, hosten, can host, ontvang-,
    -ontvangst, einlad-, ladt ein, laden ein, welcome-, ruimte beschikbaar, raum vorhanden, raume vorhanden, room
    available, raum verfugbar, treffen bei, ausricht-, bijeenkomst bij, organise a meeting, meeting at your, locatie
    beschikbaar, als locatie
network:
    -netwerk, -netwerken, netwerk-, -network, network-, -netzwerk, netzwerk-, -kring, kring, -groep, -gruppe, gruppe-,
    -group, -cluster, -kreis, community-, -verbund, regiegroep
room:
    -zaal, zaal-, -ruimte, ruimte-, -raum, raum-, -raume, -saal, saal-, room-, -room, venue-, -locatie, locatie-,
    location-, -lokaal, -ungsort
person:
    contact-, -contact, -contactpersoon, kontakt-, ansprech-, -kontaktperson, <deelnemer>, <teilnehmer>, participant-,
    -vertegenwoordig-, vertreter-, -vertretung, vertretung-, delegate-, delegiert-, afgevaardigd-, persoon, person,
    personen, collega-, kolleg-, colleague-, wie ben je, wer sind sie, who are you, jouw naam, je naam, uw naam, ihr
    name, dein name, your name, medewerk-, mitarbeit-, bestuurder, directeur, geschaftsfuhr-, leitung, -leitung,
    leidinggevende, coordinat-, koordinat-, trekker, plaatsvervang-, vervang-, stellvertret-, substitute-, deputy,
    reserve
organisation:
    -organisati-, -organisation-, -organization-, -instelling, -instellingen, -einrichtung, -einrichtungen,
    einrichtung-, instituti-, -institution, institut-, -verein, verein-, -vereniging, -verband, -bedrijf, bedrijf-,
    -firma, firm-, company-, -trager, trager-, -betrieb, -unternehmen, -stichting, -stiftung, praxis-, -praxis,
    praktijk-, -praktijk, kita-, -school, -schule, mitglied-, lid, leden, lid-, member-, <partner>, partner-,
    werkgever-, arbeitgeber-, employer-, club, -haus, -huis, -kantoor, agency, business, -zentrum, -centrum, gemeinde,
    kommune, waar werk je, wo arbeiten sie, where do you work
name:
    naam, name, -naam, bezeichnung, benaming
remark:
    opmerk-, bemerk-, anmerk-, notitie-, notiz-, note, notes, comment-, remark-, toelicht-, bijzonderhe-, sonstig-,
    overig-, hinweis-, wensen, wunsche, vragen, fragen, verdere, weitere, anything else, feedback-
network?:
    categor-, kategor-, labels, tags, schlagwor-, trefwoord-
person?:
    wie, wer, who
organisation?:
    partij, aanbieder, anbieter, deelnemende, teilnehmende
"""
