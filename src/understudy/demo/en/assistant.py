"""English utterances to an assistant, in spoken form; a rule an intent, phrasings from frequent to rare."""

ASSISTANT = """
pre:
  ~ | please | can you | could you | hey | would you please | i need you to | i'd like you to
  go ahead and
few!: two | three | four | five | six | seven | eight | nine
digit!: one | two | three | four | five | six | seven | eight | nine
hour!: one | two | three | four | five | six | seven | eight | nine | ten | eleven | twelve
minute!: oh five | ten | fifteen | twenty | twenty five | thirty | forty | forty five | fifty | fifty five
ordinal!:
  first | second | third | fourth | fifth | sixth | seventh | eighth | ninth | tenth | eleventh
  twelfth | thirteenth
  fifteenth | eighteenth | twentieth | twenty first | twenty third | twenty seventh | thirtieth
tens!: twenty | thirty | forty | fifty | sixty | seventy | eighty | ninety

time:
  {hour} (a. m.|p. m.) | {hour} {minute} | {hour} o'clock | {hour} {minute} (a. m.|p. m.)
  half past {hour} | noon
  {hour} in the (morning|afternoon|evening) | quarter (to|past) {hour} | {minute} past {hour} | midnight
relative_day:
  tomorrow | today | tonight | tomorrow morning | this weekend | the day after tomorrow | tomorrow night
calendar_day:
  {weekday} | {month} {ordinal} | the {ordinal} | the {ordinal} of {month} | {weekday} (morning|evening)
next_day: next {weekday} | this {weekday} | next week | a week from {weekday} | next weekend | next month
on_date: [date=relative_day] | on [date=calendar_day] | [date=next_day]
plain_day: tomorrow | today | the day after tomorrow
calendar_date:
  {weekday} | {month} {ordinal} | {weekday} the {ordinal} | the {ordinal} | the {ordinal} of {month}
on_day!: [date=plain_day] | on [date=calendar_date]
about_date: [date=relative_day] | [date=calendar_day] | [date=next_day]
duration:
  {few} minutes | {tens} minutes | ten minutes | an hour | half an hour | {few} hours | an hour and a half
  {tens} {digit} minutes | {tens} seconds | {few} and a half minutes | {few} hours and {tens} minutes
percent: {tens} percent | {tens} five percent | ten percent | one hundred percent | {tens} {digit} percent
degrees: {tens} degrees | sixty {digit} degrees | seventy {digit} degrees
person: {first_name} | my {relation} | {first_name} {last_name} | mom | {first_name} from work | dad

music_play:
  {pre} play [song]
  {pre} play some [genre]
  {pre} put on [artist]
  {pre} play [song] by [artist]
  i want to hear [artist]
  {pre} play [genre] in the [room]
  {pre} start my [playlist] playlist
  let me listen to [genre]
  shuffle (the|my) playlist [playlist]
  i'm in the mood for some [genre]
  {pre} play something by [artist]
  how about some [genre] in the [room]
weather_query:
  what's the weather (like|) in [place=city]
  what's the weather {about_date}
  how is the weather in [place=city] {on_date}
  will it {weather} {on_date}
  is it going to {weather} in [place=city] {on_date}
  do i need [weather=weather_thing] {on_date}
  give me the forecast for [place=city]
  tell me if it will {weather} {on_date}
  how (hot|cold) does it get in [place=city] {on_date}
  any chance of [weather=weather_noun] in [place=city] {on_date}
weather!: [weather=weather_verb] | be [weather=weather_adjective]
weather_verb: rain | snow | freeze | hail | storm | drizzle | thunder
weather_adjective: sunny | windy | cloudy | foggy | warm | humid | stormy | icy | mild | hazy
weather_thing: an umbrella | a coat | sunglasses | a raincoat | sunscreen | gloves | rubber boots
weather_noun: rain | snow | sunshine | thunder | fog | showers | hail
alarm_set:
  {pre} set an alarm for [time] {on_day}
  {pre} wake me up at [time]
  {pre} wake me up {on_day} at [time]
  alarm at [time]
  {pre} set my alarm (to|for) [time]
  i have to get up at [time] {on_day}
  {pre} make sure i'm awake by [time] {on_day}
  {pre} get me out of bed at [time]
timer_start:
  {pre} set a timer for [duration]
  {pre} start a timer of [duration] for the [timer_name]
  [duration] timer
  {pre} count down from [duration]
  {pre} remind me in [duration] about the [timer_name]
  {pre} time [duration] for the [timer_name]
  let me know after [duration]
light_on:
  {pre} turn on the (lights|light) in the [room]
  {pre} turn the [room] lights [color=colour]
  {pre} switch on the [room] light
  {pre} set the [room] lights to [level=percent]
  {pre} make the light in the [room] [color=colour]
  it's too dark in the [room]
  {pre} dim the [room] lights to [level=percent]
  {pre} light up the [room] in [color=colour]
list_add:
  {pre} add [item=food] to my [list_name] list
  {pre} put [amount] of [item=food] on the [list_name] list
  {pre} add [item=household] to the [list_name] list
  we need [item=food]
  {pre} put [item=household] on my list
  don't let me forget the [item=household]
  we're out of [item=food] and [item=household]
  {pre} note [amount] of [item=food] for the [list_name] list
  write down [item=food] and [item=extra]
amount:
  two pounds | a bag | {few} packs | a pound | half a pound | {few} boxes | a box | three baskets
  a quarter pound
event_create:
  {pre} schedule a [event] {on_day} at [time]
  {pre} add [event] to my calendar {on_date}
  {pre} put [event] on my calendar for [time]
  remind me of the [event] {on_date}
  {pre} set up a [event=activity] with [person] {on_date}
  i have a [event] {on_day} at [time]
  {pre} block [time] for [event] {on_day}
  {pre} pencil in a [event=activity] with [person] at [time]
  new appointment [event] {on_date}
light_off:
  {pre} turn off the (lights|light) in the [room]
  {pre} turn the [room] lights off
  lights out in the [room]
  {pre} switch off the [room] light
  {pre} kill the lights in the [room]
  {pre} make it dark in the [room]
  we don't need any light in the [room]
event_query:
  what's on my calendar {on_date}
  when is my [event]
  do i have anything {on_date}
  what do i have {on_day} at [time]
  am i free {on_day} at [time]
  what time is the [event] {on_date}
  read me my appointments for {about_date}
  when do i meet [person]
message_send:
  {pre} text [person] [message]
  {pre} send [person] a message saying [message=statement]
  {pre} tell [person] [message=statement]
  {pre} write [person] that [message=statement]
  {pre} let [person] know that [message=statement]
  message [person] [message]
  {pre} pass on to [person] that [message=statement]
message:
  {statement} | see you in {city} | happy birthday | bring {food} and {extra}
  good luck with the {event} | i love you
statement:
  i'm running late | i'll be home at {time} | dinner is ready | i'll call later | we need {food}
  i'm stuck in traffic
  the {event} is cancelled | i'll be there in {duration} | the {dish} was great | {first_name} says hello
  i lost my keys | the party starts at {time} | i can't come {relative_day}
train_find:
  when is the next [transport] to [destination=city]
  {pre} find a [transport] from [origin=city] to [destination=city]
  i need a [transport] to [destination=city] {on_date}
  how do i get to [destination=city] by [transport]
  {pre} show me (all|) [transport=transports] to [destination=city] {on_date}
  is there a [transport] from [origin=city] to [destination=city] {on_day} after [time]
  when does the last [transport] leave [origin=city] for [destination=city]
  i have to be in [destination=city] by [time]
transport: train | bus | flight | night train | ferry | express train | coach
transports: trains | buses | flights | ferries
music_volume:
  {pre} turn the volume up
  {pre} set the volume to [level=percent]
  {pre} turn it down (a little|)
  louder (please|)
  {pre} turn the music down in the [room]
  volume to [level=percent]
  it's too loud in the [room]
  {pre} make the music in the [room] louder
recipe_find:
  {pre} find a recipe for [dish]
  how do i make [dish]
  what can i cook with [ingredient=food]
  show me a [dish] recipe
  what goes into [dish]
  {pre} look up a recipe with [ingredient=food] and [ingredient=extra]
  i want to cook [dish] for [person]
  give me an idea for dinner with [ingredient=food]
call_start:
  {pre} call [person]
  {pre} give [person] a call
  phone [person]
  {pre} ring [person] on the [device]
  i want to talk to [person]
  {pre} get [person] on the phone
device: mobile | home phone | work phone | landline
alarm_cancel:
  {pre} cancel my [time] alarm
  {pre} turn off the alarm (for|at) [time]
  {pre} delete all alarms {on_date}
  i don't need to get up {on_date}
  {pre} delete the alarm at [time] {on_day}
  forget the [time] alarm
food_order:
  {pre} order [dish] from [restaurant]
  {pre} order (some|) [dish]
  i'd like [dish] from [restaurant]
  get me (some|) [dish] delivered at [time]
  {pre} have [dish] delivered from [restaurant]
  i'm hungry for [dish]
  {pre} book a table at [restaurant] {on_date}
heating_set:
  {pre} set the [room] to [temperature=degrees]
  {pre} turn the heat up to [temperature=degrees]
  it's too cold in the [room]
  {pre} heat the [room] to [temperature=degrees] {on_date}
  {pre} set the thermostat to [temperature=degrees]
  {pre} warm up the [room]
list_read:
  what's on my [list_name] list
  {pre} read me the [list_name] list
  what do we need to buy
  is [item=food] on the [list_name] list
  {pre} open my [list_name] list
  how many things are on the [list_name] list
taxi_order:
  {pre} get me a taxi to [destination=city]
  {pre} order a cab for [time]
  i need a ride to [destination=city] at [time]
  {pre} book a taxi {on_day} at [time]
  {pre} call me a cab to [restaurant]
  {pre} have a driver pick me up at [time]
list_remove:
  {pre} take [item=food] off the [list_name] list
  {pre} remove [item=household] from my [list_name] list
  we already have [item=food]
  {pre} delete [item=food] from the list
  cross [item=household] off my list
  {pre} clear the [list_name] list
event_cancel:
  {pre} cancel my [event] {on_date}
  {pre} delete the [event] from my calendar
  the [event] isn't happening
  {pre} call off the [event=activity] with [person]
  {pre} cancel everything {on_date}
  i can't make it to the [event] {on_date}
music_stop:
  stop the music
  {pre} pause the song
  {pre} turn off the music in the [room]
  {pre} stop playing [artist]
  that's enough music
  quiet in the [room] please
  {pre} stop the [genre]
"""
