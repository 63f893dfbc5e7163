"""What ./dev i18n does with the .pot and .po files. Runs in Odoo's Python (polib).

Every file has the order and the references of the template, no dates and no fuzzy or
obsolete entries, so that a difference between two versions is a difference of terms.
"""

import json
import re
import sys
from collections import Counter
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "i18n"
TEMPLATE = FOLDER / "crm_real_estate.pot"
SAME_AS_ENGLISH = FOLDER / "same_as_english.txt"
ADVICE = (
    "./dev i18n refreshes the files; --missing LANG and --fill LANG FILE help to "
    f"translate; what may stay English stands in i18n/{SAME_AS_ENGLISH.name}."
)
PLURALS = {
    "cs": "nplurals=3; plural=(n==1) ? 0 : (n>=2 && n<=4) ? 1 : 2;",
    "de": "nplurals=2; plural=(n != 1);",
    "fr": "nplurals=2; plural=(n > 1);",
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4"
    " && (n%100<10 || n%100>=20) ? 1 : 2);",
}
PLACEHOLDER = re.compile(
    r"%\(\w+\)[a-z]|%[-+#0]?\d*(?:\.\d+)?[sdifgr]\b|\{\{.*?\}\}|\$?\{[^{}]*\}",
    re.DOTALL,
)
TAG = re.compile(r"<(/?[A-Za-z][\w-]*)((?:\s[^<>]*)?)>")
ATTRIBUTE = re.compile(r"""([\w.:-]+)=("[^"]*"|'[^']*')""")
# Attributes that people read, so their text is translated with the term around them.
READ_ATTRIBUTES = (
    "alt",
    "aria-label",
    "data-tooltip",
    "placeholder",
    "string",
    "title",
)


def main(languages, action, *arguments):
    """Do what ./dev i18n asks for and return its exit status."""
    if action == "missing":
        return missing(*arguments)
    if action == "fill":
        return fill(*arguments)
    fresh = (
        polib.pofile(arguments[0]) if Path(arguments[0]).exists() else polib.POFile()
    )
    return check(languages, fresh) if action == "check" else refresh(languages, fresh)


# === WRITING ===


def refresh(languages, fresh):
    """Write the template and give each language exactly its terms."""
    FOLDER.mkdir(exist_ok=True)
    TEMPLATE.write_text(_text(fresh))
    print(f"{TEMPLATE.relative_to(ROOT)}: {len(fresh)} terms")
    for language in languages:
        known = _known(language)
        _write(language, fresh, known)
        translated = sum(bool(known.get(entry.msgid)) for entry in fresh)
        print(f"i18n/{language}.po: {len(fresh) - translated} terms left to translate")
    return 0


def missing(language):
    """Print the terms without translation as JSON, ready to be filled in."""
    known = _known(language)
    terms = [entry.msgid for entry in _template() if not known.get(entry.msgid)]
    json.dump(dict.fromkeys(terms, ""), sys.stdout, ensure_ascii=False, indent=1)
    print()
    return 0


def fill(language, path):
    """Take translations from a JSON file; return 1 when it has terms we do not know."""
    given = json.loads(Path(path).read_text())
    template = _template()
    unknown = sorted(set(given) - {entry.msgid for entry in template})
    for term in unknown:
        print(f"{path}: no such term: {term!r}")
    known = _known(language) | {term: text for term, text in given.items() if text}
    _write(language, template, known)
    left = sum(not known.get(entry.msgid) for entry in template)
    print(f"i18n/{language}.po: {left} terms left to translate")
    return int(bool(unknown))


def _template():
    if not TEMPLATE.exists():
        sys.exit("There is no template yet: run ./dev i18n first.")
    return polib.pofile(str(TEMPLATE))


def _known(language):
    path = FOLDER / f"{language}.po"
    entries = polib.pofile(str(path)) if path.exists() else ()
    return {
        entry.msgid: entry.msgstr
        for entry in entries
        if not entry.obsolete and not entry.fuzzy
    }


