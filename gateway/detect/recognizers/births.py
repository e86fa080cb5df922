"""When somebody was born, and how old somebody is, in a dozen languages.

Law: a date counts only with a word of birth beside it, a number only with a word of age; how long something lasts
(``a 3-year contract``, ``10 Jahre Garantie``) is neither. What is found is the date or the number alone.
"""

from __future__ import annotations

import re
from typing import Final

from gateway.detect.recognizers.asked import ASKED
from gateway.detect.recognizers.labels import Kind, LabelledRecognizer, labelled
from gateway.detect.recognizers.spoken import NUMBER_WORDS

_MONTH: Final = (
    r"(?:jan|feb|fev|mar|mrz|mrt|maer|mae|apr|avr|abr|mai|maj|may|mayo|mag|mei|jun|jui|giu|haz|cze|jul|lug|lip"
    r"|tem|aug|aou|ago"
    r"|agu|sie|sep|set|wrz|eyl|okt|oct|ott|out|paz|eki|nov|kas|lis|dec|dez|des|dic|gru|ara|gen|ene|led|uno|bre|dub"
    r"|kve|cer"
    r"|srp|zar|rij|pro|sty|lut|kwi|oca|sub|nis|tam|hel|maa|huh|tou|kes|hei|elo|syy|lok|jou)[a-z]{0,9}\.?"
)
DATE: Final = (
    r"(?:\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:(?:19|20)\d{2}|\d{2})|(?:19"
    r"|20)\d{2}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{1,2}"
    r"|\d{1,2} \d{1,2} (?:19|20)\d{2}"
    r"|\d{1,2}/\d{1,2}[ -](?:19|20)\d{2}|(?:the )?\d{1,2}(?:st|nd|rd|th|er|o|[.\u00ba\u00aa\u00b0])?[\s/-]{0,2}"
    r"(?:of\s|de\s|den\s|d['\u2019])?"
    + _MONTH
    + r"[\s,/-]{1,2}(?:de\s|del\s|of\s)?(?:(?:19|20)\d{2}|['\u2019]?\d{2})|\d{2}[a-z]{3}\d{2}|"
    + _MONTH
    + r"\s\d{1,2}(?:st|nd|rd|th)?,?\s(?:(?:19|20)\d{2}|['\u2019]?\d{2}(?![\d:]))|(?:19|20)\d{2}\s"
    + _MONTH
    + r"\s\d{1,2}|\d{1,2}[ /.-](?:x?i{1,3}|x?iv|vi{0,3}|i?x)[ /.-](?:19|20)\d{2}|(?:19|20)\d{6}"
    r"|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d{2})(?!\d)"
)
_KEY: Final = (
    r"(?:nat[oa]|nacim?|nasc|naiss|nais|geb|nar|urodz?|ur|fodd|fodt|fodselsd|dogum|dogumt|fn|dn|dnn|birth)"
    r"(?=[\"']?\s?[:=>]|$)"
    r"|(?:dt|dat|data|date|fec|fecha|fch|d|datum)[_ ]?(?:nasct?o?|nac|naiss|naissance|nascita|nascimento|nar|narozeni"
    r"|geb|urodz|ur|fod|dogum|birth)(?![^\W_])|(?:geb|geburt|geboorte|fodels|fodsels|birth)s?[_ ]?(?:dat|dt|tag|dag)"
    r"(?![^\W_])|(?:dogum|dog)[_ ]?(?:tar|trh|tarih|tarihi)(?![^\W_])|d\.? ?o\.? ?b(?![^\W_])"
)
"""Keys of programs, and heads of columns, for a date of birth."""

_OLD_DATE: Final = re.compile(r"(?:19[2-9]\d|200\d)-\d\d-\d\d(?!\d)|\d{1,2}[./-]\d{1,2}[./-](?:19[2-9]\d|200\d)(?!\d)")

