"""German written sentences about an invented world that shares its words with the assistant's."""

ENCYCLOPAEDIA = """
person!: {first_name} {last_name}
year: 19{10..99} | 20{10..24} | 18{10..99} | 17{10..99}
clock!: {1..22}:{10..59} Uhr | {6..22} Uhr | {6..21}.30 Uhr | {6..21}:15 Uhr
thousands!: {2..99}.{100..999} | {100..990} | {1..9}.{100..999}
two_foods!: {food} und {extra} | {food}, {food} und {extra}
in_room!: im {room_n} | in der {room_f} | im {room_m}
the_room!: das {room_n} | die {room_f} | der {room_m}
the_event!: der {event_m} | die {event_f} | das {event_n}

sentence:
  {city_fact} | {person_fact} | {animal_fact} | {music_fact} | {food_fact} | {home_fact} | {travel_fact}
  {weather_fact}
  {calendar_fact} | {guide} | {city_fact} {travel_fact} | {person_fact} {music_fact}
  {food_fact} {home_fact}

city_fact:
  Das {house} in {city} wurde {year} gebaut und hat {3..90} Zimmer.
  Den Tierpark bei {city} besuchen jedes Jahr etwa {thousands} Menschen.
  In {city} fand am {1..28}. {month} {year} das erste {noun_f}nfest statt.
  Die alte Brücke in {city} ist {20..900} Meter lang, der Turm daneben ist {15..300} Meter hoch.
  Am {weekday} gibt es auf dem Markt von {city} {two_foods}.
  Der Bahnhof von {city} hat {2..30} Gleise und ein kleines Café.
  In {city} trennt ein {adjective}er Fluss die Altstadt vom Hafen.
  Die Bibliothek von {city} besitzt {thousands} Bücher über {topic}.
house!: Museum | Theater | Hotel | Krankenhaus | Rathaus | Schloss
topic!: {animals} | Musik | das Wetter | {genre} | Gärten | Züge
person_fact:
  {person} wurde am {1..28}. {month} {year} in {city} geboren.
  {first_name} {last_name} arbeitete in {city} als {job} und wurde {60..99} Jahre alt.
  Mit {6..40} Jahren zog {person} von {city} nach {city}.
  {person} spielt {instrument} und arbeitet seit {year} als {job}.
  Für das Buch „{title}“ bekam {person} {year} einen Preis.
  Jeden {weekday} trifft {first_name} um {clock} {first_name} zum Mittagessen.
  Die {relation_f} von {first_name} lebt in {city} und spricht {2..7} Sprachen.
# words that fit every name
job: Lehrkraft | Fachkraft für Gartenbau | Aushilfe | Pflegekraft | Hilfskraft | Führungskraft
title!:
  {adjective^}er {noun_m} | Die {adjective}e {noun_f} | Der {animal_m} und die {animal_f}
  Das {adjective}e {noun_n}
animal_fact:
  {animals} können bis zu {3..40} Jahre alt werden.
  Der {animal_m} schläft {4..18} Stunden am Tag und frisst vor allem {animal_food}.
  {animals} leben in Gruppen von {2..30} Tieren; im Winter bleiben sie in der Nähe der {noun_f}.
  Eine junge {animal_f} verlässt ihre Mutter nach {3..40} Wochen.
  Im Jahr {year} wurden zwischen {city} und {city} {thousands} {animals} gezählt.
  Anders als die {animal_f} ist der {animal_m} nachts wach.
animal_food!: Gras | Insekten | Fische | Wurzeln | Beeren | Blätter | Nüsse | Samen
music_fact:
  „{song}“ ist ein Lied von {artist} und erschien am {1..28}. {month} {year}.
  Mehr als {2..30} Jahre lang gab es in {city} {genre} von {artist}.
  Seit {year} hört man im {genre_place} auch Instrumente wie {instrument} und {instrument}.
  Das Album „{title}“ von {artist} hat {6..20} Lieder und dauert {25..80} Minuten.
  Im Jahr {year} verkaufte die Gruppe {artist} {thousands} Platten.
  {person} lernte mit {4..15} Jahren {instrument}.
  Die Playlist „{playlist}“ enthält {10..90} Lieder, die meisten davon sind {genre}.
genre_place!: Jazz | Blues | Rock | Pop | Swing
food_fact:
  Für {dish} braucht man {two_foods}.
  Zu {dish} gibt es oft {food}; die Zubereitung dauert {10..90} Minuten.
  {dish}: {10..55} Minuten bei {150..230} Grad garen, dann mit {extra} servieren.
  {100..900} Gramm {food} kosten in {city} {1..9},{10..99} Euro.
  Das Restaurant „{restaurant}“ wurde {year} eröffnet und ist für {dish} bekannt.
  {first_name} kaufte {2..12} Packungen {food} und dazu {household}.
  In {city} isst man {food} gern mit {extra}.
home_fact:
  {the_room} des Hauses in {city} ist {8..60} Quadratmeter groß.
  {in_room} reicht eine Lampe mit {20..90} Prozent Helligkeit.
  Die Wände {in_room} sind {colour}, die Lampen {colour}.
  {in_room} sollten es etwa {17..24} Grad sein.
  {first_name} schaltete um {clock} das Licht {in_room} aus.
  Die Heizung {in_room} wurde am {1..28}. {month} {year} repariert.
  {household} und {household} liegen {in_room}.
travel_fact:
  Der Zug von {city} nach {city} fährt um {clock} ab und braucht {2..14} Stunden.
  Der Bus nach {city} fährt alle {10..50} Minuten.
  Ein Flug von {city} nach {city} kostet {100..900} Euro.
  Ein Taxi vom Flughafen nach {city} kostet je nach Verkehr etwa {20..90} Euro.
  Die erste Fähre nach {city} fuhr {year}.
  {first_name} verpasste wegen des Wetters den Nachtzug nach {city}.
weather_word!: Schnee | Regen | Nebel | Sturm | Wind | Hagel
weather_fact:
  Am {1..28}. {month} waren es in {city} {1..35} Grad.
  Im {month} gibt es in {city} oft {weather_word}.
  Der Winter {year} dauerte in {city} {60..150} Tage; {3..80} Straßen waren gesperrt.
  Die Vorhersage für {weekday}: {weather_word} in {city}, Sonne in {city}.
  Zwischen {month} und {month} regnet es an {3..25} Prozent der Tage.
  Im Jahr {year} schien in {city} {1..2}.{100..999} Stunden lang die Sonne.
calendar_fact:
  {the_event} beginnt am {1..28}. {month} um {clock}.
  {the_event} wurde von {weekday} auf {weekday} verlegt.
  Das {activity_n} mit {person} dauerte {10..90} Minuten.
  {person} schrieb eine Nachricht: „Bis {weekday} um {clock}!“
  {first_name} rief um {clock} bei {first_name} an.
  Der Wecker klingelte um {clock}, aber {first_name} schlief noch {5..90} Minuten.
guide:
  Sagen Sie „Spiel {genre}“, und {in_room} beginnt die Musik.
  Wer um {clock} aufstehen muss, sollte einen Wecker stellen.
  Auf der {list_name} standen {3..20} Dinge: {food}, {household}, {extra} und andere.
  Stellen Sie einen Timer auf {2..50} Minuten und nehmen Sie dann {dish} aus dem Ofen.
  {the_event} kann bis {clock} abgesagt werden.
  Die Lautstärke lag bei {10..90} Prozent, als die Nachbarn bei {first_name} anriefen.
  Der Assistent macht das Licht {in_room} auf Wunsch {colour}.
"""
