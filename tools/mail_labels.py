"""Words by which portals and web forms name the fields of an enquiry.

Lower case, without punctuation, brackets and words like "your". "name" is a full name
unless the other half stands beside it: then it is the missing half.
"""

_WORDS = {
    "first_name": """
        vorname
        first name; firstname; given name; forename
        prénom; prenom
        křestní jméno
        """,
    "last_name": """
        nachname; familienname; zuname
        last name; lastname; surname; family name
        nom de famille
        příjmení; prijmeni
        фамилия
        """,
    "name": """
        name; vor- und nachname; vorname und nachname; vorname, nachname
        vorname nachname; nachname, vorname; name, vorname
        vollständiger name; kontaktname; interessent
        full name; fullname; contact name
        nom; nom et prénom; prénom et nom; nom complet
        jméno; jmeno; jméno a příjmení; celé jméno; zájemce
        имя; фио; имя и фамилия; фамилия, имя; имя, фамилия; полное имя
        """,
    "company": """
        firma; unternehmen; firmenname
        company; company name; organisation; organization
        société; entreprise
        společnost; název firmy
        компания; организация
        """,
    "phone": """
        telefon; tel; telefonnummer; telefonnr; telefon-nr; rufnummer; festnetz
        telefon privat; telefon geschäftlich; tel-nr
        phone; phone number; telephone; telephone number; phone no
        home phone; work phone; office phone
        téléphone; telephone fixe; téléphone fixe; tél; numéro de téléphone
        telefonní číslo; tel číslo; pevná linka
        телефон; тел; номер телефона; контактный телефон
        """,
    "mobile": """
        mobil; mobiltelefon; handy; handynummer; mobilnummer; mobilfunk; telefon mobil
        mobile; mobile phone; mobile number; cell; cell phone; cellphone
        portable; téléphone portable; tél portable; mobile phone number
        mobilní telefon; mobilní číslo
        мобильный; мобильный телефон; моб; сотовый; моб телефон
        """,
    "email": """
        e-mail; email; mail; e-mail-adresse; emailadresse; email-adresse; mailadresse
        e-mail address; email address; e-mail adresse; email adresse
        courriel; adresse e-mail; adresse email; adresse mail; adresse électronique; mél
        e-mailová adresa; emailová adresa
        эл почта; электронная почта; почта; адрес электронной почты
        """,
    "message": """
        nachricht; mitteilung; kommentar; anfrage; anfragetext; bemerkung; bemerkungen
        nachrichtentext; freitext
        message; comment; comments; enquiry; inquiry; question; message text
        commentaire; commentaires; demande; texte du message
        zpráva; vzkaz; poznámka; dotaz; text zprávy; text dotazu
        сообщение; комментарий; вопрос; текст сообщения
        """,
    "reference": """
        objekt; objektnummer; objekt-nr; objektnr; objekt nr; objekt-id; objektid
        objekt id; immobilie; immobilien-id; immobiliennummer; scout-id
        exposé; exposé-id; exposé-nr; expose; expose-id; exposenummer
        anzeigennummer; anzeige; angebotsnummer; inserat; inserat-id; inserat-nr
        referenz; referenznummer; ref; ref-nr; referenz-nr; id
        onlinenummer; online-id; kennung
        reference; reference number; reference no; ref no; property; property id
        property ref; property reference; property number; listing; listing id
        listing no; listing number; mls id; mls number; mls
        object; object id; object number
        référence; réf; référence du bien; référence de l'annonce; bien; annonce
        numéro de l'annonce; réf annonce
        zakázka; číslo zakázky; id zakázky; evidenční číslo; nemovitost; id nemovitosti
        číslo nemovitosti; kód nemovitosti; inzerát; číslo inzerátu; id inzerátu
        объект; номер объекта; id объекта; код объекта; объявление; номер объявления
        id объявления; лот; артикул
        """,
    "link": """
        link; url; exposé-link; expose-link; objektlink; webseite; link zum exposé
        property url; property link; listing url; web address
        lien; lien de l'annonce
        odkaz; odkaz na nemovitost
        ссылка; ссылка на объект
        """,
}

FIELDS = {
    word.strip(): field
    for field, words in _WORDS.items()
    for line in words.split("\n")
    for word in line.split(";")
    if word.strip()
}