_BIRTH: Final = (
    r"(?:date of birth|birth[\s_-]?d(?:ates?|t)|d\.? ?o\.? ?b\.?|birth[\s_-]?days?|b-?day|born|birth(?=\W{1,3}\d)"
    r"|geburts-?(?:datum|tag)"
    r"|geboren(?:e[rn]?)?|geb\.?(?=\W|$)|geb\.?-?dat(?:um)?\.?|\(\*"
    r"|(?<=[a-z)\],] )\*(?= ?\d)(?![^*\n]{6,12}\*)|(?<=[a-z)\],] )\u00b0(?= ?\d)|b[.:](?= ?\d{1,2}[ ./-])"
    r"|(?<![*\w])\*(?=\d{1,2}\.\d{1,2}\.(?:19|20)\d\d(?![*\d]))|date de naissance|naissance"
    r"|d\.?d\.?n\.?(?=\W)|nee?(?:\(e\)|\u00b7e|\.e)? (?:le|a)|nee?(?:\(e\)|\u00b7e|\.e)(?=[\s:]{1,4}\d)"
    rf"|{_KEY}"
    r"|f[/.]?n\.?(?=\s?:|\s\d{1,2}[/.-]\d{1,2}[/.-])|nasc\.?(?=\W)|dn(?=[\s:]{1,4}\d{1,2}[/.-])"
    r"|d\.?t\.?(?=\s?:\s?\d)|dog\. ?tar\.?|dog\.(?= ?\d)|fecha de nacimiento"
    r"|(?:nac|urodz|nais|d\.t|f\.?-?dat)\.?(?=[\s:]{1,4}\d{1,4}[./-])|n\. il(?= \d)|(?:d|date) ?\.? ?nais\w{0,6}"
    r"|g\.?-?dat(?=\W)"
    r"|f(?:echa|ech|ec|ch)?\.? ?(?:de )?nac(?:imiento)?\.?|f\.n\.|d\. ?n\.(?= ?:?\s?\d)|nacimiento|nacid[oa]s?|nacio"
    r"|data di nascita|luogo e data di nascita|nascita|nat[oa]"
    r"(?:/a)? (?:il|a|in|nel)"
    r"|geboortedatum|geboortedag|data urodzenia|data ur(?:odz)?\.?|urodz(?:on[yae]|ila? sie)|ur\.|data de nascimento"
    r"|d(?:ata|t)\.? ?(?:de )?nasc\w{0,8}\.?"
    r"|nascimento|nascid[oa]"
    r"|nasceu|fodelse(?:datum|dag|tid)|fodd|fod\.?-?(?:dat(?:um|o)|t)\.?"
    r"|fodsels(?:dato|dag)|fodt|f\.(?= ?(?:d\. ?)?(?:\d{1,2}[./ -]|(?:19|20)\d\d-\d\d-))|f\. ?d(?:ato|at)\.?"
    r"|s\.(?= ?\d{1,2}\.\d{1,2}\.19)"
    r"|d\.(?= ?\d{1,2}[./]\d{1,2}[./]19)|dogum (?:tarihi|gunu)|d\.? ?tarihi|dogum(?: ?t\.)?"
    r"|nee?(?= ?\d)|nat[oa](?= \d)|urodziny(?= \d)|gb(?= \d)|data_?ur|dataur|f\. n\.|dogum t\.?|born on"
    r"|dt_?nasc\w{0,4}|(?:nat[oa]|nasc|dt|geb|nac|ne|ur|nar|fodd|fodt)(?=$)|ur(?=[\"']\s?:\s?[\"']\d)"
    r"|datum narozeni"
    r"|narozen[ay]?|nar\.|dat\. ?nar\.?|syntymaaika|syntynyt|syntymapaiva)"
)
_TOLD: Final = re.compile(rf"{DATE}(?:\s(?:r|roku)(?!\w))?")
_TO_DATE: Final = re.compile(
    rf"(?:{ASKED}"
    rf"|(?:[^\n;:=|<>\d,\"']{{1,25}}(?=:))?[\s:=(\"'>|*.\]-]{{0,8}}(?:\n\s{{0,3}})?)(?:[^\n;:=|<>\d]{{0,40}}?(?={DATE}))?"
)
_CENTURY: Final = rf"(?:nineteen|twenty|two thousand)[ -](?:and )?{NUMBER_WORDS}"
_SPOKEN: Final = (
    rf"(?:[a-z]{{2,24}}[ -]){{1,2}}(?:of |de |d['\u2019])?{_MONTH}[ ,]{{1,2}}(?:de |del |of |do ano de "
    rf"|roku )?{NUMBER_WORDS}|{_MONTH} (?:the )?(?:[a-z]{{2,12}}[ -]){{1,2}}(?:of )?{_CENTURY}"
)
_TO_SPOKEN: Final = re.compile(
    rf"(?:{ASKED}|[^\n\d:]{{0,30}}\n[^\n\d:]{{1,30}}: |[\s:,(-]{{1,4}})[^\n;:=|<>\d.]{{0,40}}?(?={_SPOKEN})"
)
"""Dates as they are dictated: ``fourth of april nineteen forty seven``."""

