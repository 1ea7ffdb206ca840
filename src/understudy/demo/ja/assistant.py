"""Japanese utterances to an assistant, in spoken form; a rule an intent, phrasings from frequent to rare."""

ASSISTANT = """
pre: ~ | ねえ | ちょっと | すみません | あのね | お願い
# follows a verb in the te-form
te: ~ | ください | くれる | ほしい | もらえますか | ちょうだい | ほしいんだけど
digit!: 二 | 三 | 四 | 五 | 六 | 七 | 八 | 九
hour!: 一 | 二 | 三 | 四 | 五 | 六 | 七 | 八 | 九 | 十 | 十一
minute!: 五 | 十 | 十五 | 二十 | 二十五 | 三十五 | 四十 | 四十五 | 五十
tens!: 二十 | 三十 | 四十 | 五十 | 六十 | 七十 | 八十 | 九十
day_number!:
  一 | 二 | 三 | 四 | 五 | 六 | 七 | 八 | 九 | 十 | 十一 | 十二 | 十五 | 十八 | 二十 | 二十一 | 二十三
  二十七 | 三十
month_number!: 一 | 二 | 三 | 四 | 五 | 六 | 七 | 八 | 九 | 十 | 十一 | 十二

time:
  {hour}時 | 午前{hour}時 | {hour}時半 | 午後{hour}時 | {hour}時{minute}分 | (朝|夜)の{hour}時
  午後{hour}時{minute}分
  正午 | {hour}時{minute}分前 | 夕方の五時 | 午前{hour}時半
relative_day: 明日 | 今日 | 明後日 | 今夜 | 明日の朝 | 今週末 | 明日の夜
calendar_day:
  {weekday} | {month_number}月{day_number}日 | 来週の{weekday} | 今週の{weekday} | {day_number}日
  再来週の{weekday} | {weekday}の夜
date: {relative_day} | {calendar_day} | {relative_day} | {calendar_day} | 来週 | 来月の{day_number}日
plain_day: 明日 | 今日 | 明後日
day:
  {plain_day} | {weekday} | {month_number}月{day_number}日 | 来週の{weekday} | 今週の{weekday}
  来月の{day_number}日
on_date!: [date=relative_day] | [date=calendar_day]に | [date=calendar_day]に
duration:
  {digit}分 | {tens}分 | 十分 | 一時間 | {digit}時間 | 三十分 | {tens}{digit}分 | 一時間半 | {tens}秒
  {digit}時間{minute}分
percent: {tens}パーセント | 十パーセント | {tens}五パーセント | 百パーセント | {tens}{digit}パーセント
degrees: 二十{digit}度 | 二十度 | 十八度 | 十九度 | 二十五度
person:
  {last_name}さん | {relation} | {first_name} | {last_name}{first_name}さん | お母さん
  {first_name}くん | お父さん

music_play:
  {pre}[song]を(かけて|流して){te}
  {pre}[genre]を流して{te}
  [artist]の曲が聴きたい
  {pre}プレイリスト[playlist]を再生して{te}
  {pre}[artist]の[song]をかけて{te}
  {pre}[room]で[genre]をかけて{te}
  何か[genre]をお願い
  [artist]を聴かせて{te}
  {pre}[song]を再生して{te}
  [genre]な気分なんだけど
  [room]に[genre]が流れていたらいいな
  [playlist]というプレイリストを始めて{te}
weather_query:
  [place=city]の天気を教えて{te}
  [date]の天気はどう
  [date]の[place=city]の天気は
  [date]は[weather]かな
  [place=city]は[date][weather]でしょうか
  [date]は[weather=weather_thing]がいる(かな|)
  [place=city]の天気予報をお願い
  [date]は(暑い|寒い)かな
  [date]の[place=city]は何度くらい
  [place=city]で[date][weather=weather_event]か教えて{te}
weather: 雨 | 晴れ | 雪 | 曇り | 大雨 | 霧 | 嵐
weather_thing: 傘 | 上着 | サングラス | 手袋 | 長靴 | 日傘
weather_event: 雨が降る | 雪が降る | 風が強い | 雷が鳴る | 霧が出る | 暑くなる
alarm_set:
  {pre}[time]にアラームをセットして{te}
  {pre}[date=day]の[time]に起こして{te}
  {pre}[time]に起こして{te}
  [date=day]は[time]に起きないといけない
  アラームを[date=day]の[time]にかけて{te}
  [time]に目覚ましをお願い
  {pre}[date=day][time]に目覚ましを鳴らして{te}
  [time]までに必ず起こして{te}
timer_start:
  {pre}[duration]のタイマーをセットして{te}
  {pre}[timer_name]用に[duration]のタイマーをかけて{te}
  タイマーを[duration]でお願い
  [duration]たったら教えて{te}
  {pre}[duration]計って{te}
  [duration]後に[timer_name]を知らせて{te}
  [timer_name]に[duration]かかるから計って{te}
light_on:
  {pre}[room]の電気をつけて{te}
  {pre}[room]の照明を[color=colour]にして{te}
  {pre}[room]の明かりをつけて{te}
  {pre}[room]の明るさを[level=percent]にして{te}
  [room]が暗すぎる
  [room]を明るくして{te}
  {pre}[room]の電気を[level=percent]まで落として{te}
  [room]の光は[color=colour]がいいな
list_add:
  {pre}[list_name]に[item=food]を追加して{te}
  {pre}[list_name]に[item=food]を[amount]入れて{te}
  {pre}[item=household]を[list_name]に書いて{te}
  [item=food]を買わないといけない
  {pre}[item=food]と[item=extra]をリストに足して{te}
  [item=household]がもうないんだ
  {pre}[item=household]を買うのを忘れないようにメモして{te}
  [list_name]に[item=extra]もお願い
amount: 二つ | 一袋 | {digit}個 | 五百グラム | {digit}パック | 一キロ | 一箱 | {digit}袋 | 百グラム
event_create:
  {pre}[date=day]の[time]に[event]の予定を入れて{te}
  {pre}{on_date}[event]を登録して{te}
  {pre}カレンダーに[date]の[event]を追加して{te}
  {on_date}[event]があることを知らせて{te}
  {pre}{on_date}[person]との[event=activity]を設定して{te}
  [date=day]の[time]から[event]なんだ
  {pre}[time]から[person]との[event=activity]を入れて{te}
  [date=day]の[time]は[event]のために空けておいて{te}
light_off:
  {pre}[room]の電気を消して{te}
  {pre}[room]の照明をオフにして{te}
  {pre}[room]の明かりを消して{te}
  [room]を暗くして{te}
  [room]の電気はもういらない
  [room]を真っ暗にして{te}
event_query:
  [date]の予定を教えて{te}
  [event]はいつ
  [date]は何か予定がある(かな|)
  [date=day]の[time]に何があるんだっけ
  [date=day]の[time]は空いてる
  [date]の[event]は何時から
  {pre}[date]のスケジュールを読み上げて{te}
  [person]と会うのはいつだっけ
message_send:
  {pre}[person]に[message]と送って{te}
  {pre}[person]に[message]とメッセージして{te}
  {pre}[person]に[message]と伝えて{te}
  [person]に[message]って言って{te}
  {pre}[message]と[person]に連絡して{te}
  [person]へのメッセージで[message]
message:
  少し遅れます | {time}に帰ります | ご飯ができたよ | 今{city}にいます | 誕生日おめでとう
  {food}を買ってきて
  渋滞に巻き込まれました | {duration}後に着きます | {event}は中止です | {food}と{extra}が必要です
  {relative_day}は行けません
  {city}に着きました | 鍵をなくしました
train_find:
  [destination=city]行きの次の[transport]は何時
  {pre}[origin=city]から[destination=city]までの[transport]を調べて{te}
  [destination=city]まで[transport]でどう行くの
  {on_date}[destination=city]へ行く[transport]を探して{te}
  [date=day]の[time]以降に[origin=city]から[destination=city]へ行く[transport]はある
  [origin=city]発[destination=city]行きの最終の[transport]は何時
  [time]までに[destination=city]に着きたい
  {pre}[date]の[destination=city]行きの[transport]を見せて{te}
transport: 電車 | バス | 新幹線 | 飛行機 | 特急 | 夜行バス | フェリー
music_volume:
  {pre}音量を上げて{te}
  {pre}音量を[level=percent]にして{te}
  {pre}(もう少し|)音を小さくして{te}
  [room]の音楽をもっと大きくして{te}
  ボリュームは[level=percent]で
  [room]の音がうるさい
  {pre}[room]の音を下げて{te}
recipe_find:
  {pre}[dish]のレシピを探して{te}
  [dish]の作り方を教えて{te}
  [ingredient=food]で何が作れる
  [dish]には何を入れるの
  {pre}[dish]のレシピを見せて{te}
  {pre}[ingredient=food]と[ingredient=extra]を使った料理を調べて{te}
  [person]に[dish]を作ってあげたい
  [ingredient=food]を使った晩ご飯は何がいいかな
call_start:
  {pre}[person]に電話して{te}
  {pre}[person]に電話をかけて{te}
  [person]と話したい
  {pre}[person]の[device]にかけて{te}
  [person]につないで{te}
  [person]を呼び出して{te}
device: 携帯 | 自宅 | 会社 | 固定電話
alarm_cancel:
  {pre}[time]のアラームを消して{te}
  {pre}[date]のアラームをキャンセルして{te}
  {pre}アラームを全部止めて{te}
  [date]は起きなくていい
  [date=day]の[time]の目覚ましを解除して{te}
  [time]のアラームはもういらない
food_order:
  {pre}[restaurant]に[dish]を注文して{te}
  {pre}[dish]の出前を頼んで{te}
  [restaurant]の[dish]が食べたい
  [time]に[dish]を届けて{te}
  [restaurant]から[dish]を取って{te}
  [dish]が食べたいな
  {pre}{on_date}[restaurant]を予約して{te}
heating_set:
  {pre}[room]の温度を[temperature=degrees]にして{te}
  {pre}暖房を[temperature=degrees]に設定して{te}
  [room]が寒すぎる
  {pre}[room]を暖かくして{te}
  [date]は[room]を[temperature=degrees]にしておいて{te}
  [room]のエアコンを[temperature=degrees]でお願い
list_read:
  [list_name]には何がある
  {pre}[list_name]を読み上げて{te}
  何を買えばいいんだっけ
  [list_name]に[item=food]は入ってる
  {pre}[list_name]を開いて{te}
  [list_name]にはいくつあるの
taxi_order:
  {pre}[destination=city]までタクシーを呼んで{te}
  {pre}[time]にタクシーをお願い
  [date=day]の[time]にタクシーが必要なんだ
  {pre}{on_date}[destination=city]までのタクシーを予約して{te}
  [restaurant]までタクシーで行きたい
  [time]に迎えの車を手配して{te}
list_remove:
  {pre}[list_name]から[item=food]を消して{te}
  {pre}[item=household]をリストから外して{te}
  [item=food]はもう買った
  {pre}[list_name]の[item=food]を削除して{te}
  [item=household]はもう買わなくていい
  {pre}[list_name]を空にして{te}
event_cancel:
  {pre}[date]の[event]をキャンセルして{te}
  {pre}[event]をカレンダーから消して{te}
  [event]はなくなった
  {pre}[date]の予定を全部消して{te}
  [date]の[event]には行けない
  {pre}[person]との[event=activity]を取りやめて{te}
music_stop:
  {pre}音楽を止めて{te}
  {pre}曲を一時停止して{te}
  {pre}[room]の音楽を消して{te}
  [artist]を止めて{te}
  [genre]はもういい
  [room]を静かにして{te}
"""
