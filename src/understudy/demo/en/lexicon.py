"""English words and names in written form, from frequent to rare; both grammars draw on them."""

LEXICON = """
weekday!: Monday | Tuesday | Wednesday | Thursday | Friday | Saturday | Sunday
month!:
  January | February | March | April | May | June | July | August | September | October | November
  December

city:
  Boston | Chicago | Seattle | Denver | Austin | Portland | Berlin | Paris | Dublin | Madrid | Oslo | Vienna
  San Diego | New Orleans | Nashville | Toronto | Lisbon | Salt Lake City | Helsinki | Kansas City | Osaka
  Baltimore | Santa Fe | Edinburgh | Anchorage | Savannah | Mumbai | Cleveland | Honolulu | Zurich

first_name:
  Emma | Noah | Olivia | Liam | Mia | Lucas | Grace | Henry | Chloe | Daniel | Ruby | Oscar | Nora
  Felix | Alice
  Victor | Hazel | Martin | Ingrid | Samuel | Priya | Leon | Beatrice | Kenji | Miriam | Walter | Zoe
  Rashid
last_name:
  Carter | Bennett | Miller | Hughes | Sullivan | Marsh | Okafor | Lindqvist | Pereira | Whitfield
  Novak | Tanaka
  Delgado | Archer | Bloom | Fairbanks

animals:
  cats | foxes | owls | bears | wolves | otters | rabbits | falcons | hedgehogs | deer | herons
  badgers | lizards
  swans | beavers | ravens | turtles | sparrows | seals
animal:
  cat | fox | owl | bear | wolf | otter | rabbit | falcon | hedgehog | deer | heron | badger | lizard
  swan | beaver
  raven | turtle | lynx | sparrow | seal
instrument:
  guitar | piano | violin | drum | flute | cello | trumpet | harp | saxophone | banjo | clarinet | tuba
  mandolin | recorder
colour:
  red | blue | green | white | yellow | purple | orange | pink | warm white | turquoise | golden
  violet | silver
  dark blue | crimson
adjective:
  silver | golden | quiet | wild | little | broken | velvet | midnight | hidden | lonely | electric
  gentle | burning
  frozen | crooked | distant
noun:
  river | moon | heart | summer | garden | road | shadow | ocean | winter | mirror | lantern | forest
  bridge | storm
  island | candle | harbor | meadow

genre:
  jazz | rock | pop | classical music | blues | country music | hip hop | folk music | soul | reggae
  techno | salsa | swing
  chamber music | bluegrass | flamenco
band_noun:
  Foxes | Lanterns | Rivers | Owls | Strangers | Bicycles | Shadows | Gardeners | Comets | Sailors
  Pianos | Harbors
artist:
  The {adjective^} {band_noun} | {first_name} {last_name} | {first_name} and the {band_noun}
  The {last_name} Brothers
  The {city} Quartet | {first_name} {noun^}
song:
  {adjective^} {noun^} | {noun^} of {city} | My {adjective^} {noun^} | Under the {noun^}
  Dancing with {first_name}
  The {noun^} and the {animal^} | Goodbye {city} | No More {noun^} | {adjective^} {weekday}
  {city} in {month}
playlist:
  morning coffee | workout | {adjective} {weekday} | road trip | dinner with friends
  {first_name}'s favorites
  deep focus | rainy day | {month} mix | summer party | sleepy {animal} | songs for {city}

room:
  kitchen | living room | bedroom | bathroom | hallway | garage | office | dining room | basement
  nursery | guest room
  attic | laundry room | porch | library

food:
  milk | bread | eggs | coffee | bananas | cheese | rice | apples | butter | tomatoes | chicken | sugar
  onions | tea
  potatoes | spinach | yogurt | carrots | olive oil | lemons | salmon | honey | garlic | mushrooms
  flour | lentils
  blueberries | ginger | cashews | pumpkin
extra:
  salt | pepper | basil | mustard | ketchup | vanilla | cinnamon | vinegar | chili powder | raisins
  oats | jam
household:
  paper towels | dish soap | batteries | shampoo | toothpaste | trash bags | light bulbs | candles
  laundry detergent
  matches | sponges | envelopes
staple:
  chicken | tomato | potato | spinach | mushroom | salmon | onion | pumpkin | carrot | lentil | leek
  bean | celery
dish:
  pizza | {staple} soup | chicken curry | lasagna | {staple} salad | pancakes | pad thai | fried rice
  {staple} pie
  tacos | mushroom risotto | beef stew | {staple} curry | chili | sushi | apple cake | {staple} stew
  shepherd's pie
  {staple} casserole | gumbo
restaurant:
  the {colour} {animal} | {first_name}'s Kitchen | the {adjective} {animal} | {last_name} and sons
  the {noun} cafe
  Little {city} | the {animal} and {animal}

event:
  meeting | dentist appointment | lunch with {first_name} | birthday party | {instrument} lesson
  yoga class
  team meeting | dinner with {first_name} | doctor's appointment | job interview | haircut
  parent teacher conference
  call with {last_name} | book club | budget review | wedding of {first_name} and {first_name}
  soccer practice
  {noun} festival | visit to {city} | car inspection
activity:
  meeting | dinner | lunch | phone call | rehearsal | walk | workshop | game night | picnic
  chess match | tennis match
  study session
list_name:
  shopping | grocery | to do | packing | gift | hardware store | party | wish | reading | camping
  cleaning | christmas
timer_name:
  pasta | eggs | pizza | laundry | {dish} | tea | nap | homework | bread | workout | cookies
  {instrument} practice
relation:
  mom | dad | sister | brother | grandma | boss | wife | husband | neighbor | uncle | roommate | aunt
  landlord
"""