_PERSONS: Final = (
    r"(?:pers\w{2,5} im haushalt|haushalts(?:mitglieder|angehorige)|familienangehorige|mitversicherte|mitreisende"
    r"|(?:household|family) members|members of the household|dependants?|passengers|travellers|patients"
    r"|composition du foyer|personnes (?:au foyer|a charge)|ayants droit|passagers|voyageurs|convivientes"
    r"|unidad familiar"
    r"|pasajeros|viajeros|personas a cargo|nucleo familiare|familiari a carico|passeggeri|gezinsleden|medebewoners"
    r"|passagiers|reizigers|domownicy|osoby w gospodarstwie|czlonkowie rodziny|pasazerowie|agregado familiar"
    r"|dependentes|passageiros|hushallsmedlemmar|resenarer|passagerare|husstandens? \w{3,12}|husstand|passagerer"
    r"|rejsende|clenove domacnosti|cestujici|spolucestujici|hane halki|aile bireyleri|yolcular)"
)
_LISTED: Final = 6
"""Lines of a list of persons."""

_AFTER: Final = (
    rf"(?<![\d.])({DATE})(?:'?(?:de|da|te|ta))?\s(?:geboren|dogumlu|dogdu|dogan|tarihinde dogdu|birth|\(geb)"
)
_YEAR_WORD: Final = (
    r"(?:geb\.?-?dat\.?|dob|born(?: in)?|b\.(?= ?19)|year of birth|birth[\s_-]?year|geburtsjahr|jahrgang|jg\.|jhg\."
    r"|geboren(?= ?19)"
    r"|classe(?= (?:['\u2019]\d\d|19))|geb\.?(?= ?(?:\d{4}|\d{6})(?!\d))|rocz\.?|argang|fodselsar"
    r"|geboren im jahre?"
    r"|nee? en(?: [a-z]{3,9})?|annee de naissance"
    r"|nacid[oa] en"
    r"|ano de nac\w{0,9}|nat[oa] nel|anno di nascita|geboortejaar|geboren in|rok urodzenia|rocznik"
    r"|urodz\w{2,4} (?:sie )?w|ur\.(?: w)?"
    r"|nascid[oa] em|fodelsear|fodd|fodt|f\.(?= ?(?:19\d\d|[0-3]\d[01]\d{3})(?!\d))|n\.(?= ?19)|nar\."
    r"|dogum yili|rok narozeni|rocnik"
    r"|syntymavuosi)"
)
_YEAR: Final = re.compile(
    r"(?:(?:19|20)\d{2}|\d{2}(?:0[1-9]|1[0-2])[0-3]\d|[0-3]\d(?:0[1-9]|1[0-2])\d{2}|\d{1,2}[/.](?:19|20)\d\d"
    r"|['\u2019]?[2-9]\d)"
    r"(?![\d.,/-]?\d)"
)

