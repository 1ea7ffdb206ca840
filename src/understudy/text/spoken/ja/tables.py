"""Japanese tables: what units, currencies, signs and abbreviations are called."""

from __future__ import annotations

_SMALL = {"": "", "k": "キロ", "m": "ミリ", "c": "センチ"}
_LARGE = {"k": "キロ", "K": "キロ", "M": "メガ", "G": "ギガ", "T": "テラ"}
_BYTES = {"B": "バイト", "bps": "ビーピーエス"}
_ELECTRIC = {"W": "ワット", "V": "ボルト", "Hz": "ヘルツ", "J": "ジュール", "Pa": "パスカル"}
_LENGTHS = {f"{prefix}m": f"{name}メートル" for prefix, name in _SMALL.items()}
_POWERS = {"2": "平方", "²": "平方", "3": "立方", "³": "立方"}

# Only after a number.
UNITS = (
    _LENGTHS
    | {unit + power: name + word for unit, word in _LENGTHS.items() for power, name in _POWERS.items()}
    | {f"{prefix}g": f"{name}グラム" for prefix, name in _SMALL.items()}
    | {prefix + unit: name + word for prefix, name in _LARGE.items() for unit, word in _BYTES.items()}
    | {
        prefix + unit: name + word
        for prefix, name in ({"": ""} | _LARGE).items()
        for unit, word in _ELECTRIC.items()
    }
    | {
        "μg": "マイクログラム",
        "µg": "マイクログラム",
        "μm": "マイクロメートル",
        "µm": "マイクロメートル",
        "nm": "ナノメートル",
        "t": "トン",
        "l": "リットル",
        "L": "リットル",
        "ℓ": "リットル",
        "dl": "デシリットル",
        "dL": "デシリットル",
        "ml": "ミリリットル",
        "mL": "ミリリットル",
        "kl": "キロリットル",
        "kL": "キロリットル",
        "cc": "シーシー",
        "ha": "ヘクタール",
        "hPa": "ヘクトパスカル",
        "km/h": "キロメートル毎時",
        "m/s": "メートル毎秒",
        "mph": "マイル毎時",
        "in": "インチ",
        "ft": "フィート",
        "yd": "ヤード",
        "mi": "マイル",
        "lb": "ポンド",
        "lbs": "ポンド",
        "oz": "オンス",
        "h": "時間",
        "hr": "時間",
        "min": "分",
        "s": "秒",
        "sec": "秒",
        "ms": "ミリ秒",
        "kWh": "キロワット時",
        "kcal": "キロカロリー",
        "cal": "カロリー",
        "mA": "ミリアンペア",
        "mAh": "ミリアンペア時",
        "dB": "デシベル",
        "Ω": "オーム",
        "rpm": "回転毎分",
        "ppm": "ピーピーエム",
        "px": "ピクセル",
    }
)

# Sign or code -> the unit and its hundredth.
CURRENCIES = {
    "¥": ("円", ""),
    "JPY": ("円", ""),
    "$": ("ドル", "セント"),
    "US$": ("米ドル", "セント"),
    "A$": ("オーストラリアドル", "セント"),
    "C$": ("カナダドル", "セント"),
    "HK$": ("香港ドル", "セント"),
    "USD": ("米ドル", "セント"),
    "€": ("ユーロ", "セント"),
    "EUR": ("ユーロ", "セント"),
    "£": ("ポンド", "ペンス"),
    "GBP": ("ポンド", "ペンス"),
    "₩": ("ウォン", ""),
    "KRW": ("ウォン", ""),
    "₹": ("ルピー", "パイサ"),
    "INR": ("ルピー", "パイサ"),
    "CNY": ("人民元", ""),
    "CHF": ("スイスフラン", "ラッペン"),
    "₽": ("ルーブル", "コペイカ"),
    "฿": ("バーツ", ""),
    "₫": ("ドン", ""),
    "₱": ("ペソ", ""),
}

SIGNS = {
    "&": "アンド",
    "@": "アット",
    "%": "パーセント",
    "‰": "パーミル",
    "+": "プラス",
    "±": "プラスマイナス",
    "=": "イコール",
    "÷": "割る",
    "√": "ルート",
    "°": "度",
    "²": "二乗",
    "³": "三乗",
    "〒": "郵便番号",
    "¥": "円",
    "$": "ドル",
    "€": "ユーロ",
    "£": "ポンド",
    "₩": "ウォン",
}

ABBREVIATIONS = {
    "dr": "ドクター",
    "mr": "ミスター",
    "ms": "ミズ",
    "mrs": "ミセス",
    "prof": "プロフェッサー",
    "jr": "ジュニア",
    "sr": "シニア",
    "mt": "マウント",
    "st": "セント",
    "vs": "バーサス",
    "etc": "エトセトラ",
    "no": "ナンバー",
}