def _write(language, template, known):
    (FOLDER / f"{language}.po").write_text(_text(template, language, known))


def _text(template, language="", known=None):
    """Return the text of a file with the terms of the template."""
    file = polib.POFile(wrapwidth=78)
    file.metadata = {
        "Project-Id-Version": "Real Estate CRM 19.0",
        **({"Language": language} if language else {}),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS.get(language, ""),
    }
    for entry in sorted(template, key=lambda entry: entry.msgid):
        file.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgstr=(known or {}).get(entry.msgid, ""),
                comment=entry.comment,
                occurrences=entry.occurrences,
            )
        )
    return f"{file}".rstrip("\n") + "\n"


# === CHECKING ===


def check(languages, fresh):
    """Print all that is wrong, one line each, and return 1 if there is anything."""
    problems = [*_template_problems(fresh)]
    for language in languages:
        problems += _language_problems(language, fresh)
    for problem in problems:
        print(f"i18n/{problem}")
    if problems:
        print(f"\n{len(problems)} problems.", ADVICE)
    else:
        print(f"{len(fresh)} terms, complete in {', '.join(languages)}")
    return int(bool(problems))


def _template_problems(fresh):
    name = TEMPLATE.name
    text = TEMPLATE.read_text() if TEMPLATE.exists() else ""
    if text == _text(fresh):
        return
    old = {entry.msgid for entry in polib.pofile(text)} if text else set()
    new = {entry.msgid for entry in fresh}
    for term in sorted(new - old):
        yield f"{name}: not exported yet: {term!r}"
    for term in sorted(old - new):
        yield f"{name}: no longer in the module: {term!r}"
    if old == new:
        yield f"{name}: the same terms, but other references or comments"


def _language_problems(language, fresh):
    path = FOLDER / f"{language}.po"
    entries = polib.pofile(str(path)) if path.exists() else ()
    entries = {entry.msgid: entry for entry in entries if not entry.obsolete}
    allowed = _same_as_english(language)
    for term in [entry.msgid for entry in fresh]:
        if problem := _problem(term, entries.get(term), allowed):
            yield f"{path.name}: {problem}: {term!r}"


def _problem(term, entry, allowed):
    """Return what is wrong with the translation of a term, or None."""
    if entry is None or not entry.msgstr:
        return "missing"
    if entry.fuzzy:
        return "fuzzy"
    if entry.msgstr == term:
        is_text = re.search(r"[^\W\d_]", TAG.sub("", PLACEHOLDER.sub("", term)))
        return "same as English" if is_text and term not in allowed else None
    expected, found = _placeholders(term), _placeholders(entry.msgstr)
    if expected != found:
        changed = [*(expected - found).elements(), *(found - expected).elements()]
        return f"placeholders differ ({' '.join(changed)})"
    return None


def _placeholders(text):
    """Count what must be the same in every language: fields, tags, expressions."""
    found = Counter(PLACEHOLDER.findall(TAG.sub("", text)))
    for tag, attributes in TAG.findall(text):
        found[f"<{tag}>"] += 1
        for name, value in ATTRIBUTE.findall(attributes):
            if name not in READ_ATTRIBUTES:
                found[f"{name}={value}"] += 1
    return found


def _same_as_english(language):
    """Return the terms that may stay as they are ("term" or "fr: term", one a line)."""
    terms = set()
    if SAME_AS_ENGLISH.exists():
        for line in SAME_AS_ENGLISH.read_text().splitlines():
            only, separator, term = line.partition(": ")
            if separator and only in PLURALS:
                terms |= {term} if only == language else set()
            else:
                terms.add(line)
    return {term.replace("\\n", "\n") for term in terms}


if __name__ == "__main__":
    split = sys.argv.index("--")
    sys.exit(main(sys.argv[1:split], *sys.argv[split + 1 :]))
