from odoo import api, models
from odoo.tools import SQL, escape_psql

from ...tools import phones

# The most contacts that a search returns; who has more types more.
MOST_HITS = 20
# Digits that may be a whole number, valid or not.
WHOLE_NUMBER = 8
# Digits that so few numbers end with that it is worth to look for these ends first.
TOLD_END = 4
# The words of a key, as the index of whole words has them.
WORDS = "string_to_array(btrim(estate_search_key), ' ')"


def index_search_key(registry):
    """Return the index for parts of words; without the extension there is none."""
    return "USING gin (estate_search_key gin_trgm_ops)" if registry.has_trigram else ""


class PartnerCallerSearch(models.AbstractModel):
    """Finds who calls, while he speaks, by the key that each contact has."""

    _name = "estate.partner.caller.search.mixin"
    _description = "Contact: found while he calls"

    @api.model
    def _search_caller(self, typed, companies):
        """Return the contacts that a typed line may mean, the likeliest first.

        It looks at all contacts of these companies, whatever the user may see: whoever
        calls it hides what is not for his eyes.

        :param typed: `tools.caller.Typed`
        :return: `res.partner`, in sudo
        """
        # sudo: res.partner - whoever calls it hides what is not for the user's eyes
        partners = self.sudo()
        if not typed.is_searchable:
            return partners.browse()
        self.flush_model(["estate_search_key", "active", "partner_share", "company_id"])
        self.flush_model(["phone_sanitized", "second_phone_sanitized"])
        # Numbers and mails that are typed as a whole stand in a key as a word: that is
        # looked up at once. Parts of them are looked for only when there is none.
        exact = self._run_caller_tiers(self._get_whole_tiers(typed), companies)
        more = self._run_caller_tiers(self._get_end_tiers(typed, exact), companies)
        if len(more.get("end", ())) <= MOST_HITS:
            more = self._run_caller_tiers(self._get_part_tiers(typed, exact), companies)
        found = [*sum(exact.values(), []), *sum(more.values(), [])]
        if not found and (parts := self._get_inner_parts(typed)):
            found = sum(self._run_caller_tiers(parts, companies).values(), [])
        return partners.browse(list(dict.fromkeys(found))[:MOST_HITS])

    # === TIERS ===
    # A tier is a list of conditions that all must hold. Tiers have names, and stand in
    # the order of who is likeliest.

    @api.model
    def _get_whole_tiers(self, typed):
        """Return the tiers of a number or mail that was typed as a whole."""
        is_whole = any(len(digits) >= WHOLE_NUMBER for digits in typed.digits)
        phone = is_whole and [self._has_word(typed.digits)]
        mail = typed.mail.partition("@")[2] and [self._has_word([typed.mail])]
        tiers = {"phone": phone, "mail": mail}
        tiers = {name: tier for name, tier in tiers.items() if tier}
        if tiers and len(tiers) + bool(typed.words) > 1:
            words = [self._has_word(keys) for keys in typed.words]
            tiers = {"all": sum(tiers.values(), words)} | tiers
        return tiers

    @api.model
    def _get_end_tiers(self, typed, exact):
        """Return the tiers of the last digits alone; they may fill the list at once.

        :param dict exact: as in `_get_part_tiers`
        """
        digits = self._get_typed_digits(typed)
        is_more = typed.words or typed.mail or exact.get("phone")
        if is_more or not digits or min(map(len, digits)) < TOLD_END:
            return {}
        return {
            "number": [self._has_word(typed.digits)],
            "end": [self._ends_with(digits)],
        }

    @api.model
    def _get_part_tiers(self, typed, exact):
        """Return the tiers of parts of words, where no whole one was found.

        :param dict exact: name of a tier of whole words -> the ids that it found
        """
        words = [self._has_part(keys, "% {}%") for keys in typed.words]
        digits = self._get_typed_digits(typed)
        mail = [escape_psql(typed.mail)] if typed.mail else []
        tiers = {}
        if not exact.get("all"):
            wanted = (
                words,
                [self._has_part(digits, "%{}%")] if digits else [],
                [self._has_part(mail, "%{}%")] if mail else [],
            )
            if sum(map(bool, wanted)) > 1:
                tiers["parts of all"] = sum(wanted, [])
        if digits and not exact.get("phone"):
            tiers["number"] = [self._has_word(typed.digits)]
            tiers["end of number"] = [self._has_part(digits, "%{} %")]
            tiers["part of number"] = [self._has_part(digits, "%{}%")]
        elif digits and not exact.get("all") and (local := self._get_local(typed)):
            # The same number in another country.
            tiers["local"] = [self._has_word(phones.in_all_countries(local[0]))]
        if mail and not exact.get("mail"):
            tiers["mail begun"] = [self._has_part(mail, "% {}%")]
            tiers["part of mail"] = [self._has_part(mail, "%{}%")]
        if typed.words:
            tiers["words"] = [self._has_word(keys) for keys in typed.words]
            if not exact.get("all"):
                tiers["begun"] = words
        return tiers

    @api.model
    def _get_inner_parts(self, typed):
        """Return the tier of names that hold the typed words somewhere inside."""
        if not typed.words or any(len(keys[0]) < 3 for keys in typed.words):
            return {}
        return {"inside": [self._has_part(keys, "%{}%") for keys in typed.words]}

    @api.model
    def _get_typed_digits(self, typed):
        """Return the texts that a number is looked for by, when it is no whole word.

        Of a number that is complete the part within its country is enough: it is in
        all the others, and the digits of a country are in the key of nearly everybody.
        """
        number = typed.phone
        if typed.digits and typed.digits[0].startswith("00"):
            number = f"+{typed.digits[0][2:]}"
        national = phones.national_digits(number)
        return [national] if len(national) > 5 else list(typed.digits)

    @api.model
    def _get_local(self, typed):
        """Return the digits of a whole number that was typed without its country."""
        whole = typed.digits[0]
        return [d for d in typed.digits[1:] if d != whole and whole.endswith(d)][:1]

    # === CONDITIONS ===

    @api.model
    def _has_word(self, words):
        """Return the condition that one of these words is in the key."""
        return SQL("%s && %s::text[]", SQL(WORDS), list(words))

    @api.model
    def _has_part(self, texts, shape):
        """Return the condition that one of these texts is in the key, in a shape."""
        return SQL(
            "(%s)",
            SQL(" OR ").join(
                SQL("estate_search_key LIKE %s", shape.format(text)) for text in texts
            ),
        )

    @api.model
    def _ends_with(self, digits):
        """Return the condition that a valid number ends with one of these digits.

        Read backwards a number begins with its end: so an index finds it.
        """
        return SQL(
            "(%s)",
            SQL(" OR ").join(
                SQL("reverse(%s) LIKE %s", SQL.identifier(column), f"{text[::-1]}%")
                for text in digits
                for column in ("phone_sanitized", "second_phone_sanitized")
            ),
        )

    # === STATEMENT ===

    @api.model
    def _run_caller_tiers(self, tiers, companies):
        """Return the ids that fit each tier, some perhaps in several of them."""
        if not tiers:
            return {}
        # Raw SQL: one statement for all tiers. Each is planned as if all its rows were
        # wanted, which uses the index, and read only until there are enough.
        parts = [
            SQL(
                """
                %(name)s AS MATERIALIZED (
                    SELECT id FROM res_partner
                    WHERE active AND partner_share AND %(fits)s
                    AND (company_id IS NULL OR company_id = ANY(%(companies)s))
                )
                """,
                name=SQL.identifier(f"tier_{number}"),
                fits=SQL(" AND ").join(conditions),
                companies=companies.ids,
            )
            for number, conditions in enumerate(tiers.values())
        ]
        reads = [
            SQL(
                "(SELECT %s AS tier, id FROM %s LIMIT %s)",
                number,
                SQL.identifier(f"tier_{number}"),
                # One more than shown: whether there are others.
                MOST_HITS + 1,
            )
            for number in range(len(tiers))
        ]
        rows = self.env.execute_query(
            SQL(
                "WITH %s SELECT tier, id FROM (%s) AS hits LIMIT %s",
                SQL(", ").join(parts),
                SQL(" UNION ALL ").join(reads),
                MOST_HITS * 3,
            )
        )
        found = {name: [] for name in tiers}
        names = list(tiers)
        for tier, partner_id in rows:
            found[names[tier]].append(partner_id)
        return found
