"""Spoken form of English: the paper's example and cases of every kind of rule."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from understudy.text.spoken import en, spoken
from understudy.text.spoken.rules import speaker

CASES = [
    ("set an alarm for 7:30AM", "set an alarm for seven thirty a. m."),  # the paper's own
    ("Wake me at 7.30 p.m. tomorrow!", "wake me at seven thirty p. m. tomorrow"),
    ("It's 3:05, isn't it?", "it's three o five isn't it"),
    ("at 12:00", "at twelve o'clock"),
    ("10:30-11:30 am", "ten thirty to eleven thirty a. m."),
    ("01:02:03", "one hour two minutes and three seconds"),
    ("on 10/06/2005", "on october sixth two thousand five"),
    ("on 25/12/2005", "on the twenty fifth of december two thousand five"),
    ("2006-08-05", "august fifth two thousand six"),
    ("July 25th, 2012", "july twenty fifth twenty twelve"),
    ("the 3rd of May 1999", "the third of may nineteen ninety nine"),
    ("the '80s and 1960s-70s", "the eighties and nineteen sixties to seventies"),
    ("in 1905, 1900 and 2000", "in nineteen oh five nineteen hundred and two thousand"),
    ("CHF 54.05 or 12 dollars", "fifty four point zero five swiss francs or twelve dollars"),
    ("-1200 on the 5th March", "minus one thousand two hundred on the fifth of march"),
    ("call 1-888-GET-WELL", "call one eight eight eight get well"),
    ("340 A.D.", "three forty ad"),
    ("$20.01, £2 and €1.50", "twenty dollars one cent two pounds and one euro fifty cents"),
    ("$2.5m a year", "two point five million dollars a year"),
    ("$3/mo", "three dollars per month"),
    ("5% off", "five percent off"),
    ("80kg at 60 mph", "eighty kilograms at sixty miles per hour"),
    ("-5°C", "minus five degrees celsius"),
    ("1/4, 3 5/2 and ½", "one quarter three and five halves and one half"),
    ("4 1/2 lbs", "four and a half pounds"),
    ("the 121st", "the one hundred twenty first"),
    ("2.050", "two point zero five zero"),
    ("1,000,042", "one million forty two"),
    ("123", "one hundred and twenty three"),
    ("call 123-123-5678", "call one two three one two three five six seven eight"),
    ("code 007", "code zero zero seven"),
    ("gate B12", "gate b twelve"),
    ("joe.b@x.org", "joe dot b at x dot org"),
    ("www.example.com/a-b.", "www dot example dot com slash a dash b"),
    ("CNN in the U.S.A.", "c. n. n. in the u. s. a."),
    ("BIG NEWS ON TV", "big news on tv"),
    ("Dr. Who, Mr Bean", "doctor who mister bean"),
    ("Chapter IV of Henry VIII", "chapter four of henry the eighth"),
    ("2012's take-out - 'really'", "twenty twelve's take-out really"),
    ("well--no -- 3-2", "well no three two"),
    ("1.2.3", "one point two point three"),
    ("You may come. 5 may come.", "you may come five may come"),
    ("٣ eggs", "three eggs"),
    ("", ""),
    ("?!…", ""),
    # dates and times
    ("on the 26th May and 5 June 2010", "on the twenty sixth of may and the fifth of june twenty ten"),
    ("5-7 June, Dec. 24-26", "the fifth to seventh of june december twenty fourth to twenty sixth"),
    ("growth in 2Q22", "growth in the second quarter of twenty two"),
    ("the 1990-95 plan, 2010-11", "the nineteen ninety to ninety five plan twenty ten to eleven"),
    ("1999-2005", "nineteen ninety nine to two thousand five"),
    ("44 B.C. and 1066 AD", "forty four bc and ten sixty six ad"),
    ("1-3 pm or 9:15-10", "one to three p. m. or nine fifteen to ten"),
    ("at 0:15", "at zero fifteen"),
    # money
    ("$5-10, $1 million and £.02", "five to ten dollars one million dollars and two pence"),
    ("US$20, HK$5 and US $5", "twenty us dollars five hong kong dollars and us five dollars"),
    ("€1 a day, €0.01 and $1.015", "one euro a day one cent and one point zero one five dollars"),
    ("$20/night, $3/kg, $1/ea", "twenty dollars per night three dollars per kilogram one dollar each"),
    ("-$1.50 and 5¢", "one dollar fifty cents and five cents"),
    # measures
    ("5-10 km, 10-20%", "five to ten kilometers ten to twenty percent"),
    ("3 sq ft, 20 m2 and 1 ft", "three square feet twenty square meters and one foot"),
    ('6\'2" tall, 5" wide', "six feet two inches tall five inches wide"),
    ('He said "I am 12" once', "he said i am twelve once"),
    ("1°C, 90° and 32 °F", "one degree celsius ninety degrees and thirty two degrees fahrenheit"),
    ("2.4GHz, 16 GB, 3 kWh", "two point four gigahertz sixteen gigabytes three kilowatt hours"),
    ("3 m/s, 1 mph", "three meters per second one mile per hour"),
    ("25 x 7 m", "twenty five by seven meters"),
    # numbers
    ("1795 / 1805", "one thousand seven hundred ninety five one thousand eight hundred fifths"),
    ("3 1/4 and 2 1/2", "three and one quarter and two and a half"),
    ("the 1,013th and the 12nd", "the one thousand thirteenth and the twelve nd"),
    ("2500 or 2,500", "twenty five hundred or two thousand five hundred"),
    ("account 48215", "account four eight two one five"),
    ("1-2=5, x^2", "one minus two equals five x squared"),
    ("3*5=15 but 2*8", "three times five equals fifteen but two asterisk eight"),
    ("1/2 kg, 5 1/4 kg", "one half kilograms five and one quarter kilograms"),
    ("the 1990-2000s, 1H20", "the nineteen nineties to two thousands the first half of twenty"),
    ("3*5 ± 1", "three asterisk five plus or minus one"),
    ("~50 people", "approximately fifty people"),
    ("from 10-20", "from ten to twenty"),
    # serials, telephones, addresses
    ("A380, MP3, COVID-19", "a three eighty mp three covid nineteen"),
    ("a 250-page book, 133-B-2", "a two hundred fifty page book one hundred thirty three b two"),
    (
        "(800) 555-1234, 555-1234",
        "eight hundred five five five one two three four five five five one two three four",
    ),
    ("+1 212 555 0199 x", "plus one two one two five five five zero one nine nine x"),
    ("192.168.0.10", "one nine two dot one six eight dot zero dot one zero"),
    ("12 Oak Ave, Austin, TX 78701", "twelve oak avenue austin texas seven eight seven zero one"),
    ("500 E 10th St. Fine, OK.", "five hundred east tenth street fine ok"),
    ("see /photos or ab.jpg", "see photos or ab dot jpeg"),
    ("this/that/other and/or", "this slash that slash other and or"),
    # names, letters, abbreviations
    ("World War II, Part I of it", "world war two part one of it"),
    ("the part I liked. Can I? Sam I.", "the part i liked can i sam the first"),
    ("Pius X, Malcolm X, size XL", "pius the tenth malcolm x size x. l."),
    ("in St. Louis, on Elm St. It was", "in saint louis on elm st it was"),
    ("e.g. Smith & Co., Ltd.", "for example smith and company limited"),
    ("PART XL ON TV", "part forty on tv"),
    ("α and Ω", "alpha and omega"),
]


@pytest.mark.parametrize(("written", "due"), CASES)
def test_english_is_read_out(written: str, due: str) -> None:
    assert spoken(written, "en-US") == due


# fmt: off
PIECES = (
    "in", "at", "the", "May", "may", "5", "12", "2013", "1,000", "lbs", "km", "of", "pm", "am", "million",
    "x", "people", "and", "to", "5.", "10,", "June", "he", ".", "!", "ft", "days", "3", "-", "1/2", "$", "%",
    "IV", "Mr.", "ending", "St", "Oak", "is", "Part", "I",
)
# fmt: on


@given(st.lists(st.sampled_from(PIECES)).map(" ".join))
@example("about 5 may come")
@example("since May 5 people")
def test_numbers_done_first_are_those_no_rule_wants(text: str) -> None:
    assert en.speak(text, "US") == speaker(en.rules, ".")(text, "US")


@pytest.mark.parametrize(
    ("written", "american", "british"),
    [
        ("10/06/2005", "october sixth two thousand five", "the tenth of june two thousand five"),
        ("2006-08-05", "august fifth two thousand six", "the fifth of august two thousand six"),
        ("25.12.99", "the twenty fifth of december ninety nine", "the twenty fifth of december ninety nine"),
        ("12/25/99", "december twenty fifth ninety nine", "the twenty fifth of december ninety nine"),
    ],
)
def test_the_region_orders_a_numeric_date(written: str, american: str, british: str) -> None:
    assert spoken(written, "en-US") == spoken(written, "en") == american
    assert spoken(written, "en-GB") == spoken(written, "en-IN") == british
