"""Words for what a code opens, and for the code, in a dozen languages: doors, gates, safes, padlocks, boxes of keys.

Law: any word for a thing goes with any word for its code, of whichever language; a thing that is there to be locked
(``padlock``, ``Tresor``) needs no word for the code. Each is a pattern for texts as they are written, in any letters.
"""

from __future__ import annotations

from typing import Final

LOCKED: Final = (
    r"padlock|key[ -]?(?:box|safe|locker)|lock[ -]?box|bike lock|digicode"
    r"|tresor|schl\u00fcssel(?:safe|kasten|box|tresor|depot)|(?:vorh\u00e4nge|zahlen|fahrrad)schlo(?:ss|\u00df)"
    r"|coffre[- ]fort|cadenas|bo[i\u00ee]te? [a\u00e0] cl(?:\u00e9|e|ef)s?"
    r"|caja fuerte|candado|caj(?:a|et\u00edn) de (?:las )?llaves|cassaforte|lucchetto"
    r"|cassetta (?:delle )?chiavi|(?:sleutel)?kluis(?:je)?|sleutelkast(?:je)?|hangslot|cofre|cadeado"
    r"|caixa de chaves|sejf\w{0,2}|k\u0142\u00f3dk\w{1,2}|skrytk\w{1,2} na klucze|kassask\u00e5p(?:et)?"
    r"|nyckel(?:sk\u00e5p|box|g\u00f6mma)(?:et|en)?"
    r"|h\u00e4ngl\u00e5s(?:et)?|pengeskab(?:et)?|n\u00f8gle(?:boks|skab|box)(?:en|et)?|h\u00e6ngel\u00e5s(?:en)?"
    r"|trezor\w{0,2}"
    r"|visac\u00ed\w{0,3} z\u00e1m\w{1,3}|schr\u00e1nk\w{1,2} na kl\u00ed\u010de|asma kilit|anahtar kutusu"
)
"""Things that are there to be locked."""

_SHUT: Final = (
    r"alarm\w{0,2}|door|gate|garage?n?|locker|shed|hut|burglar|intruder|(?:haus|wohnungs|keller|garagen"
    r"|eingangs|balkon)?t\u00fcr|haus|tor|eingangs|schlie\u00dffach|spind"
    r"|porte|alarme|portail|immeuble|coffre|portillon|puerta|alarma|portal|port\u00f3n|garaje|taquilla|trastero|porta"
    r"|portone|allarme|cancello|antifurto|citofono|deur|poort|berging|port\u00e3o|garagem|domofonu?|bramy|bramk\w|drzwi"
    r"|furtki|szlabanu|klatki|gara\u017cu|wej\u015bcia|skrytki|d\u00f8r(?:en)?|porten|grind(?:en)?|la?rm(?:et)?"
    r"|d\u00f6rr(?:en)?|boks|l\u00e5gen?|dve\u0159\w{1,3}|br\u00e1n\w|vchodu?|vrat|z\u00e1mku|kap\u0131|giri\u015f"
)
_ANY: Final = (
    rf"{LOCKED}|{_SHUT}|safe|entry|access|lock|voicemail|building|zugangs|acc\u00e8s|entr\u00e9e|hall|barri\u00e8re"
    r"|interphone|acceso|caja|accesso|toegangs?|slot|acesso|port|l\u00e5s(?:et)?|kasa|kilit|garaj|apartman"
)
"""These mean other things as well, and have the word for the code beside them."""

_CODE: Final = (
    r"(?:(?:zahlen|zutritts)?codes?|senha|has\u0142o|heslo|contrase\u00f1a|pin(?:code)?|combination|combo"
    r"|combinaison|combinaci\u00f3n|combinazione|combina\u00e7\u00e3o"
    r"|kombination|kombinace|c\u00f3digo|codigo|clave|codice|kode?n?|k\u00f3d|kodu|\u015fifresi|szyfr)"
)
_OF: Final = (
    r"(?:(?:de|la|las|los|el|du|des|del|della|dello|delle|di|da|das|do|dos|od|ke?|na|til|till|van|het|voor|for|of|to"
    r"|the|a|zum?|zur|vom|von|f\u00fcr|der|den|dem|die|para|al|\u00e0|au|aux) |(?:de |de)?l['\u2019]|d['\u2019]"
    r"|dell['\u2019]){0,2}"
)
DOORS: Final = (
    rf"(?:{_ANY})(?:s|en|et)?[ -]?{_CODE}|{_CODE} {_OF}(?:(?:front|back|main|side|outer|inner) )?(?:{_ANY})|digicode"
)
"""A thing and its code, in either order."""

_IS: Final = r"(?:is|ist|lautet|est|c['\u2019]est|c|es|\u00e8|\u00e9|is|to|jest|\u00e4r|er|je|was|war)"
_NO_ERROR: Final = (
    r"(?<!\w)(?<!error )(?<!fault )(?<!status )(?<!exit )(?<!zip )(?<!postal )(?<!qr )(?<!reason )(?<!event )"
)
TOLD: Final = (
    rf"(?:{LOCKED})(?:s|en|et)?(?: ?[:=]| {_IS}(?!\w))?"
    rf"|(?:{LOCKED}|{_SHUT})[^\n\d]{{1,60}}{_NO_ERROR}{_CODE}(?!\w)(?: ?[:=]| {_IS}(?!\w))?"
    rf"|(?:the|your|der|die|ihr|dein|le|votre|el|il|la|tuo|tu|su|de|je|uw|o|a|seu|en|din|v\u00e1\u0161"
    rf"|tv\u016fj|tw\u00f3j|pin) {_CODE} {_IS}(?!\w)|(?:koden|kodu) (?:er|\u00e4r)(?!\w)"
    rf"|(?:alarm\w{{0,2}}|allarme|larm(?:et)?) ?[:=]"
)
"""What a code follows at once: a thing that is locked, a thing and further on its code, or a code that is told."""

SHUT: Final = rf"(?:{_SHUT}|{LOCKED}|keypad|tastenfeld|clavier|teclado|tastiera|klawiatur\w|tastatur)"
"""What a code opens that ends in the key for it: ``gate 4471#``."""

SWITCHED: Final = (
    r"(?:alarm\w{0,2}|allarme|larm(?:et)?)(?!\w)[^\n\d]{0,30}?(?<!\w)(?:with|mit|avec|con|com|met|med|scharf"
    r"|unscharf|on|off"
    r"|til|p\u00e5|kodem|ile|:)"
)
"""An alarm that is turned on or off with a code."""
