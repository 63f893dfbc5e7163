"""What people and portals write in the body of a mail: labels, quotes, references."""

import re

from .mail_labels import FIELDS
from .texts import tidy

_LABEL_LINE = re.compile(r"^([^:\t：]{1,40})[:\t：](.*)$")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_POSSESSIVE = re.compile(r"^(?:ihre?|your|votre|vos|vaše?|váš|ваш[аеи]?)\s+")
_MORE_DATA = re.compile(r"weitere daten zum interessenten", re.IGNORECASE)

_QUOTE_TITLE = re.compile(
    r"-{2,}\s*(?:original(?:nachricht| message)?|ursprüngliche nachricht"
    r"|weitergeleitete nachricht|forwarded message|message d'origine|message transféré"
    r"|původní zpráva|přeposlaná zpráva|исходное сообщение|пересылаемое сообщение)",
    re.IGNORECASE,
)
_QUOTE_INTRODUCTION = re.compile(
    r"(?:(?:am|on|le|dne)\b.{4,200}"
    r"\b(?:schrieb|wrote|a écrit|napsal(?:\(a\)|a)?).{0,80}"
    r"|.{4,200}\b(?:пишет|написал(?:\(а\)|а)?)\s?):",
    re.IGNORECASE,
)
_QUOTED_FROM = re.compile(r"\*?(?:von|from|de|od|от)\s?:\*?\s*\S", re.IGNORECASE)
_QUOTED_HEAD = re.compile(
    r"\*?(?:gesendet|sent|envoyé|odesláno|отправлено|datum|date|дата|an|to|à|komu|кому"
    r"|betreff|subject|objet|předmět|тема)\s?:",
    re.IGNORECASE,
)
_DEVICE = re.compile(
    r"(?:von meinem .{1,60} gesendet|gesendet (?:von|mit) .{1,60}|sent from my .{1,60}"
    r"|envoyé (?:de|depuis) mon .{1,60}|odesláno z .{1,60}|отправлено с .{1,60})",
    re.IGNORECASE,
)

_TOKEN = r"[A-Za-z0-9][A-Za-z0-9/_.-]{0,39}"
_NAMED_REFERENCE = re.compile(
    r"(?:\b(?:objekt|object|property|immobilie|expos[eé]|anzeige|angebot|inserat"
    r"|listing|bien|annonce|zakázk[ay]|nemovitost|inzerát|объект|лот|mls|scout"
    r"|ref|réf|referenz|reference|référence|reference|id|nr|no|č|číslo)"
    r"(?:[-. ]{0,2}(?:nummer|number|nr|no|id|ref|numéro|číslo|номер))?"
    rf"|[#№])[ .:#=(]{{0,4}}({_TOKEN})",
    re.IGNORECASE,
)
_SHAPED_REFERENCE = re.compile(rf"(?<![\w@/.-]){_TOKEN}")
_SHAPE = re.compile(r"[A-Z0-9/_.-]{3,}|[A-Za-z]{1,4}[-/_][0-9][A-Za-z0-9/_-]*")
_ADDRESS_PATH = re.compile(r"https?://[^\s<>\"']{4,500}")
_MAX_REFERENCES = 20


def read_labels(text):
    """Return the values behind known labels ("Vorname: Jan"), in five languages.

    An empty label stays empty: the next line is never taken for its value, except
    behind a label of a message, which goes on until the next label.

    :param text: body as plain text, cells of a table parted by tabs.
    :return: dict of the field (see `mail_labels`) to its first value that is not empty.
    """
    values, message, in_message = {}, [], False
    for line in text.split("\n"):
        field, value = _labelled(line)
        if field == "message":
            in_message = True
            message.append(value)
        elif field:
            in_message = False
            if value:
                values.setdefault(field, value)
        elif in_message:
            message.append(line)
    if message := cut_more_data(tidy("\n".join(message))):
        values["message"] = message
    return values


def cut_more_data(message):
    """Return a message without the data that ImmoScout24 adds below it."""
    match = _MORE_DATA.search(message)
    return message[: match.start()].rstrip("\n -_=*") if match else message


def cut_reply(text):
    """Return what a person wrote anew: without quotes, signature and device notice.

    :param text: body as plain text.
    """
    lines = text.split("\n")
    kept = []
    for index, line in enumerate(lines):
        if line == "--" or _begins_quote(lines, index):
            break
        if not line.startswith(">") and not _DEVICE.fullmatch(line):
            kept.append(line)
    return tidy("\n".join(kept))


def open_forward(text):
    """Return the sender named in a forwarded text ("Von: ..."), and what he wrote.

    :param text: body as plain text.
    :return: pair of texts; the first one is empty when nothing was forwarded in it.
    """
    lines = [line.lstrip("> ") for line in text.split("\n")]
    for index, line in enumerate(lines):
        if _is_quoted_head(lines, index):
            end = lines.index("", index) if "" in lines[index:] else len(lines)
            sender = line.partition(":")[2].strip(" *")
            return sender, cut_reply("\n".join(lines[end:]))
    return "", cut_reply(text)


def find_references(text):
    """Return words that may be the number of an object, best first, each once.

    First what follows a word like "Objekt" or "Ref", then words of capital letters,
    digits and dashes ("PR-2024-0012", "OB/17"), then numbers in web addresses. The
    caller looks them up: a word that belongs to no object does no harm.

    :param text: subject or body.
    """
    named = [match[1] for match in _NAMED_REFERENCE.finditer(text)]
    addresses = _ADDRESS_PATH.findall(text)
    bare = _ADDRESS_PATH.sub(" ", text)
    shaped = filter(_has_shape, _SHAPED_REFERENCE.findall(bare))
    in_paths = (number for path in addresses for number in re.findall(r"\d{4,}", path))
    words = (word.rstrip("/_.-") for word in (*named, *shaped, *in_paths))
    found = dict.fromkeys(word for word in words if re.search("[0-9]", word))
    return tuple(found)[:_MAX_REFERENCES]


def references_in_value(value):
    """Return candidates out of the value of a label: its first word may be any number.

    :param value: e.g. "4711", "OB/17 (Wohnung)" or a web address, which is one itself.
    """
    is_address = _ADDRESS_PATH.match(value)
    first = value.split(" ", 1)[0].strip("()[],;:.#")
    words = (first,) if is_address or re.search("[0-9]", first) else ()
    return (*words, *find_references(value))


def _labelled(line):
    """Return the field and the value of a line, two empty texts without a label."""
    match = _LABEL_LINE.match(line.strip("*_•>–-# \t"))
    if not match:
        return "", ""
    label = _BRACKETS.sub("", match[1].casefold()).replace(".", " ")
    label = " ".join(_POSSESSIVE.sub("", label.strip("*_ \t")).split())
    return FIELDS.get(label, ""), match[2].strip("*_ \t:")


def _begins_quote(lines, index):
    line = lines[index]
    if not line:
        return False
    # Mail programs break the introduction of a quote into two lines.
    for introduction in (line, " ".join(lines[index : index + 2])):
        if _QUOTE_INTRODUCTION.fullmatch(introduction):
            return True
    if _QUOTE_TITLE.match(line):
        return True
    return _is_quoted_head(lines, index)


def _is_quoted_head(lines, index):
    nearby = lines[index + 1 : index + 4]
    is_from = _QUOTED_FROM.match(lines[index])
    return bool(is_from) and any(map(_QUOTED_HEAD.match, nearby))


def _has_shape(word):
    is_number = re.fullmatch(r"[0-9/_.-]+", word)
    return not is_number and bool(_SHAPE.fullmatch(word))