_YEARS: Final = r"(?:years?|yrs?|jahren?|ans|anni|anos|jaar|lat|lata|let|ar|yil|vuotta)"
_OLD: Final = (
    r"(?<![\w.,/:$\u20ac-])(\d{1,3})(?:[\s-]{0,2}(?:years?|yrs?|yr)[\s-]{1,2}(?:of age|olds?)|\s?(?:y/o|yo|y\.o\.)"
    r"(?!\w)"
    r"|[\s-]?jahrige[rnms]?|\s?jahre? alt|\s?jahre? jung|\s?ans d['\u2019]age|\s?ans revolus|\s?anos de edad"
    r"|\s?anos de idade"
    r"|\s?anni compiuti|\s?jaar oud|[\s-]?jarige|[\s-]?letni(?:ego|ej|a|emu|m)?(?!\w)|\s?lat(?:a|ek)?(?= (?:zycia"
    r"|temu byl))|[\s-]?arig[ae]?(?!\w)"
    r"|\s?ar gam(?:mal|mel|le|la)|\s?yasinda\w{0,4}|[\s-]?let(?:y|a|e|eho|emu|ou|ych|ym)(?!\w)|[\s-]?aring\w{0,3}"
    r"|[\s-]?lat(?:ek|k\w{1,3})(?!\w)|-?enn[ei](?!\w)|/[mf](?![\w/])|\sy\.(?=\s?[ek](?!\w))|\s?let star\w{1,2}"
    r"|[\s-]?vuotia\w{1,5})"
)
_SOMEBODY: Final = (
    r"(?:patiente?n?|pt|person|homme|femme|fille|garcon|enfant|fils|monsieur|madame|veuve|veuf|assuree?|conducteur"
    r"|conductrice|pacientes?|hombre|mujer|varon|nin[oa]|chic[oa]|menor|senora?|hij[oa]|conductora?|pazient[ei]|uomo"
    r"|donna|ragazz[oa]|bambin[oa]|signora?|figli[oa]|conducente|man|vrouw|jongen|meisje|patienten?|zoon|dochter|kind"
    r"|mann|frau|patientin|tochter|sohn|junge|madchen|witwe|fahrer(?:in)?|mezczyzn\w|kobiet\w|pacjent\w{0,3}|chlopiec"
    r"|dziewczyn\w{1,3}|syn\w?|cork\w|homem|mulher|rapaz|menin[oa]|doente|utente|filh[oa]|condutora?|kvinna|pojke"
    r"|flicka|dotter|son|mand|kvinde|dreng|pige|datter|mannen|kvinnan|muz|zena|pacient\w{0,3}|chlapec|divka|dcera"
    r"|hasta|kadin|erkek|cocuk|oglu|kizi|daughter|mother|father|wife|husband|woman|boy|girl|driver|passenger|widow)"
)
_THEIRS: Final = (
    rf"(?<![^\W_]){_SOMEBODY}(?:[,\s]{{1,2}}(?:(?:de|di|van|pa|a|i|com|con|en|aged|w wieku|ve veku|mit|von)\s)?"
    r"(\d{1,3})\s?(?:years?|yrs?|jahren?|ans|anni|anos|jaar|jr|lat|lata|let|ar|yas\w{0,6}|vuotta)(?!\w)"
    r"(?!\s(?:\w{1,3}['\s])?(?:garan|warran|exper|esperi|erfahr|servi|antig|ancien|contra|doswiad|zkusen|deney|erfar))"
    r"|\s\((\d{1,2})\))"
)
_SAID: Final = (
    r"(?:(?<![^\W_])(?:aged?|im alter von|agee?s? d[e'\u2019]|a l['\u2019]age de|de edad|edad de|a los"
    r"|all['\u2019]eta di|op"
    r" (?:de )?leeftijd van|w wieku|wiek|com|aos|i en alder av|i en alder af|vid|ve veku|lat|anni|yasi|turn(?:ed"
    r"|ing|s)"
    r"|(?:i am|i['\u2019]m|he is|she is|he['\u2019]s|she['\u2019]s|he was|she was|ich bin|er ist|sie ist|war)"
    r"|(?:j['\u2019]ai|il a|elle a|tengo|tiene|ho|ha|tenho|tem|mam|ma|je mi|je mu|ik ben|jag ar|jeg er|han ar|hon ar"
    r"|han er|hun er))"
    r"\s(?:just |only |already |now |erst |nur |schon )?(\d{2,3}))"
)
_STAND_ALONE: Final = (
    rf"(?:(?:,\s?(?=\d+ (?!y|jahre|vuotta))|\()(\d{{2,3}}) {_YEARS}(?=\s{{0,2}}[,.;)\n]|$)|\((\d{{1,3}})"
    rf"[,/]? ?[mfwdkv]\)|\([mfwdkv][,/]? ?(\d{{1,3}})\))"
)
_AGE_WORD: Final = (
    r"(?:yas[i]?(?=\s\d)|(?:(?<!max-)age|alter|edad|eta|leeftijd|wiek|idade|alder|yasi?|vek"
    r"|ika)(?=[\"'`*]{0,3}\s{0,2}[:=>|\t(]|$))"
)
_AGE: Final = re.compile(
    r"\d{1,3}(?![\d:.,/%-]?\d)(?!\s?(?:%|min|h\b|hours?|days?|sec|ms|std|tage|uur|dni|dagar|gun|[ap]m\b))"
)
_OLDEST: Final = 120


