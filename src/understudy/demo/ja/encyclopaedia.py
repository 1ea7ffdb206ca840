"""Japanese written sentences about an invented world that shares its words with the assistant's."""

ENCYCLOPAEDIA = """
person!: {last_name}{first_name}
year: 19{10..99}年 | 20{10..24}年 | 18{10..99}年 | 17{10..99}年
day!: {1..12}月{1..28}日 | {year}{1..12}月{1..28}日
clock!: {6..22}時{10..59}分 | 午前{5..11}時 | 午後{1..11}時 | 午後{1..11}時{10..59}分
thousands!: {2..99},{100..999} | {100..990} | {2..40}万{1..9}000
two_foods!: {food}と{extra} | {food}、{food}、{extra}

sentence:
  {city_fact} | {person_fact} | {animal_fact} | {music_fact} | {food_fact} | {home_fact} | {travel_fact}
  {weather_fact}
  {calendar_fact} | {guide} | {city_fact}{travel_fact} | {person_fact}{music_fact} | {food_fact}{home_fact}

city_fact:
  {city}の{house}は{year}に建てられ、部屋が{3..90}ある。
  毎年およそ{thousands}人が{city}の動物園を訪れる。
  {city}では{year}{1..12}月{1..28}日に最初の「{noun}まつり」が開かれた。
  {city}の古い橋の長さは{20..900}メートル、隣の塔の高さは{15..300}メートルである。
  {weekday}になると、{city}の市場に{two_foods}が並ぶ。
  {city}の駅には{2..30}本のホームと小さな{shop}がある。
  {city}では{adjective}川が旧市街と港を分けている。
  {city}の図書館は{topic}の本を{thousands}冊持っている。
house!: 博物館 | 病院 | ホテル | 学校 | 劇場 | 城
shop!: 喫茶店 | 本屋 | 花屋 | パン屋
topic!: {animal} | 音楽 | 天気 | {instrument} | 料理 | 電車
person_fact:
  {person}は{year}{1..12}月{1..28}日に{city}で生まれた。
  {person}は{city}出身の{job}で、{60..99}歳まで生きた。
  {person}は{6..40}歳のとき、{city}から{city}に引っ越した。
  {person}は{instrument}が得意で、{year}から{job}として働いている。
  {person}は『{title}』という本で{year}に賞を受けた。
  {last_name}さんは毎週{weekday}の{clock}に{last_name}さんと昼食をとる。
  {last_name}さんの{relation}は{city}に住み、{2..7}か国語を話す。
job: 教師 | 医者 | 画家 | 歌手 | 作家 | 看護師 | 弁護士 | 庭師
title!: {adjective}{noun} | {city}の{noun} | {animal}と{noun}
animal_fact:
  {animal}は最長で{3..40}年生きる。
  {adjective}{animal}は一日に{4..18}時間眠り、主に{animal_food}を食べる。
  {animal}は{2..30}匹ほどの群れで暮らし、冬は{noun}の近くで過ごす。
  {animal}の子は生まれて{3..40}週間で親から離れる。
  {year}の調査では、{city}と{city}の間で{thousands}匹の{animal}が数えられた。
  {animal}は昼に動くが、{animal}は夜に動く。
animal_food!: 草 | 虫 | 魚 | 木の実 | 葉 | 種
music_fact:
  「{song}」は{artist}の曲で、{year}{1..12}月{1..28}日に発売された。
  {artist}は{city}で{2..30}年以上{genre}を演奏した。
  {genre}では{year}から{instrument}も使われている。
  {artist}のアルバム『{title}』は全{6..20}曲、長さは{25..80}分である。
  {artist}は{year}にレコードを{thousands}枚売った。
  {person}は{4..15}歳で{instrument}を習い始めた。
  プレイリスト「{playlist}」には{10..90}曲があり、その多くは{genre}である。
food_fact:
  {dish}には{two_foods}が必要である。
  {dish}はよく{food}と一緒に出され、作るのに{10..90}分かかる。
  {dish}は{150..230}度で{10..55}分加熱してから、{extra}を添える。
  {city}では{food}が{100..900}グラムで{2..9}80円する。
  「{restaurant}」は{year}に開店し、{dish}で知られている。
  {last_name}さんは店で{food}を{2..12}個と{household}を買った。
  {city}の人は{food}に{extra}をかけて食べる。
home_fact:
  {city}の家の{room}は広さが{8..60}平方メートルである。
  {room}には明るさ{20..90}%の照明で十分だ。
  {room}の壁は{colour}で、照明は{colour}である。
  {room}の温度は{18..26}度くらいがよい。
  {last_name}さんは{clock}に{room}の電気を消した。
  {room}の暖房は{year}{1..12}月{1..28}日に修理された。
  {household}と{household}は{room}に置いてある。
travel_fact:
  {city}から{city}へ行く電車は{clock}に出て、{2..14}時間かかる。
  {city}行きのバスは{10..50}分ごとに来る。
  {city}から{city}までの飛行機は{10..40},{1..9}00円である。
  空港から{city}までのタクシー代は、およそ{2..9},{1..9}00円だ。
  {city}行きの最初のフェリーは{year}に出航した。
  {last_name}さんは{weather_word}のため、{city}行きの夜行バスに乗り遅れた。
weather_word!: 雪 | 大雨 | 霧 | 嵐 | 強風 | 雷
weather_fact:
  {1..12}月{1..28}日、{city}の気温は{1..36}度だった。
  {1..12}月の{city}では{weather_word}が多い。
  {year}の{weather_word}は{2..20}日間続き、{3..80}本の道路が閉鎖された。
  {weekday}の予報は、{city}が{weather_word}、{city}が晴れである。
  {1..6}月から{7..12}月までは、{3..25}%の日に雨が降る。
  {city}の日照時間は{year}に{900..2900}時間だった。
calendar_fact:
  {event}は{day}の{clock}に始まる。
  {event}は{weekday}から{weekday}に変わった。
  {last_name}さんとの{activity}は{10..90}分かかった。
  {person}は「{weekday}の{clock}に会いましょう！」と書いた。
  {last_name}さんは{clock}に{last_name}さんへ{event}のことで電話した。
  アラームは{clock}に鳴ったが、{last_name}さんはあと{5..90}分寝ていた。
guide:
  「{genre}をかけて」と言うと、{room}で音楽が始まる。
  {clock}に起きる人は、アラームをセットするとよい。
  {list_name}には{3..20}の品があった。{food}、{household}、{extra}などである。
  タイマーを{2..50}分にセットし、そのあいだに{dish}の味を見る。
  {event}は{clock}までなら取り消せる。
  近所の人が{last_name}さんに電話したとき、音量は{10..90}%だった。
  アシスタントに頼むと、{room}の照明が{colour}になる。
"""
