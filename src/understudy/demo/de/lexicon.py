"""German words and names in written form, from frequent to rare; genders apart where grammar needs it."""

LEXICON = """
weekday!: Montag | Dienstag | Mittwoch | Donnerstag | Freitag | Samstag | Sonntag
month!:
  Januar | Februar | März | April | Mai | Juni | Juli | August | September | Oktober | November
  Dezember

city:
  Berlin | Hamburg | München | Köln | Leipzig | Bremen | Wien | Stuttgart | Dresden | Zürich | Freiburg
  Münster
  Nürnberg | Kassel | Paris | Salzburg | Rostock | Prag | Augsburg | Bad Tölz | Erfurt | Lübeck | Basel
  Kopenhagen
  Passau | Görlitz | Innsbruck | Flensburg | Mailand | Cottbus

first_name:
  Anna | Paul | Lena | Jonas | Marie | Felix | Lukas | Sophie | Emil | Clara | Tim | Greta | Moritz
  Ida | Hannes
  Aylin | Oskar | Johanna | Mehmet | Frieda | Benedikt | Svenja | Theo | Katharina | Bruno | Ronja
  Ludwig | Marlene
last_name:
  Becker | Hoffmann | Krüger | Vogel | Lindner | Demir | Brandt | Kowalski | Seidel | Ostermann
  Petersen | Rausch
  Winkler | Achenbach | Dietrich | Storm

animal_m:
  Fuchs | Bär | Igel | Hund | Biber | Dachs | Falke | Luchs | Otter | Rabe | Hirsch | Storch | Molch
  Wolf
animal_f:
  Katze | Eule | Ente | Maus | Schildkröte | Amsel | Ziege | Robbe | Fledermaus | Möwe | Kröte | Gans
animals:
  Füchse | Katzen | Bären | Eulen | Igel | Hunde | Biber | Enten | Dachse | Falken | Robben | Luchse
  Raben | Möwen
  Hirsche | Störche | Wölfe | Schildkröten
# first part of a compound: Gitarrenunterricht, Klavierunterricht
instrument_part:
  Klavier | Gitarren | Geigen | Flöten | Schlagzeug | Cello | Trompeten | Harfen | Orgel | Klarinetten
instrument:
  Klavier | Gitarre | Geige | Flöte | Schlagzeug | Cello | Trompete | Harfe | Orgel | Klarinette | Oboe
  Banjo
colour:
  rot | blau | grün | weiß | gelb | lila | orange | rosa | warmweiß | türkis | golden | violett
  silbern | dunkelblau
  purpurrot
# stems: they take -er, -e, -es, -en
adjective:
  silbern | golden | still | wild | klein | bunt | verloren | einsam | fern | leis | gefroren | blau
  warm | krumm
  sanft | verborgen
noun_m: Fluss | Mond | Sommer | Garten | Wald | Schatten | Winter | Spiegel | Sturm | Hafen | Stern | Regen
noun_f: Nacht | Straße | Laterne | Brücke | Insel | Kerze | Wiese | Sonne | Stadt | Welle | Küste
noun_n: Herz | Meer | Licht | Haus | Feuer | Boot | Lied | Tal | Dorf | Fenster

genre:
  Jazz | Rock | Pop | Klassik | Blues | Schlager | Hip-Hop | Volksmusik | Soul | Reggae | Techno | Salsa
  Swing
  Kammermusik | Flamenco | Chormusik
band_noun:
  Füchse | Laternen | Eulen | Fremde | Fahrräder | Schatten | Gärtner | Kometen | Matrosen | Häfen
  Klaviere | Brüder
artist:
  {adjective^}e {band_noun} | {first_name} {last_name} | {first_name} und {first_name} | Kapelle {last_name}
  Trio {city} | {last_name} und Söhne
song:
  {adjective^}er {noun_m} | {adjective^}es {noun_n} | {adjective^}e {noun_f} | {noun_f} in {city}
  Unter der {noun_f}
  Mein {adjective}es {noun_n} | Tanz mit {first_name} | Leb wohl {city} | Kein {noun_m} mehr
  {weekday} in {city}
playlist:
  Morgenkaffee | Sport | {adjective^}er {weekday} | Autofahrt | Abend mit Freunden | Kochen
  Konzentration | Regentage
  {month}mischung | Sommerfest | Müde {animals} | Lieder für {city}

room_n:
  Wohnzimmer | Schlafzimmer | Bad | Büro | Esszimmer | Kinderzimmer | Gästezimmer | Treppenhaus
  Arbeitszimmer
room_m: Flur | Keller | Wintergarten | Dachboden | Hobbyraum | Abstellraum
room_f: Küche | Garage | Diele | Bibliothek | Waschküche | Werkstatt

food:
  Milch | Brot | Eier | Kaffee | Bananen | Käse | Reis | Äpfel | Butter | Tomaten | Mehl | Zucker
  Zwiebeln | Tee
  Kartoffeln | Spinat | Joghurt | Karotten | Olivenöl | Zitronen | Lachs | Honig | Knoblauch | Pilze
  Nudeln | Linsen
  Heidelbeeren | Ingwer | Kürbis | Quark
extra:
  Salz | Pfeffer | Basilikum | Senf | Ketchup | Vanille | Zimt | Essig | Rosinen | Haferflocken
  Marmelade | Kümmel
household:
  Spülmittel | Klopapier | Batterien | Shampoo | Zahnpasta | Müllbeutel | Glühbirnen | Kerzen | Waschmittel
  Streichhölzer | Schwämme | Briefumschläge
# first part of a compound: Kartoffelsuppe, Spinatauflauf
base:
  Kartoffel | Tomaten | Linsen | Kürbis | Spinat | Pilz | Zwiebel | Karotten | Hähnchen | Lachs | Bohnen
  Lauch
dish:
  Pizza | {base}suppe | Lasagne | {base}auflauf | {base}salat | Pfannkuchen | Gulasch | {base}pfanne
  Käsespätzle
  {base}curry | Sushi | Apfelkuchen | {base}eintopf | Rouladen | {base}kuchen | Kaiserschmarrn
restaurant:
  Gasthaus {last_name} | Pizzeria {city} | Café {first_name} | Wirtshaus zum {adjective}en {animal_m}
  Bistro {noun_n}
  Trattoria {first_name} | Gasthaus zur {adjective}en {animal_f} | {last_name} am {noun_m}

event_m:
  Zahnarzttermin | Geburtstag von {first_name} | Arzttermin | Yogakurs | {instrument_part}unterricht
  Elternabend
  Friseurtermin | Besuch in {city} | Flohmarkt | Anruf bei Frau {last_name}
event_f:
  Besprechung | Geburtstagsfeier | Teamsitzung | Hochzeit von {first_name} und {first_name} | Chorprobe
  Inspektion
  Reise nach {city} | Vorlesung
event_n:
  Meeting | Abendessen mit {first_name} | Vorstellungsgespräch | Mittagessen mit {first_name}
  Fußballtraining
  Gespräch mit Herrn {last_name} | Konzert in {city} | Straßenfest
activity_m: Termin | Spaziergang | Spieleabend | Anruf | Ausflug
activity_f: Besprechung | Probe | Feier | Radtour | Partie Schach
activity_n: Treffen | Abendessen | Picknick | Mittagessen | Tennisspiel
list_name:
  Einkaufsliste | To-do-Liste | Packliste | Geschenkeliste | Baumarktliste | Partyliste | Wunschliste
  Leseliste
  Putzliste | Weihnachtsliste | Vorratsliste | Campingliste
# what a timer is for, after "für"
timer_name:
  die Nudeln | die Eier | die Pizza | die Wäsche | den Tee | das Brot | die Hausaufgaben | den Mittagsschlaf
  das Training | die {base}suppe | die Plätzchen | den {base}auflauf
relation_m: Bruder | Vater | Chef | Opa | Onkel | Mann | Vermieter
relation_f: Mutter | Schwester | Oma | Chefin | Tante | Nachbarin | Frau
"""
