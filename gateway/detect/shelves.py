"""Names that stand where things are listed: behind a label, in a column of goods, before a word in brackets.

Law: judged is what the model alone has found. A label or the head of a column speaks for every name that it stands
over, whole or not, up to the next full stop or line; a word in brackets for the name before it. What is looked at is
bounded.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from gateway.detect.folding import folded, words_of

_LABEL: Final = re.compile(
    r"(?<![\w-])(?:(?:medic|medik|farmac|farmak)\w{0,9}|therap\w{0,3}|terap\w{0,4}|tratamient\w{1,2}|tratament\w"
    r"|arznei\w{0,8}|drugs?|drug codes?|rx|leki|leczenie|lekarstwa|lecba|ilac\w{0,5}|tedavi\w{0,2}|behandling|fa"
    r"|diagnos\w{1,4}|tani|rozpoznani\w|dg|fruits?|frugt|frukt|frutt[ae]|frutas?|owoce|ovoce|obst|meyve\w{0,4}"
    r"|cakes?|kager?|kuchen|desserts?|dolci|postres?|sobremesas?|desery?|dezert\w?|tatli\w{0,4}"
    r"|menus?|menukaart|speisekarte|jidelnicek|jadlospis|ementa|carta|drinks?|getranke|boissons?|bebidas?|bevande"
    r"|dranken|napoje|drycker|drikke\w{0,3}|icecekler|wines?|weine?|vins|vinos|vini|vinhos|wijnen|wina|castas?|cepages?"
    r"|paints?|farben?|verf|peintures?|pinturas?|vernici|farby|barvy|farger?|farver?|boyalar|colou?rs?|coloris"
    r"|couleurs?|colores|colori|cores|kleuren|kolory|renkler"
    r"|lektur[ay]|cetba|lecturas?|letture|leituras?|lectures?|lekture|books?|bucher|livres|libros|libri|livros|boeken"
    r"|ksiazki|knihy|bocker|boger|kitaplar|romans?|films?|filme|filmer|filmy|filmler|operas?|songs?|lieder"
    r"|products?|produkt\w{0,3}|produits?|productos?|prodott[oi]|produtos?|producten|urun\w{0,4}|articles?|artikel\w?"
    r"|articulos?|articol[oi]|artigos?|artykuly|polozky|varer|varor|models?|modell[ei]?|modeles?|modelos?|modely?"
    r"|modeller|brands?|marken?|marques?|marcas?|marche|merken|marki|znacky|markalar|tools?|werkzeug\w?|outils?"
    r"|shel(?:f|ves)|vans?|cars?|vehicles?|boats?|ships?|rooms?|machines?|pumps?|servers?|hosts?|release|codename|fahrzeuge?|wagen|regal|raum|maschine|pumpe"
    r"|voitures?|vehicules?|salle|bateau|furgone|veicolo|sala|furgoneta|vehiculo|coche|busje|voertuig|auto|samochod|pojazd|viatura|veiculo"
    r"|fordon|bil|koretoj|vozidlo|arac|oda|salon|rum|lokale|mistnost|kamer|zaal"
    r"|breeds?|rassen?|races|varieties|sorten|sorter|odmiany|odrudy|cesitler|birds|vogel|oiseaux|plants|pflanzen)"
    r"[ \u00a0]?(?:\([^()\n]{0,20}\))?[ \u00a0]?:[ \u00a0]{1,3}(?P<rest>[^.:;\n]*)\Z"
)
_HEAD: Final = re.compile(
    r"\W*(?:(?:item|product|article|goods|material|part|model)s?(?: name)?|description(?: of goods)?|bezeichnung"
    r"|benennung|artikel(?:bezeichnung|name)?|beschreibung|ware|produkt(?:name|bezeichnung)?|material|designation"
    r"|libelle|article|produit|descripci\w{2}|articulo|producto|concepto|denominacion|descrizione|articolo|prodotto"
    r"|denominazione|omschrijving|product(?:naam)?|opis|nazwa(?: towaru| produktu| artykulu)?|towar|produkt|artykul"
    r"|descricao|artigo|produto|designacao|benamning|beskrivning|produktnamn|vara|varenavn|beskrivelse|vare|nazev"
    r"(?: zbozi| polozky| vyrobku)?|popis|zbozi|polozka|urun(?: adi)?|aciklama|malzeme|cins[ie])\W*"
)
_NOTED: Final = re.compile(
    r"[ \u00a0]\((?:(?:the|a|an|der|die|das|ein|eine|la|le|les|el|los|il|lo|gli|un|una|une|o|os|as|um|uma|de|het|een|en"
    r"|et|ei|l['\u2019])[ ]?){0,2}(?:\w{1,20}[ ])?(?P<word>\w{3,30})\b"
)
_NOUNS: Final = words_of(Path(__file__).with_name("nouns.txt"))
_SORTS: Final = ("sorte", "sorten", "sorter")
"""What the names of sorts end with: ``Apfelsorte``."""

_WORD: Final = re.compile(r"\w+")
_ENDED: Final = re.compile(r"[),;]|[ ](?=[a-z])")
"""What stands behind the word in brackets, which is no firm's."""

_SEPARATORS: Final = ("\t", "|", ";")
_NEAR: Final = 120
_ROWS: Final = 40
_FAR: Final = 4000
_COLUMNS: Final = 2


def is_shelved(text: str, start: int, end: int) -> bool:
    """Whether the name there is one of a list of things."""
    line = text.rfind("\n", max(0, start - _FAR), start) + 1
    before = folded(text[max(line, start - _NEAR) : start])
    if _LABEL.search(before) or _is_noted(text, end):
        return True
    return bool(_HEAD.fullmatch(_head(text, start)))


def _is_noted(text: str, end: int) -> bool:
    """Whether brackets behind the name say what it is."""
    near = text[end : end + _NEAR]
    noted = _NOTED.match(folded(near))
    if not noted or not _ENDED.match(near, noted.end()):
        return False
    return any(word in _NOUNS or word.endswith(_SORTS) for word in _WORD.findall(noted[0])[-2:])


def _head(text: str, start: int) -> str:
    """Return the head of the column of a table in which a place lies, in small letters without accents."""
    before = text[max(0, start - _FAR) : start].split("\n")
    row = before.pop()
    separator = next((each for each in _SEPARATORS if each in row), "")
    if not separator or not before:
        return ""
    stop = text.find("\n", start)
    width = (row + text[start : stop if 0 <= stop < start + _FAR else start + _FAR]).count(separator)
    if width < _COLUMNS:
        return ""
    head = ""
    for line in reversed(before[-_ROWS:]):
        if line.count(separator) != width and not _is_rule(line):
            break
        head = head if _is_rule(line) else line
    cells = head.split(separator)
    place = row.count(separator)
    return folded(cells[place]).strip() if place < len(cells) else ""


def _is_rule(line: str) -> bool:
    return bool(line) and not line.strip("-|+:= ")
