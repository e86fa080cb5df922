"""What documents of our own are filled with: titles, jobs, labels, months, tools, cars; each language has its own.

Law: values alone, which ``synthetic`` puts together; none of them is a person.
"""

from __future__ import annotations

from typing import Final

LANGUAGES: Final = (
    "en", "en", "en", "en", "de", "de", "fr", "es", "it", "nl", "pt", "pl", "pl", "da", "sv", "cs", "cs", "tr", "tr", "hr",
)  # fmt: skip
TITLES: Final = {
    "en": ["Mr", "Mrs", "Ms", "Dr", "Dr.", "Prof.", "Mr.", "Mrs.", "Sir", "Judge"],
    "de": ["Herr", "Frau", "Herr Dr.", "Frau Prof."],
    "fr": ["M.", "Mme", "Mlle", "Dr", "Me", "Madame", "Monsieur"],
    "es": ["Sr.", "Sra.", "Dr.", "Dra.", "don", "doña", "señor", "señora"],
    "it": ["Sig.", "Sig.ra", "Dott.", "Dott.ssa", "Avv.", "Ing.", "signor", "signora"],
    "nl": ["dhr.", "mevr.", "de heer", "mevrouw", "dr.", "drs.", "ir."],
    "pt": ["Sr.", "Sra.", "Dr.", "Dra.", "Eng.", "Dona"],
    "pl": ["pan", "pani", "Pan", "Pani", "dr", "mgr", "inż.", "prof.", "mec."],
    "da": ["hr.", "fru", "dr.", "advokat", "læge"],
    "sv": ["herr", "fru", "dr", "professor", "advokat"],
    "cs": ["pan", "paní", "Ing.", "Mgr.", "MUDr.", "JUDr.", "slečna", "Bc.", "doc."],
    "tr": ["Sayın", "Dr.", "Av.", "Prof. Dr.", "Bay", "Bayan"],
    "hr": ["gospodin", "gospođa", "dr.", "g.", "gđa"],
}
ROLES: Final = {
    "en": "engineer,Head of Sales,accountant,Chief Financial Officer,nurse,Project Manager,attorney,HR Manager,CEO",
    "de": "Leiter Einkauf,Sachbearbeiterin,Geschäftsführer,Ingenieurin,Abteilungsleiter,Steuerberaterin",
    "fr": "directeur commercial,comptable,chef de projet,infirmière,avocate",
    "es": "directora de ventas,contable,ingeniero,enfermera,abogado",
    "it": "direttore vendite,ragioniera,ingegnere,infermiera,avvocato",
    "nl": "verkoopleider,boekhouder,ingenieur,verpleegkundige,advocaat",
    "pt": "diretora de vendas,contabilista,engenheiro,enfermeira,advogado",
    "pl": "kierownik sprzedaży,księgowa,inżynier,pielęgniarka,adwokat",
    "da": "salgschef,bogholder,ingeniør,sygeplejerske,advokat,HR-chef,driftsleder",
    "sv": "säljchef,ekonomiassistent,ingenjör,sjuksköterska,jurist,projektledare",
    "cs": "vedoucí prodeje,účetní,inženýr,zdravotní sestra,advokátka,jednatel,mistr směny",
    "tr": "satış müdürü,muhasebeci,mühendis,hemşire,avukat,proje yöneticisi,genel müdür",
    "hr": "voditelj prodaje,računovođa,inženjer,medicinska sestra,odvjetnica",
}
THINGS: Final = (
    "the printer,the new dashboard,Project Falcon,the Berlin rollout,SAP,the migration,Outlook,JIRA,the data lake,Kafka,"
    "Windows 11,Model S,the VPN,Office 365,the boiler,Postgres,Grafana,the API gateway,the warranty,Phase 2"
).split(",")
FORMS: Final = (
    "{S} GmbH|{S} & {S}|{S} AG|{S} Ltd|{S}, Inc.|{S} & Co. KG|{W} Industries|{W} Bank|{W} Systems|Bank of {L}|{S} Group|"
    "University of {L}|{W} Insurance|{S} S.p.A.|{S} SA|{S} B.V.|{W} Sp. z o.o.|Stadtwerke {L}|{L} Hospital|{W} AB|{W}|"
    "{W} {W}|{W} Holding|{S} Brothers|{W} Logistics|{W} Software|Klinikum {L}|{S} Lda|{W} Pharma|Ministry of Finance"
).split("|")
TOOLS: Final = (
    "Kubernetes Jenkins Docker Kafka Python Java Jira Confluence Excel Outlook Grafana Django Tomcat Maven Gradle Ansible "
    "Puppet Chef Jupyter Pandas Redis Lambda Ruby Perl Rust Swift Kotlin Julia Ada Pascal Haskell Erlang Dart Flask Angular "
    "Vue React Spark Hadoop Hive Airflow Terraform Vault Consul Nginx Apache Postgres MySQL Oracle Mongo Cassandra Elastic "
    "Kibana Prometheus Git Bash Linux Debian Ubuntu Fedora Windows Android Photoshop Word Teams Slack Zoom Trello Asana "
    "Salesforce Tableau Access Visio Azure Helm Istio Celery Sentry Bootstrap Babel Mocha Jasmine Cypress Selenium Cucumber "
    "Gherkin Robot Sphinx Pillow Ray Dask Keras Torch Falcon Litestar Uvicorn Alembic Poetry Ruff Black Flake"
).split()
ENDINGS: Final = [
    "com",
    "de",
    "org",
    "net",
    "edu",
    "fr",
    "co.uk",
    "io",
    "local",
    "nl",
    "es",
    "it",
    "pl",
    "pt",
    "gov",
    "eu",
]
WORDS: Final = (
    "Nord Alpha Delta Orion Global Summit Vertex Helix Nova Pioneer Metro Titan Quantum Apex Zenith Solar Atlas Omni Euro "
    "Trans Inter Blue Red Crystal Acme Contoso Initech Umbra Lumen Ferro Aqua Terra Velo Medi Agro Tele Cyber Poly Maxi"
).split()
NATIONS: Final = {
    "en": "German,French,Polish,Turkish,Norwegian,Brazilian,Kenyan,Muslim,Catholic,Jewish,Spanish,Irish,Syrian,Chinese",
    "de": "deutsche,französische,polnische,türkische,spanische,norwegische,italienische,ukrainische",
    "fr": "allemand,français,polonais,turc,espagnol,italien",
    "es": "alemán,francés,polaco,turco,italiano,chileno",
    "it": "tedesco,francese,polacco,turco,spagnolo",
    "nl": "Duitse,Franse,Poolse,Turkse,Spaanse,Belgische",
    "pt": "alemão,francês,polaco,turco,espanhol,angolano",
    "pl": "niemiecki,francuski,turecki,hiszpański",
    "da": "tysk,fransk,polsk,tyrkisk,norsk,spansk,ukrainsk",
    "sv": "tysk,fransk,polsk,turkisk,norsk,spansk,finländsk",
    "cs": "německý,francouzský,polský,turecký,slovenský,španělský",
    "tr": "Alman,Fransız,Polonyalı,İspanyol,Norveçli,İtalyan",
    "hr": "njemački,francuski,poljski,turski,španjolski",
}
MONTHS: Final = {
    "en": "January February March April May June July August September October November December".split(),
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre".split(),
    "nl": "januari februari maart april mei juni juli augustus september oktober november december".split(),
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro".split(),
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia".split(),
    "da": "januar februar marts april maj juni juli august september oktober november december".split(),
    "sv": "januari februari mars april maj juni juli augusti september oktober november december".split(),
    "cs": "ledna února března dubna května června července srpna září října listopadu prosince".split(),
    "tr": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık".split(),
    "hr": "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga prosinca".split(),
}
LABELS: Final = {
    "en": "Name|Full name|Customer|Contact|Patient|Employee|Manager|Owner|Author|Assignee|Reported by|Requester|Recipient"
    "|Account holder|Cardholder|Beneficiary|Signed|Driver|Guest|Student|Teacher|Applicant|Next of kin|Insured|Sender",
    "de": "Name|Kunde|Kundin|Ansprechpartner|Patient|Mitarbeiter|Bearbeiter|Kontoinhaber|Absender|Empfänger|Mieter"
    "|Vermieter|Versicherte|Fahrer|Gast|Antragsteller|Unterschrift|Betreuer|Auftraggeber",
    "fr": "Nom|Client|Contact|Patient|Salarié|Titulaire|Destinataire|Locataire|Assuré|Signature",
    "es": "Nombre|Cliente|Contacto|Paciente|Empleado|Titular|Destinatario|Inquilino|Asegurado|Firma",
    "it": "Nome|Cliente|Contatto|Paziente|Dipendente|Intestatario|Destinatario|Inquilino|Assicurato|Firma",
    "nl": "Naam|Klant|Contactpersoon|Patiënt|Medewerker|Rekeninghouder|Ontvanger|Huurder|Verzekerde",
    "pt": "Nome|Cliente|Contacto|Paciente|Funcionário|Titular|Destinatário|Inquilino|Segurado",
    "pl": "Nazwisko|Klient|Kontakt|Pacjent|Pracownik|Właściciel|Odbiorca|Najemca|Podpis",
    "da": "Navn|Kunde|Kontaktperson|Patient|Medarbejder|Kontohaver|Modtager|Lejer|Forsikrede|Underskrift|Sagsbehandler",
    "sv": "Namn|Kund|Kontaktperson|Patient|Medarbetare|Kontoinnehavare|Mottagare|Hyresgäst|Försäkrad|Underskrift|Handläggare",
    "cs": "Jméno|Příjmení|Zákazník|Kontaktní osoba|Pacient|Zaměstnanec|Majitel účtu|Příjemce|Nájemce|Pojištěný|Podpis|Vyřizuje",
    "tr": "Adı Soyadı|Müşteri|İlgili kişi|Hasta|Çalışan|Hesap sahibi|Alıcı|Kiracı|Sigortalı|İmza|Yetkili|Gönderen",
    "hr": "Ime i prezime|Kupac|Kontakt|Pacijent|Zaposlenik|Vlasnik računa|Primatelj|Najmoprimac|Osiguranik|Potpis",
}
KEYS: Final = (
    "name full_name customer contact owner author assignee user created_by updatedBy manager employee patient reviewer "
    "account_holder sender recipient displayName fullName primary_contact driver tenant signer"
).split()
OTHERS: Final = (
    "id status amount currency created_at type version enabled count city country price quantity sku priority department "
    "category description unit color size state total due_date reference iban phone notes"
).split()
VALUES: Final = (
    "open closed true false EUR USD pending High Low Medium Sales Marketing Engineering Finance blue kg pcs Standard Premium "
    "Basic A1 B2 Active Inactive Yes No None N/A Draft Final Widget Bolt Cable Adapter Sensor Invoice Order Support Legal IT"
).split()
CARS: Final = (
    "Škoda Octavia,Škoda Fabia,Škoda Superb,Škoda Kodiaq,Renault Clio,Renault Mégane,Renault Captur,Peugeot 308,Peugeot Partner"
    ",Citroën Berlingo,Citroën Jumper,Fiat Ducato,Fiat Panda,Fiat Tipo,Fiat Egea,Alfa Romeo Giulia,Alfa Romeo Stelvio,Lancia Ypsilon"
    ",Seat Leon,Seat Ibiza,Seat Arona,Cupra Formentor,VW Golf,VW Passat,VW Polo,VW Caddy,VW Transporter,Volkswagen Tiguan"
    ",Opel Astra,Opel Corsa,Opel Vivaro,Opel Zafira,Ford Focus,Ford Fiesta,Ford Transit,Ford Kuga,Ford Mondeo,Mercedes Sprinter"
    ",Mercedes Vito,Mercedes-Benz C 220,Mercedes Actros,BMW X5,BMW 320d,Audi A4,Audi Q5,Toyota Corolla,Toyota Yaris,Toyota Hilux"
    ",Toyota Auris,Honda Civic,Honda Jazz,Nissan Qashqai,Nissan Leaf,Nissan Juke,Mazda CX-5,Mazda MX-5,Mitsubishi Outlander"
    ",Suzuki Vitara,Subaru Forester,Hyundai Tucson,Hyundai Kona,Kia Sportage,Kia Ceed,Dacia Duster,Dacia Logan,Dacia Sandero"
    ",Volvo XC60,Volvo V60,Saab 900,Tesla Model 3,Tesla Model Y,Mini Cooper,Land Rover Defender,Jaguar XE,Porsche Cayenne"
    ",Porsche Macan,Chevrolet Camaro,Dodge Charger,Chrysler Voyager,Jeep Renegade,Cadillac Escalade,Lincoln Navigator,Iveco Daily"
    ",MAN TGX,Scania R 450,DAF XF,John Deere 6120,Massey Ferguson 5S,Zetor Proxima,Ursus C-330,Harley-Davidson Sportster,Kawasaki Z900"
    ",Vespa Primavera,Piaggio Liberty,Tofaş Şahin,TOGG T10X,Polonez Caro,Tatra Phoenix"
).split(",")
BRANDS: Final = (
    "Bosch,Siemens,Philips,Miele,Kärcher,Makita,Hilti,DeWalt,Black & Decker,Johnson & Johnson,Procter & Gamble,Ernst & Young"
    ",Hugo Boss,Calvin Klein,Jack Daniel's,Ben & Jerry's,Dr. Oetker,Marks & Spencer,Levi's,Tommy Hilfiger,Christian Dior,Louis Vuitton"
    ",Dr. Martens,Harley-Davidson,Rolls-Royce,Otis,Schindler,Kone,Zeiss,Leica,Canon,Epson,Xerox,Brother,Kyocera,Ricoh,Lexmark,Dell"
    ",Lenovo,Logitech,Jabra,Nespresso,De'Longhi,Lavazza,Barilla,Ferrero,Lindt,Milka,Haribo,Carlsberg,Tuborg,Heineken,Pilsner Urquell"
    ",Arçelik,Beko,Vestel,Electrolux,Husqvarna,Whirlpool,Zanussi,Bang & Olufsen,Georg Jensen,Tiger,Ikea Billy,Ikea Kallax,Lego Duplo"
    ",Herman Miller Aeron,Steelcase,Vitra,Fritz Hansen,Mont Blanc,Parker,Pelikan,Faber-Castell,Moleskine,Samsonite,Thermo Fisher,Abbott"
    ",Bayer,Roche,Novo Nordisk,Max Mara,Giorgio Armani,Ray-Ban,Casio,Garmin,Michelin,Pirelli,Bridgestone,Castrol,Shell Helix"
).split(",")
SUFFIXES: Final = {
    "a": ("'ya", "'nın", "'dan", "'da", "'yı", "'yla"), "ı": ("'ya", "'nın", "'dan", "'da", "'yı", "'yla"),
    "o": ("'ya", "'nun", "'dan", "'da", "'yu", "'yla"), "u": ("'ya", "'nun", "'dan", "'da", "'yu", "'yla"),
    "e": ("'ye", "'nin", "'den", "'de", "'yi", "'yle"), "i": ("'ye", "'nin", "'den", "'de", "'yi", "'yle"),
    "ö": ("'ye", "'nün", "'den", "'de", "'yü", "'yle"), "ü": ("'ye", "'nün", "'den", "'de", "'yü", "'yle"),
}  # fmt: skip
"""What Turkish puts behind a name, by the name's last vowel, where that ends it; else without the first consonant."""

