"""English written sentences about an invented world that shares its words with the assistant's."""

ENCYCLOPAEDIA = """
person!: {first_name} {last_name}
year: 19{10..99} | 20{10..24} | 18{10..99} | 17{10..99}
day!: {month} {1..28} | {weekday}, {month} {1..28} | {month} {1..28}, {year}
clock!: {1..12}:{10..59} (AM|PM) | {1..12}:0{0..9} (AM|PM) | {1..12}:30 AM | {1..12}:15 PM
thousands!: {2..99},{100..999} | {100..990} | {1..9},{100..999}
two_foods!: {food} and {food} | {food}, {food} and {food}

sentence:
  {city_fact} | {person_fact} | {animal_fact} | {music_fact} | {food_fact} | {home_fact} | {travel_fact}
  {weather_fact}
  {calendar_fact} | {guide} | {city_fact} {travel_fact} | {person_fact} {music_fact}
  {food_fact} {home_fact}

city_fact:
  The {noun} {house} in {city} was built in {year} and has {3..90} rooms.
  About {thousands} people visit the {animal} park near {city} every year.
  {city} held its first {noun} festival on {day}.
  The old bridge in {city} is {20..900} meters long; the tower beside it is {15..300} meters high.
  On {weekday}s the market in {city} sells {two_foods}.
  The train station of {city} has {2..30} platforms and a small {room_shop}.
  In {city}, the {adjective} river divides the old town from the harbor.
  The library of {city} owns {thousands} books about {topic}.
house!: museum | theater | hotel | school | hospital | hall | mill
room_shop!: cafe | bakery | bookstore | restaurant | post office
topic!: {animals} | music | the weather | the {instrument} | cooking | trains | gardens
person_fact:
  {person} was born in {city} on {day}.
  {person} was a {job} from {city} and lived to the age of {60..99}.
  At the age of {6..40}, {person} moved from {city} to {city}.
  {person} plays the {instrument} and has worked as a {job} since {year}.
  The {job} {person} won the {noun} prize in {year} for the book "{title}".
  Every {weekday} {first_name} meets {first_name} for lunch at {clock}.
  {first_name}'s {relation} lives in {city} and speaks {2..7} languages.
job:
  teacher | doctor | painter | singer | baker | pilot | nurse | gardener | writer | driver | carpenter
  lawyer
title!: The {adjective^} {noun^} | {noun^} of {city} | The {animal^} and the {noun^}
animal_fact:
  {animals} can live for up to {3..40} years.
  The {adjective} {animal} sleeps {4..18} hours a day and eats mostly {animal_food}.
  {animals} live in groups of {2..30} animals; in winter they stay near the {place_word}.
  A young {animal} leaves its mother after {3..40} weeks.
  In {year}, {thousands} {animals} were counted between {city} and {city}.
  Unlike the {animal}, the {animal} is active at night.
animal_food!: grass | insects | fish | roots | berries | leaves | nuts | seeds
place_word!: {noun} | coast | house | water | barn
music_fact:
  "{song}" is a song by {artist}, released on {day}.
  {artist} played {genre} in {city} for more than {2..30} years.
  The {instrument} has been part of {genre} since {year}.
  The album "{title}" by {artist} has {6..20} songs and lasts {25..80} minutes.
  In {year}, {artist} sold {thousands} records.
  {person} learned to play the {instrument} at the age of {4..15}.
  The playlist "{playlist}" contains {10..90} songs, most of them {genre}.
food_fact:
  For {dish} you need {two_foods}.
  Many people like {dish} with {food}; it takes {10..90} minutes to cook.
  Cook the {dish} for {10..55} minutes at {300..450} degrees.
  {100..900} grams of {food} cost ${1..9}.{10..99} in {city}.
  The restaurant {restaurant} opened in {year} and is known for its {dish}.
  {first_name} bought {2..12} packs of {food} and {household} at the store.
  In {city} people like {food} with {food}.
home_fact:
  The {room} of the house in {city} is {8..60} square meters in size.
  A lamp with {20..90} percent brightness is enough for the {room}.
  The walls of the {room} are {colour}, and the lights are {colour}.
  In the {room} it should be about {60..75} degrees.
  {first_name} turned off the lights in the {room} at {clock}.
  The heating in the {room} was repaired on {day}.
  {household} and {household} are kept in the {room}.
travel_fact:
  The train from {city} to {city} leaves at {clock} and takes {2..14} hours.
  The bus to {city} runs every {10..50} minutes.
  A flight from {city} to {city} costs ${100..900}.
  A taxi from the airport to {city} costs about ${20..90}, depending on traffic.
  The first ferry to {city} sailed in {year}.
  {first_name} missed the night train to {city} because of the {weather_word}.
weather_word!: snow | rain | fog | storm | heat | wind
weather_fact:
  On {day}, it was {10..99} degrees in {city}.
  In {month}, {weather_word} is common in {city}.
  The {weather_word} of {year} lasted {2..20} days and closed {3..80} roads.
  The forecast for {weekday}: {weather_word} in {city}, sunshine in {city}.
  Between {month} and {month}, it rains on {3..25} percent of all days.
  {city} had {1..2},{100..999} hours of sunshine in {year}.
calendar_fact:
  The {event} begins on {day} at {clock}.
  {first_name}'s {event} was moved from {weekday} to {weekday}.
  The {activity} with {person} lasted {10..90} minutes.
  {person} wrote a message: "See you on {weekday} at {clock}!"
  {first_name} called {first_name} at {clock} about the {event}.
  The alarm rang at {clock}, but {first_name} slept on for {5..90} minutes.
guide:
  Say "play some {genre}" and the music starts in the {room}.
  Anyone who has to get up at {clock} should set an alarm.
  The {list_name} list had {3..20} entries: {food}, {household}, {food} and others.
  Set a timer for {2..50} minutes, then take the {dish} out of the oven.
  A reminder for the {event} can be cancelled until {clock}.
  The volume was at {10..90} percent when the neighbors called {first_name}.
  To turn the lights in the {room} {colour}, ask the assistant.
"""
