"""Hindi utterances to an assistant, in spoken form; a rule an intent, phrasings from frequent to rare."""

ASSISTANT = """
pre: ~ | प्लीज़ | ज़रा | कृपया | सुनो | अच्छा | एक काम करो
few!: दो | तीन | चार | पाँच | छह | सात | आठ | नौ | दस
hour!: एक | दो | तीन | चार | पाँच | छह | सात | आठ | नौ | दस | ग्यारह | बारह
half_hour!: तीन | चार | पाँच | छह | सात | आठ | नौ | दस | ग्यारह
minute!: पाँच | दस | पंद्रह | बीस | पच्चीस | तीस | पैंतीस | चालीस | पैंतालीस | पचास
tens!: दस | बीस | तीस | चालीस | पचास | साठ | सत्तर | अस्सी | नब्बे
day!:
  एक | दो | तीन | चार | पाँच | छह | सात | आठ | नौ | दस | ग्यारह | बारह | पंद्रह | अठारह | बीस | इक्कीस | तेईस
  पच्चीस | सत्ताईस | तीस
part!: सुबह {early} बजे | शाम {evening} बजे | दोपहर {noon} बजे | रात {night} बजे
early!: पाँच | छह | सात | आठ | नौ | दस | साढ़े छह | साढ़े सात | साढ़े आठ
evening!: चार | पाँच | छह | सात | साढ़े पाँच | साढ़े छह
noon!: बारह | एक | दो | डेढ़ | ढाई | तीन
night!: आठ | नौ | दस | ग्यारह | साढ़े नौ

# before a verb or before का
time: {part} | {hour} बजे | साढ़े {half_hour} बजे | सवा {half_hour} बजे | पौने {half_hour} बजे | डेढ़ बजे | ढाई बजे
# before का only; before a verb it needs पर
exact_time: {hour} बजकर {minute} मिनट | सुबह {early} बजे
at_time!: [time] | [time] | [time] | [time=exact_minutes] पर
exact_minutes!: {hour} बजकर {minute} मिनट
for_time!: [time] | [time] | [time=exact_time]
relative_day: कल | आज | परसों | कल सुबह | आज शाम | आज रात | कल शाम
calendar_day: {weekday} | {day} {month} | अगले {weekday} | {month} की {day} तारीख | इस {weekday}
next_day: अगले हफ़्ते | इस हफ़्ते | अगले महीने | दो दिन बाद | इस वीकेंड
on_date!: [date=relative_day] | [date=calendar_day] को | [date=relative_day] | [date=next_day]
plain_day: कल | आज | परसों
calendar_date: {weekday} | {day} {month} | अगले {weekday} | {month} की {day} तारीख | इस {weekday}
on_day!: [date=plain_day] | [date=calendar_date] को
of_date!: [date=relative_day] | [date=calendar_day]
duration:
  {few} मिनट | {tens} मिनट | एक घंटे | आधे घंटे | {few} घंटे | डेढ़ घंटे | {minute} मिनट | ढाई घंटे | {tens} सेकंड
  सवा घंटे | {few} घंटे {minute} मिनट
percent: {tens} प्रतिशत | {minute} प्रतिशत | सौ प्रतिशत | पचहत्तर प्रतिशत | पच्चीस परसेंट
degrees: (बीस|बाईस|चौबीस) डिग्री | पच्चीस डिग्री | (अठारह|उन्नीस) डिग्री | छब्बीस डिग्री | इक्कीस डिग्री
person:
  {first_name} | मेरे {relation_m} | मेरी {relation_f} | {first_name} {last_name} | मम्मी | {last_name} जी
  पापा

person_own:
  {first_name} | अपने {relation_m} | अपनी {relation_f} | {first_name} {last_name} | मम्मी | {last_name} जी
  पापा

music_play:
  {pre} [song] बजाओ
  {pre} कोई [genre] चलाओ
  {pre} [artist] के गाने बजाओ
  [artist] का गाना [song] सुनाओ
  मैं [genre] सुनना चाहता हूँ
  {pre} [room] में [genre] बजाओ
  {pre} मेरी प्लेलिस्ट [playlist] चलाओ
  क्या तुम [song] बजा सकते हो
  मेरा मन [artist] को सुनने का है
  {pre} [genre] लगा दो
  {pre} [playlist] वाली प्लेलिस्ट शुरू करो
  [room] में थोड़ा [genre] हो जाए
weather_query:
  [place=city] में मौसम कैसा है
  {on_date} मौसम कैसा रहेगा
  {on_date} [place=city] का मौसम बताओ
  क्या {on_date} [weather] होगी
  क्या {on_date} [place=city] में [weather] होगी
  क्या {on_date} मुझे [weather=weather_thing] चाहिए
  [place=city] का तापमान कितना है
  {on_date} कितनी (गर्मी|ठंड) पड़ेगी
  बताओ {on_date} [weather] होगी या नहीं
  [place=city] में {on_date} [weather] की संभावना है क्या
weather: बारिश | बर्फ़बारी | धूप | बूंदाबांदी | उमस | आँधी | धुंध
weather_thing: छाता | रेनकोट | स्वेटर | धूप का चश्मा | जैकेट | दस्ताने
alarm_set:
  {pre} {for_time} का अलार्म लगाओ
  {pre} {on_day} {for_time} का अलार्म लगा दो
  {pre} मुझे {at_time} जगाना
  मुझे {on_day} {at_time} उठना है
  {pre} मुझे {on_day} {at_time} जगा देना
  अलार्म {for_time} का
  क्या तुम मुझे {at_time} उठा सकते हो
  {on_day} {for_time} के लिए अलार्म सेट करो
timer_start:
  {pre} [duration] का टाइमर लगाओ
  {pre} [timer_name] के लिए [duration] का टाइमर शुरू करो
  टाइमर [duration] का
  {pre} [duration] बाद मुझे बताना
  {pre} [duration] की उलटी गिनती शुरू करो
  [duration] में [timer_name] की याद दिलाना
  क्या तुम [timer_name] के लिए [duration] का टाइमर लगा सकते हो
light_on:
  {pre} [room] की बत्ती जलाओ
  {pre} [room] की लाइट [color=colour] करो
  {pre} [room] की लाइट ऑन करो
  {pre} [room] की रोशनी [level=percent] करो
  [room] में बहुत अंधेरा है
  क्या तुम [room] की बत्ती जला सकते हो
  मुझे [room] में [color=colour] रोशनी चाहिए
  {pre} [room] की लाइट [level=percent] पर कर दो
list_add:
  {pre} [list_name] की सूची में [item=food] जोड़ो
  {pre} [list_name] की लिस्ट में [amount] [item=food] डालो
  {pre} [item=household] लिस्ट में लिख लो
  हमें [item=food] चाहिए
  {pre} [item=food] और [item=extra] लिस्ट में जोड़ दो
  घर में [item=food] और [item=extra] ख़त्म हो गए हैं
  {pre} [list_name] की सूची में [item=household] भी लिखो
  मुझे [item=household] ख़रीदने की याद दिलाना
amount: दो किलो | एक पैकेट | {few} पैकेट | आधा किलो | एक डिब्बा | पाव भर | ढाई सौ ग्राम | {few} किलो | डेढ़ किलो
event_create:
  {pre} {on_day} {at_time} [event] कैलेंडर में जोड़ो
  {pre} {of_date} की [event] कैलेंडर में लिख लो
  {on_date} मुझे [event] की याद दिलाना
  {pre} {on_date} [person] के साथ [event=activity] तय करो
  {on_day} {at_time} [person] के साथ [event=activity] है
  {pre} कैलेंडर में {on_date} [event] डाल दो
  क्या तुम {on_day} {at_time} [event] रख सकते हो
  {at_time} [person] के साथ [event=activity] पक्की कर दो
light_off:
  {pre} [room] की बत्ती बुझाओ
  {pre} [room] की लाइट बंद करो
  {pre} [room] में अंधेरा कर दो
  [room] की लाइट ऑफ़
  क्या तुम [room] की बत्ती बंद कर सकते हो
  अब [room] में रोशनी नहीं चाहिए
event_query:
  {on_date} मेरे कैलेंडर में क्या है
  [event] कब है
  क्या {on_date} मेरा कोई कार्यक्रम है
  {on_day} {at_time} मुझे क्या करना है
  क्या मैं {on_day} {at_time} ख़ाली हूँ
  {on_date} [event] कितने बजे है
  {of_date} के सारे कार्यक्रम पढ़कर सुनाओ
  [person=person_own] से मुझे कब मिलना है
message_send:
  {pre} [person] को मैसेज भेजो कि [message]
  {pre} [person] को लिखो [message]
  {pre} [person] को बताओ कि [message]
  {pre} [person] से कहो कि [message]
  [person] के लिए संदेश [message]
  क्या तुम [person] को बता सकते हो कि [message]
  {pre} [person] को ख़बर कर दो कि [message]
message:
  मुझे देर हो जाएगी | मैं {part} घर आऊँगा | खाना तैयार है | घर के लिए {food} ले आना | मैं ट्रैफ़िक में फँसी हूँ
  हम {city} पहुँच गए हैं | पार्टी {time} शुरू होगी | {first_name} की तबीयत ख़राब है | मैं {relative_day} नहीं आ पाऊँगी
  मुझे {food} और {extra} चाहिए | {event} रद्द हो गई है | मेरी चाबी खो गई है
train_find:
  [destination=city] की अगली [transport=transport_f] कब है
  {pre} [origin=city] से [destination=city] की [transport=transport_f] ढूँढो
  {on_date} [destination=city] के लिए [transport=transport_f] बताओ
  मैं [transport] से [destination=city] कैसे जाऊँ
  क्या {on_date} [origin=city] से [destination=city] कोई [transport=transport_f] जाती है
  [origin=city] से [destination=city] की आख़िरी [transport=transport_f] कितने बजे निकलती है
  मुझे {for_time} तक [destination=city] पहुँचना है
  {on_day} {for_time} के बाद [destination=city] की [transport=transport_f] दिखाओ
transport_f: ट्रेन | बस | फ़्लाइट | राजधानी एक्सप्रेस | गाड़ी | लोकल ट्रेन
transport: ट्रेन | बस | हवाई जहाज़ | मेट्रो | नाव | गाड़ी
music_volume:
  {pre} आवाज़ बढ़ाओ
  {pre} वॉल्यूम [level=percent] करो
  {pre} आवाज़ (थोड़ी|) कम करो
  {pre} [room] में गाने की आवाज़ तेज़ करो
  वॉल्यूम [level=percent] पर
  [room] में बहुत शोर है
  {pre} संगीत धीमा कर दो
recipe_find:
  {pre} [dish] की रेसिपी ढूँढो
  [dish] कैसे बनाते हैं
  [ingredient=food] से क्या बना सकते हैं
  {pre} [dish] बनाने का तरीक़ा बताओ
  [dish] में क्या क्या पड़ता है
  {pre} [ingredient=food] और [ingredient=extra] वाली रेसिपी दिखाओ
  मैं [person=person_own] के लिए [dish] बनाना चाहती हूँ
  आज [ingredient=food] से खाने में क्या बनाऊँ
call_start:
  {pre} [person] को फ़ोन लगाओ
  {pre} [person] को कॉल करो
  मुझे [person=person_own] से बात करनी है
  {pre} [person] के [device] पर कॉल करो
  {pre} [person] से बात कराओ
  क्या तुम [person] को फ़ोन कर सकते हो
device: मोबाइल | घर के फ़ोन | ऑफ़िस के नंबर | लैंडलाइन
alarm_cancel:
  {pre} {for_time} का अलार्म हटाओ
  {pre} {of_date} का अलार्म बंद कर दो
  {pre} सारे अलार्म मिटा दो
  {on_date} मुझे नहीं उठना है
  {pre} {on_day} {for_time} का अलार्म रद्द करो
  अब {for_time} वाला अलार्म नहीं चाहिए
food_order:
  {pre} [restaurant] से [dish] मँगाओ
  {pre} [dish] ऑर्डर करो
  मुझे [restaurant] से [dish] चाहिए
  {for_time} तक [dish] मँगवा दो
  मेरा [dish] खाने का मन है
  {pre} {on_date} [restaurant] में टेबल बुक करो
  क्या तुम [restaurant] से [dish] मँगा सकते हो
heating_set:
  {pre} [room] का तापमान [temperature=degrees] करो
  {pre} हीटर [temperature=degrees] पर सेट करो
  [room] में बहुत ठंड है
  {pre} [room] को गर्म करो
  {on_date} [room] का तापमान [temperature=degrees] रखना
  {pre} [room] का हीटर चला दो
list_read:
  [list_name] की सूची में क्या है
  {pre} [list_name] की लिस्ट पढ़कर सुनाओ
  हमें क्या क्या ख़रीदना है
  क्या [list_name] की लिस्ट में [item=food] है
  {pre} [list_name] की लिस्ट खोलो
  [list_name] की सूची में कितनी चीज़ें हैं
taxi_order:
  {pre} [destination=city] के लिए टैक्सी मँगाओ
  {pre} {for_time} की टैक्सी बुक करो
  मुझे {on_day} {at_time} टैक्सी चाहिए
  {pre} {on_date} [destination=city] के लिए कैब बुक करो
  मुझे टैक्सी से [restaurant] जाना है
  {at_time} मुझे लेने के लिए कैब भेजो
list_remove:
  {pre} [list_name] की सूची से [item=food] हटाओ
  {pre} लिस्ट से [item=household] निकाल दो
  हमारे पास [item=food] पहले से है
  {pre} [item=food] को लिस्ट से मिटाओ
  अब [item=household] की ज़रूरत नहीं है
  {pre} [list_name] की लिस्ट ख़ाली कर दो
event_cancel:
  {pre} {of_date} की [event] रद्द करो
  {pre} [event] कैलेंडर से हटाओ
  [event] अब नहीं होगी
  {pre} {of_date} के सारे कार्यक्रम रद्द कर दो
  मैं {on_date} [event] में नहीं जा पाऊँगा
  {pre} [person] के साथ वाली [event=activity] कैंसिल करो
music_stop:
  {pre} गाना बंद करो
  {pre} संगीत रोको
  {pre} [room] में म्यूज़िक बंद कर दो
  {pre} [artist] के गाने बंद करो
  अब [genre] बस करो
  [room] में शांति चाहिए
"""
