"""German utterances to an assistant, in spoken form; a rule an intent, phrasings from frequent to rare."""

ASSISTANT = """
pre: ~ | bitte | hey | sei so nett und | bitte sei so gut und | ach bitte
few!: zwei | drei | vier | fünf | sechs | sieben | acht | neun | zehn
unit!: ein | zwei | drei | vier | fünf | sechs | sieben | acht | neun
oclock!:
  ein | zwei | drei | vier | fünf | sechs | sieben | acht | neun | zehn | elf | zwölf | dreizehn
  vierzehn | fünfzehn
  sechzehn | siebzehn | achtzehn | neunzehn | zwanzig | einundzwanzig | zweiundzwanzig
hour!: eins | zwei | drei | vier | fünf | sechs | sieben | acht | neun | zehn | elf | zwölf
minute!: fünf | zehn | fünfzehn | zwanzig | fünfundzwanzig | dreißig | vierzig | fünfundvierzig | fünfzig
tens!: zwanzig | dreißig | vierzig | fünfzig | sechzig | siebzig | achtzig | neunzig
ordinal!:
  ersten | zweiten | dritten | vierten | fünften | sechsten | siebten | achten | neunten | zehnten
  elften | zwölften
  dreizehnten | fünfzehnten | achtzehnten | zwanzigsten | einundzwanzigsten | dreiundzwanzigsten
  dreißigsten

time:
  {oclock} uhr | {oclock} uhr {minute} | halb {hour}
  (sechs|sieben|acht|neun|zehn) uhr (morgens|abends) | viertel (nach|vor) {hour}
  (fünf|zehn|zwanzig) (nach|vor) {hour} | mitternacht | zwölf uhr mittags | fünf (vor|nach) halb {hour}
relative_day: morgen | heute | heute abend | übermorgen | morgen früh | heute nachmittag | morgen abend
calendar_day:
  {weekday} | {ordinal} {month} | wochenende | {weekday}(abend|nachmittag|morgen)
  {weekday} den {ordinal}
next_day: nächsten {weekday} | nächste woche | kommenden {weekday} | diesen {weekday} | in einer woche
on_date: [date=relative_day] | am [date=calendar_day] | [date=next_day]
plain_day: morgen | heute | übermorgen
calendar_date: {weekday} | {ordinal} {month} | {weekday} den {ordinal} | {ordinal}
on_day!: [date=plain_day] | am [date=calendar_date]
duration:
  {few} minuten | {tens} minuten | eine stunde | {few} stunden | eine halbe stunde | eine viertelstunde
  anderthalb stunden | {unit}und{tens} minuten | {tens} sekunden | {few} stunden und {tens} minuten
duration_dative:
  {few} minuten | {tens} minuten | einer stunde | {few} stunden | einer halben stunde
  einer viertelstunde
percent: {tens} prozent | zehn prozent | {unit}und{tens} prozent | fünfundzwanzig prozent | hundert prozent
degrees: (neunzehn|achtzehn|siebzehn) grad | zwanzig grad | {unit}undzwanzig grad | sechzehn grad
person_dative:
  {first_name} | meiner {relation_f} | meinem {relation_m} | {first_name} {last_name} | mama | papa
  oma
person_accusative:
  {first_name} | meine {relation_f} | meinen {relation_m} | {first_name} {last_name} | mama | papa | oma
in_room!:
  im [room=room_n] | in der [room=room_f] | im [room=room_n] | in der [room=room_f] | im [room=room_m]
the_event!: der [event=event_m] | die [event=event_f] | das [event=event_n]
the_event_accusative!: den [event=event_m] | die [event=event_f] | das [event=event_n]
my_event!: mein [event=event_m] | meine [event=event_f] | mein [event=event_n]
an_activity!: einen [event=activity_m] | eine [event=activity_f] | ein [event=activity_n]

music_play:
  {pre} spiel [song]
  {pre} spiel (etwas|ein bisschen) [genre]
  {pre} mach [artist] an
  {pre} spiel [song] von [artist]
  ich möchte [artist] hören
  {pre} spiel [genre] {in_room}
  {pre} starte meine playlist [playlist]
  lass mich [genre] hören
  kannst du [song] spielen
  ich hätte jetzt lust auf [genre]
  {pre} leg etwas von [artist] auf
  wie wäre es mit [genre] {in_room}
weather_query:
  wie (ist|wird) das wetter in [place=city]
  wie wird das wetter {on_date}
  wie ist das wetter {on_date} in [place=city]
  [weather=weather_verb] es {on_date}
  wird es {on_date} in [place=city] [weather=weather_adjective]
  brauche ich {on_date} [weather=weather_thing]
  gib mir die vorhersage für [place=city]
  sag mir ob es {on_date} [weather=weather_verb]
  wie (warm|kalt) wird es {on_date} in [place=city]
  besteht {on_date} in [place=city] die gefahr von [weather=weather_noun]
weather_verb: regnet | schneit | stürmt | hagelt | gewittert | nieselt | friert
weather_adjective: sonnig | windig | bewölkt | neblig | warm | schwül | stürmisch | glatt | heiter
weather_thing: einen regenschirm | eine jacke | eine sonnenbrille | handschuhe | sonnencreme | gummistiefel
weather_noun: regen | schnee | gewitter | nebel | glatteis | hagel | sturm
alarm_set:
  {pre} stell den wecker auf [time]
  {pre} weck mich um [time]
  {pre} weck mich {on_day} um [time]
  wecker {on_day} um [time]
  {pre} stell mir einen wecker für [time]
  ich muss {on_day} um [time] aufstehen
  kannst du mich {on_day} um [time] wecken
  {pre} sorg dafür dass ich um [time] wach bin
timer_start:
  {pre} stell einen timer auf [duration]
  {pre} starte einen timer für [timer_name] auf [duration]
  timer [duration]
  {pre} zähl [duration] herunter
  {pre} erinnere mich in [duration=duration_dative] an [timer_name]
  kannst du für [timer_name] [duration] stoppen
  {pre} sag mir in [duration=duration_dative] bescheid
light_on:
  {pre} mach das licht {in_room} an
  {pre} mach das licht {in_room} [color=colour]
  {pre} schalte die lampe {in_room} ein
  {pre} stell das licht {in_room} auf [level=percent]
  kannst du das licht {in_room} einschalten
  {in_room} ist es zu dunkel
  {pre} dimm die lampen {in_room} auf [level=percent]
  ich hätte das licht {in_room} gerne [color=colour]
list_add:
  {pre} setz [item=food] auf meine [list_name]
  {pre} setz [amount] [item=food] auf die [list_name]
  {pre} schreib [item=food] auf die [list_name]
  wir brauchen [item=food]
  {pre} setz [item=household] auf meine [list_name]
  uns fehlen noch [item=food] und [item=extra]
  kannst du [item=household] auf die [list_name] schreiben
  {pre} notier [amount] [item=food] und [item=extra]
  ich darf [item=household] nicht vergessen
amount:
  zwei kilo | eine packung | {few} packungen | ein pfund | {few} beutel | ein kilo | zweihundert gramm
  eine kiste
event_create:
  {pre} trag {on_day} um [time] {the_event_accusative} ein
  {pre} trag {the_event_accusative} {on_date} in den kalender ein
  erinnere mich {on_date} an {the_event_accusative}
  {pre} plane {on_date} {an_activity} mit [person=person_dative]
  ich habe {on_day} um [time] {an_activity}
  kannst du {on_date} {an_activity} mit [person=person_dative] eintragen
  {pre} vereinbare für [time] {an_activity} mit [person=person_dative]
  neuer termin {on_day} um [time] {the_event}
  {pre} halte mir {on_day} [time] für {the_event_accusative} frei
light_off:
  {pre} mach das licht {in_room} aus
  {pre} schalte die lampe {in_room} aus
  licht aus {in_room}
  kannst du das licht {in_room} ausschalten
  {pre} lösch das licht {in_room}
  {in_room} brauchen wir kein licht mehr
  {pre} mach {in_room} alles dunkel
event_query:
  was steht {on_date} in meinem kalender
  wann ist {my_event}
  habe ich {on_date} etwas vor
  was habe ich {on_day} um [time]
  bin ich {on_day} um [time] frei
  um wie viel uhr ist {on_date} {the_event}
  lies mir die termine von [date=relative_day] vor
  wann treffe ich [person=person_accusative]
message_send:
  {pre} schreib [person=person_dative] [message]
  {pre} schick [person=person_dative] die nachricht [message]
  {pre} sag [person=person_dative] dass [message=clause]
  {pre} schreib [person=person_dative] dass [message=clause]
  {pre} richte [person=person_dative] aus dass [message=clause]
  nachricht an [person=person_accusative] [message]
  kannst du [person=person_dative] sagen dass [message=clause]
message:
  ich komme später | ich bin um {time} zu hause | das essen ist fertig | alles gute zum geburtstag
  bis bald in {city}
  wir brauchen {food} | ich stehe im stau | ich rufe in {duration_dative} an | bring {food} und {extra} mit
  {first_name} lässt grüßen | die feier beginnt um {time}
clause:
  ich später komme | ich um {time} zu hause bin | das essen fertig ist | wir {food} brauchen
  ich im stau stehe
  ich {relative_day} nicht kommen kann | {first_name} krank ist | ich in {duration_dative} da bin
  ich heute koche
  der zug aus {city} verspätung hat | die feier um {time} beginnt
train_find:
  wann fährt {the_next} nach [destination=city]
  {pre} such eine verbindung von [origin=city] nach [destination=city]
  wie komme ich {by_transport} nach [destination=city]
  ich brauche {on_date} eine verbindung nach [destination=city]
  fährt {on_date} ein [transport=transport_m] von [origin=city] nach [destination=city]
  wann geht {on_date} {the_last} von [origin=city] nach [destination=city]
  zeig mir {on_day} alle züge nach [destination=city] ab [time]
  ich muss um [time] in [destination=city] sein
transport_m: zug | bus | nachtzug | fernbus | schnellzug | regionalzug
transport_f: bahn | fähre | straßenbahn | s-bahn
the_next!: der nächste [transport=transport_m] | die nächste [transport=transport_f]
the_last!: der letzte [transport=transport_m] | die letzte [transport=transport_f]
by_transport!: mit dem [transport=transport_m] | mit der [transport=transport_f]
music_volume:
  {pre} mach lauter
  {pre} stell die lautstärke auf [level=percent]
  {pre} mach (etwas|ein bisschen) leiser
  {pre} dreh die musik {in_room} auf
  lautstärke [level=percent]
  {in_room} ist die musik zu laut
  kannst du die musik {in_room} leiser machen
recipe_find:
  {pre} such ein rezept für [dish]
  wie macht man [dish]
  was kann ich mit [ingredient=food] kochen
  zeig mir ein rezept für [dish]
  was brauche ich für [dish]
  {pre} find ein rezept mit [ingredient=food] und [ingredient=extra]
  ich möchte für [person=person_accusative] [dish] kochen
  hast du eine idee für ein essen mit [ingredient=food]
call_start:
  {pre} ruf [person=person_accusative] an
  ich möchte mit [person=person_dative] sprechen
  kannst du [person=person_accusative] anrufen
  {pre} ruf [person=person_accusative] auf dem [device] an
  {pre} verbinde mich mit [person=person_dative]
  anruf bei [person=person_dative]
device: handy | festnetz | diensttelefon | mobiltelefon
alarm_cancel:
  {pre} lösch den wecker um [time]
  {pre} schalte den wecker {on_date} aus
  {pre} lösch alle wecker für [date=relative_day]
  ich muss {on_date} nicht aufstehen
  kannst du den wecker um [time] ausschalten
  {on_date} brauche ich keinen wecker
food_order:
  {pre} bestell [dish] bei [restaurant]
  {pre} bestell mir [dish]
  ich hätte gerne [dish] von [restaurant]
  kannst du für [time] [dish] bestellen
  lass mir [dish] von [restaurant] liefern
  ich habe hunger auf [dish]
  {pre} reservier {on_date} einen tisch bei [restaurant]
heating_set:
  {pre} stell die heizung {in_room} auf [temperature=degrees]
  {pre} mach es {in_room} wärmer
  {in_room} ist es zu kalt
  {pre} heiz {in_room} {on_date} auf [temperature=degrees]
  kannst du die heizung auf [temperature=degrees] stellen
  ich möchte {in_room} [temperature=degrees] haben
list_read:
  was steht auf meiner [list_name]
  {pre} lies mir die [list_name] vor
  was müssen wir einkaufen
  steht [item=food] auf der [list_name]
  kannst du mir meine [list_name] zeigen
  wie viele sachen stehen auf der [list_name]
taxi_order:
  {pre} bestell mir ein taxi nach [destination=city]
  {pre} ruf ein taxi für [time]
  ich brauche {on_day} um [time] ein taxi
  {pre} bestell {on_date} ein taxi nach [destination=city]
  kannst du mir ein taxi zum restaurant [restaurant] rufen
  lass mich um [time] von einem fahrer abholen
list_remove:
  {pre} streich [item=food] von der [list_name]
  {pre} nimm [item=household] von meiner [list_name]
  wir haben schon [item=food]
  {pre} lösch [item=food] von der liste
  kannst du [item=household] von der [list_name] streichen
  {pre} leer die [list_name]
event_cancel:
  {pre} sag {the_event_accusative} {on_date} ab
  {pre} lösch {the_event_accusative} aus meinem kalender
  {the_event} fällt aus
  {pre} sag alle termine {on_date} ab
  {pre} streich {on_date} {the_event_accusative}
  ich kann {on_date} nicht zum treffen mit [person=person_dative] kommen
music_stop:
  {pre} stopp die musik
  {pre} halt das lied an
  {pre} mach die musik {in_room} aus
  kannst du [artist] ausmachen
  genug [genre] für heute
  {in_room} bitte ruhe
"""
