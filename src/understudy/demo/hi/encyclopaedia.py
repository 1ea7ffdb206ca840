"""Hindi written sentences about an invented world that shares its words with the assistant's."""

ENCYCLOPAEDIA = """
person!: {first_name} {last_name}
year: 19{10..99} | 20{10..24} | 18{10..99} | 17{10..99}
clock!: {1..12}:{10..59} बजे | सुबह {5..11} बजे | शाम {4..7} बजे | रात {8..11}:30 बजे
thousands!: {2..99},{100..999} | {100..990} | {1..9},{10..99},{100..999}
two_foods!: {food} और {extra} | {food}, {food} और {extra}

sentence:
  {city_fact} | {person_fact} | {animal_fact} | {music_fact} | {food_fact} | {home_fact} | {travel_fact}
  {weather_fact}
  {calendar_fact} | {guide} | {city_fact} {travel_fact} | {person_fact} {music_fact}
  {food_fact} {home_fact}

city_fact:
  {city} का {house} सन {year} में बना था और उसमें {3..90} कमरे हैं।
  हर साल लगभग {thousands} लोग {city} का चिड़ियाघर देखने जाते हैं।
  {city} में पहला {noun_m} उत्सव {1..28} {month} {year} को हुआ।
  {city} का पुराना पुल {20..900} मीटर लंबा है और पास की मीनार {15..300} मीटर ऊँची है।
  {weekday} को {city} के बाज़ार में {two_foods} मिलते हैं।
  {city} के स्टेशन पर {2..30} प्लेटफ़ॉर्म और एक छोटी दुकान है।
  {city} में एक {adjective} नदी पुराने शहर को नए शहर से अलग करती है।
  {city} के पुस्तकालय में {topic} पर {thousands} किताबें हैं।
house!: संग्रहालय | अस्पताल | होटल | स्कूल | क़िला | महल
topic!: संगीत | मौसम | {genre} | रसोई | रेलगाड़ी | जानवरों
person_fact:
  {person} का जन्म {1..28} {month} {year} को {city} में हुआ।
  {city} के {job} समुदाय में {person} का नाम सन {year} से जाना जाता है।
  {6..40} साल की उम्र में {person} ने {city} छोड़कर {city} में घर बसाया।
  {person} को {instrument} बजाना आता है और {2..7} भाषाएँ भी।
  “{title}” नाम की किताब के लिए {person} को सन {year} में पुरस्कार मिला।
  हर {weekday} को {first_name} और {first_name} {clock} मिलते हैं।
  {first_name} की {relation_f} {city} में रहती हैं और {2..7} भाषाएँ बोलती हैं।
job: शिक्षक | कलाकार | डॉक्टर | किसान | लेखक | वकील
title!: {adjective} {noun_m} | {city} की {noun_f} | {animal_m} और {animal_f} | {noun_m} और {noun_f}
animal_fact:
  {animals_m} {3..40} साल तक जी सकते हैं।
  {adjective} {animal_f} दिन में {4..18} घंटे सोती है और ज़्यादातर {animal_food} खाती है।
  {animals_m} {2..30} के झुंड में रहते हैं; सर्दियों में वे {noun_m} के पास रहते हैं।
  {animal_f} का बच्चा {3..40} हफ़्ते बाद माँ से अलग हो जाता है।
  सन {year} में {city} और {city} के बीच {thousands} {animals_m} गिने गए।
  {animal_f} दिन में जागती है, लेकिन {animal_m} रात में जागता है।
animal_food!: घास | पत्तियाँ | बीज | जड़ें | फल | दाने
music_fact:
  “{song}” {artist} का गाना है, जो {1..28} {month} {year} को आया।
  {artist} ने {city} में {2..30} साल से ज़्यादा {genre} का कार्यक्रम किया।
  सन {year} से {genre} में {instrument} का भी प्रयोग होता है।
  {artist} के एल्बम “{title}” में {6..20} गाने हैं और उसकी लंबाई {25..80} मिनट है।
  सन {year} में {artist} के {thousands} रिकॉर्ड बिके।
  {person} ने {4..15} साल की उम्र में {instrument} बजाना सीखा।
  “{playlist}” प्लेलिस्ट में {10..90} गाने हैं, जिनमें ज़्यादातर {genre} के हैं।
food_fact:
  {dish} के लिए {two_foods} चाहिए।
  {dish} के साथ अक्सर {food} परोसते हैं; इसे बनाने में {10..90} मिनट लगते हैं।
  {dish} को {10..55} मिनट तक {150..230} डिग्री पर पकाएँ।
  {city} में {100..900} ग्राम {food} का दाम {20..99} रुपये है।
  {restaurant} सन {year} में खुला और {dish} के लिए मशहूर है।
  {first_name} ने दुकान से {2..12} पैकेट {food} और {household} लिए।
  {city} के लोग {food} के साथ {extra} खाते हैं।
home_fact:
  {city} के घर में {room} का आकार {8..60} वर्ग मीटर है।
  {room} के लिए {20..90} प्रतिशत रोशनी काफ़ी है।
  {room} की दीवारें {colour} हैं और बत्तियाँ {colour}।
  {room} का तापमान लगभग {18..27} डिग्री होना चाहिए।
  {first_name} ने {clock} {room} की बत्ती बंद कर दी।
  {room} के हीटर की मरम्मत {1..28} {month} {year} को हुई।
  {household} और {household} {room} में रखे हैं।
travel_fact:
  {city} से {city} की ट्रेन {clock} छूटती है और {2..14} घंटे लेती है।
  {city} की बस हर {10..50} मिनट में चलती है।
  {city} से {city} का हवाई टिकट {2..9},{100..999} रुपये का है।
  हवाई अड्डे से {city} तक टैक्सी का किराया लगभग {200..990} रुपये है।
  {city} की पहली नाव सन {year} में चली।
  {weather_word} के कारण {first_name} की {city} वाली ट्रेन छूट गई।
weather_word!: बारिश | आँधी | धुंध | ठंड | गर्मी | बर्फ़बारी
weather_fact:
  {1..28} {month} को {city} में तापमान {5..45} डिग्री था।
  {month} में {city} में {weather_word} आम बात है।
  सन {year} में {2..20} दिन तक {weather_word} रही और {3..80} सड़कें बंद रहीं।
  {weekday} का मौसम: {city} में {weather_word}, {city} में धूप।
  {month} और {month} के बीच {3..25} प्रतिशत दिनों में बारिश होती है।
  {city} में सन {year} में {1..2},{100..999} घंटे धूप रही।
calendar_fact:
  {event} {1..28} {month} को {clock} शुरू होगी।
  {event} {weekday} की जगह अब {weekday} को होगी।
  {person} के साथ {activity} {10..90} मिनट चली।
  {person} ने लिखा: “{weekday} को {clock} मिलते हैं!”
  {first_name} ने {clock} {first_name} को {event} के बारे में फ़ोन किया।
  अलार्म {clock} बजा, पर {first_name} की नींद {5..90} मिनट बाद खुली।
guide:
  “{genre} चलाओ” कहने पर {room} में संगीत शुरू हो जाता है।
  जिसे {clock} उठना हो, उसे अलार्म लगाना चाहिए।
  {list_name} की सूची में {3..20} चीज़ें थीं: {food}, {household}, {extra} और दूसरी।
  {2..50} मिनट का टाइमर लगाइए, फिर {dish} परोसिए।
  {event} को {1..28} {month} तक रद्द किया जा सकता है।
  जब पड़ोसियों ने {first_name} को फ़ोन किया, तब आवाज़ {10..90} प्रतिशत थी।
  सहायक से कहिए, तो {room} की बत्ती {colour} हो जाएगी।
"""
