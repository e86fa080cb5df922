"""Numbers in words, as they are dictated: of houses, days and years.

Law: it is a word of a pattern, never one by itself; who uses it says what must stand before it.
"""

from __future__ import annotations

from typing import Final

ENGLISH: Final = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?"
)
FRENCH: Final = (
    r"un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize"
    r"|(?:vingt|trente|quarante|cinquante|soixante)(?:[ -](?:et[ -])?\w{2,8})?"
)
NUMBER_WORD: Final = (
    rf"(?:{ENGLISH}|hundred|thousand|oh"
    r"|ein(?:s|und\w{4,12})|zwei|drei|vier|f[u\u00fc]nf|sechs|sieben|acht|neun|elf|zw[o\u00f6]lf"
    r"|\w{0,14}(?:hundert|tausend)\w{0,24}|\w{2,14}(?:zehn|zig|ssig|\u00dfig)|zehn"
    r"|un|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingts?|trente|quarante"
    r"|cinquante|soixante|septante|huitante|nonante|cents?|mille"
    r"|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|dieci\w{3,6}|veint\w{1,10}"
    r"|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa|novecientos|mil"
    r"|due|tre|quattro|cinque|sei|sette|otto|nove|dieci|undici|dodici|tredici|quattordici|quindici|sedici"
    r"|(?:venti?|trent|quarant|cinquant|sessant|settant|ottant|novant)\w{0,10}|millenovecento\w{0,20}|duemila\w{0,16}"
    r"|um|dois|quatro|sete|oito|dez|doze|treze|quatorze|dezas\w{3,5}|dez[eo]\w{3,5}|vinte|trinta|quarenta|cinquenta"
    r"|sessenta|oitenta|novecentos"
    r"|een|twee|drie|vijf|zes|zeven|negen|tien|twaalf|dertien|veertien|\w{2,24}(?:tien|tig)|\w{0,14}(?:honderd"
    r"|duizend)\w{0,16}"
    r"|jeden|dwa|trzy|cztery|pi\w\u0107|sze\w\u0107|siedem|osiem|dziewi\w\u0107|dziesi\w\u0107|\w{2,9}na\wcie"
    r"|\w{2,9}nast\w{2,4}"
    r"|\w{2,9}dziesi\w{1,6}|\w{2,9}dzie\wci|\w{2,9}dzie[s\u015b]ci\w{0,6}|czterdzie\w{2,9}|tysi\w{1,5}"
    r"|dziewi\w\u0107set"
    r"|dziewi\wtego|pierwszego|drugiego|trzeciego|czwartego|pi\wtego|sz\wstego|si\wdmego|\wsmego"
    r"|ett|tv[a\u00e5]|fyra|fem|sex|sju|[a\u00e5]tta|nio|tio|elva|tolv|\w{2,5}ton|\w{2,8}tio\w{0,5}|tjugo\w{0,5}"
    r"|\w{0,7}hundra\w{0,16}"
    r"|to|fire|seks|syv|otte|ni|ti|elleve|\w{2,5}tten|(?:\w{2,5}og)?(?:tyve|tredive|fyrre|halvtreds|tres|halvfjerds"
    r"|firs"
    r"|halvfems)|hundrede"
    r"|dva|t[r\u0159]i|[c\u010d]ty[r\u0159]i|p[e\u011b]t|[s\u0161]est|sedm|osm|dev[e\u011b]t|deset"
    r"|\w{2,7}n[a\u00e1]ct|dvacet"
    r"|t[r\u0159]icet|[c\u010d]ty[r\u0159]icet|\w{3,5}des[a\u00e1]t|set|tis[i\u00ed]c"
    r"|bir|iki|[u\u00fc][c\u00e7]|d[o\u00f6]rt|be[s\u015f]|alt[i\u0131]|yedi|sekiz|dokuz|on|yirmi|otuz|k[i\u0131]rk"
    r"|elli|altm[i\u0131][s\u015f]"
    r"|yetmi[s\u015f]|seksen|doksan|y[u\u00fc]z|bin)(?!\w)"
)
"""A number's word in a dozen languages, with its accents or without them."""

NUMBER_WORDS: Final = (
    rf"{NUMBER_WORD}(?:(?:[ -]|[ -](?:and|und|et|y|e|en|och|og|a|de|hundert)[ -]){NUMBER_WORD}){{0,7}}"
)
