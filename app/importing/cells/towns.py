"""Towns of the Netherlands, Germany and their neighbours that lists name often: they give a column of towns away."""

from app.importing.cells.person_names import key

_TOWNS = """
Amsterdam Rotterdam Utrecht Eindhoven Groningen Tilburg Almere Breda Nijmegen Apeldoorn Arnhem Haarlem Haarlemmermeer
Enschede Amersfoort Zaandam Zaanstad Zwolle Leiden Leeuwarden Dordrecht Zoetermeer Maastricht Ede Delft Venlo Alkmaar
Emmen Deventer Helmond Hilversum Heerlen Oss Purmerend Roosendaal Schiedam Lelystad Vlaardingen Almelo Hoorn Gouda
Assen Velsen Veenendaal Nieuwegein Zeist Hardenberg Doetinchem Roermond Woerden Waalwijk Barneveld Zutphen Kampen
Harderwijk Meppel Middelburg Vlissingen Goes Terneuzen Drachten Heerenveen Sneek Hoogeveen Coevorden Raalte Hengelo
Oldenzaal Borne Wageningen Tiel Culemborg Houten Bunnik IJsselstein Weesp Diemen Amstelveen Aalsmeer Heemstede
Castricum Heerhugowaard Schagen Texel Enkhuizen Volendam Edam Katwijk Noordwijk Lisse Sassenheim Voorburg Rijswijk
Wassenaar Leidschendam Pijnacker Delfgauw Naaldwijk Maassluis Spijkenisse Hellevoetsluis Barendrecht Ridderkerk
Papendrecht Sliedrecht Gorinchem Zwijndrecht Oosterhout Etten-Leur Uden Veghel Boxtel Vught Best Veldhoven Geldrop
Valkenswaard Weert Sittard Geleen Kerkrade Landgraaf Valkenburg Brunssum Winterswijk Aalten Lochem Epe Nunspeet Ermelo
Putten Nijkerk Soest Baarn Bussum Naarden Huizen Laren Bilthoven Doorn Rhenen Stadskanaal Veendam Winschoten Delfzijl
Appingedam Haren Roden Steenwijk Emmeloord Urk Dronten Zeewolde Ommen Rijssen Nijverdal Losser Haaksbergen Goor Delden
Borculo Groenlo Zevenaar Duiven Elst Druten Wijchen Cuijk Boxmeer Gennep Venray Horst Panningen Berlin Hamburg München
Köln Frankfurt Stuttgart Düsseldorf Leipzig Dortmund Essen Bremen Dresden Hannover Nürnberg Duisburg Bochum Wuppertal
Bielefeld Bonn Münster Mannheim Karlsruhe Augsburg Wiesbaden Mönchengladbach Gelsenkirchen Aachen Braunschweig
Chemnitz Kiel Halle Magdeburg Freiburg Krefeld Mainz Lübeck Erfurt Oberhausen Rostock Kassel Hagen Potsdam Saarbrücken
Hamm Ludwigshafen Mülheim Oldenburg Osnabrück Leverkusen Darmstadt Heidelberg Solingen Regensburg Herne Paderborn
Neuss Ingolstadt Offenbach Fürth Würzburg Ulm Heilbronn Pforzheim Wolfsburg Göttingen Bottrop Reutlingen Erlangen
Bremerhaven Koblenz Remscheid Trier Recklinghausen Jena Moers Salzgitter Siegen Gütersloh Hildesheim Hanau
Kaiserslautern Cottbus Schwerin Esslingen Ludwigsburg Gießen Düren Ratingen Tübingen Flensburg Zwickau Konstanz Worms
Villingen-Schwenningen Minden Velbert Norderstedt Dessau Bamberg Bayreuth Aschaffenburg Landshut Kempten Rosenheim
Passau Lüneburg Celle Delmenhorst Wilhelmshaven Emden Stade Buxtehude Neumünster Itzehoe Husum Stralsund Greifswald
Wismar Görlitz Plauen Weimar Gera Gotha Eisenach Suhl Fulda Marburg Wetzlar Limburg Friedberg Rüsselsheim Speyer
Landau Offenburg Baden-Baden Rastatt Lörrach Ravensburg Biberach Friedrichshafen Aalen Göppingen Schwäbisch
Sindelfingen Böblingen Bruchsal Bautzen Pirna Freital Riesa Meißen Freiberg Brandenburg Eberswalde Neuruppin
Oranienburg Bernau Schwedt Stendal Halberstadt Wernigerode Quedlinburg Unna Lippstadt Arnsberg Iserlohn Lüdenscheid
Witten Marl Dorsten Gladbeck Bocholt Coesfeld Rheine Ibbenbüren Lingen Nordhorn Papenburg Leer Aurich Norden
Cloppenburg Vechta Nienburg Verden Rotenburg Detmold Herford Lemgo Höxter Warburg Wesel Kleve Viersen Euskirchen
Bergheim Siegburg Troisdorf Wien Graz Linz Salzburg Innsbruck Klagenfurt Villach Wels Dornbirn Steyr Feldkirch Bregenz
Leonding Baden Krems Amstetten Eisenstadt Zürich Genf Basel Lausanne Bern Winterthur Luzern Lugano Biel Thun
Schaffhausen Chur Uster Sion Zug Aarau Solothurn Olten Antwerpen Gent Brugge Leuven Mechelen Aalst Hasselt Kortrijk
Oostende Genk Roeselare Turnhout Brussel Luik Namen Charleroi
"""
_OF_TWO_WORDS = (
    "Den Haag, 's-Gravenhage, Den Bosch, 's-Hertogenbosch, Den Helder, Bergen op Zoom, Capelle aan den IJssel, Alphen "
    "aan den Rijn, Krimpen aan den IJssel, Den Burg, Bad Homburg, Bad Kreuznach, Halle (Saale), Frankfurt am Main, "
    "Frankfurt (Oder), Freiburg im Breisgau, Mülheim an der Ruhr, Bergisch Gladbach, Castrop-Rauxel, Neubrandenburg, "
    "Lutherstadt Wittenberg, Schwäbisch Gmünd, Schwäbisch Hall, Sankt Augustin, St. Pölten, St. Gallen, Wiener "
    "Neustadt, La Chaux-de-Fonds, Sint-Niklaas, Wijk bij Duurstede, Hoek van Holland "
)
TOWNS = frozenset(key(name) for name in [*_TOWNS.split(), *_OF_TWO_WORDS.split(",")])