def _is_age(value: str) -> bool:
    return 0 < int(value) <= _OLDEST


_UNTIL_END: Final = (
    r"(?=\s{0,2}[,.;:!?)\n]|$|\s(?:" + _YEARS[3:-1] + r"|and|und|et|y|e|when|now|this|last|next|in|old)(?!\w))"
)

_NAME: Final = r"[A-Z\u00c0-\u00de\u0100-\u017e][\w'\u2019.-]{1,24}"
_LONG_AGO: Final = r"19[2-9]\d-\d{2}-\d{2}|\d{1,2}[./-]\d{1,2}[./-]19[2-9]\d"
_NAMED: Final = (
    rf"(?<!\w){_NAME}(?: (?:[a-z\u00df-\u017e]{{1,3}} )?{_NAME}){{1,3}}[\"']?(?:,|;| ?\(| ?\||\t| {{3,40}}) ?"
    r"(?:[\"'][^\"'\n]{0,40}[\"'][,;] ?){0,3}[\"']?"
    rf"({_LONG_AGO})(?!\d)|(?<!\w){_NAME}, {_NAME} \(({_LONG_AGO})\)"
)
"""A name, and a date that is long ago."""

_FORM: Final = (
    r"(?:C[PMES]\d?|CE[12]|[PMG]S|[3-6]\u00e8?e|(?i:kl(?:asse)?|class[ei]?|clase|klas[as]?e?|year|grade|curso|ano|groep"
    r"|t\u0159)\.? ?\d{1,2}"
    r"|\d{1,2}\.? ?(?:[a-dA-D]|(?i:klass?e?|klasa|t\u0159\u00edda|s\u0131n\u0131f)|[\u00ba\u00aa](?: ano| curso)?)"
    r"(?!\w))"
)
_PUPIL: Final = rf"{_NAME} \((\d{{1,2}}[./-]\d{{1,2}}[./-]20[0-3]\d), ?{_FORM}"
"""A name, and beside it the day and the form of a school."""

KINDS: Final = (
    Kind(entity_type="DATE_OF_BIRTH", label="", value=_YEAR, alone=_NAMED, hint=_LONG_AGO, score=0.7),
    Kind(entity_type="DATE_OF_BIRTH", label="", value=_YEAR, alone=_PUPIL, hint=r"[./-]20[0-3]\d, ?", score=0.7),
    Kind(
        entity_type="DATE_OF_BIRTH",
        label=_BIRTH,
        value=_TOLD,
        link=_TO_DATE,
        alone=_AFTER,
        folds=True,
    ),
    Kind(entity_type="DATE_OF_BIRTH", label=r"dt(?=[\"']?\s?[:=>]|$)", value=_OLD_DATE),
    *(
        Kind(
            entity_type="DATE_OF_BIRTH",
            label="",
            value=_YEAR,
            alone=rf"{_PERSONS}[^\n\w]{{0,6}}\n(?:[^\n]{{0,120}}\n){{{line}}}"
            rf"(?:[^\n\w]{{0,6}}\d{{1,2}}[.) ]{{1,3}})?[^\n\d]{{3,60}}({DATE})",
            hint=_PERSONS,
            folds=True,
        )
        for line in range(_LISTED)
    ),
    Kind(
        entity_type="DATE_OF_BIRTH", label=_BIRTH, value=re.compile(_SPOKEN), link=_TO_SPOKEN, header=False, folds=True
    ),
    Kind(
        entity_type="DATE_OF_BIRTH",
        label=_YEAR_WORD,
        value=_YEAR,
        alone=r"(?<![\w.,/-])((?:19|20)\d\d)\s(?:dogumlu|rocnik|rocznik)",
        folds=True,
        score=0.7,
    ),
    Kind(
        entity_type="AGE",
        label=_AGE_WORD,
        value=_AGE,
        good=_is_age,
        alone=f"(?:{_OLD}|{_THEIRS}|{_SAID}{_UNTIL_END}|{_STAND_ALONE})",
        folds=True,
    ),
)


def births() -> list[LabelledRecognizer]:
    """Find them."""
    return labelled(KINDS)