CASES: Final = {
    "cs": (
        ("ová", "ové|ovou"), ("á", "é|ou"), ("ý", "ého|ému|ým"), ("í", "ího|ímu|ím"), ("ek", "ka|kovi|kem"),
        ("a", "y|u|ou|o|ovi"), ("e", "i|í"), ("o", "a|ovi|em"), ("", "a|ovi|em|e|ova|ově"),
    ),
    "pl": (
        ("ski", "skiego|skiemu|skim"), ("cki", "ckiego|ckiemu|ckim"), ("ska", "skiej|ską"), ("cka", "ckiej|cką"),
        ("ek", "ka|kowi|kiem"), ("iec", "ca|cowi|cem"), ("ia", "ii|ię|ią|io"), ("a", "y|ie|ę|ą|o"), ("o", "a|owi|em"), ("y", "ego|emu|ym"),
        ("i", "iego|iemu|im"), ("", "a|owi|em|ie|ów"),
    ),
    "hr": (("a", "e|i|u|om"), ("o", "a|u|om"), ("", "a|u|om|ov")),
    "da": (("s", "s'"), ("", "s")), "sv": (("s", "s"), ("", "s")), "nl": (("s", "s"), ("", "s")),
    "de": (("s", "s"), ("", "s")), "en": (("", "'s"),),
}  # fmt: skip
"""How a language bends names: by the end, what comes in its place."""
