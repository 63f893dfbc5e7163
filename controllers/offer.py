from odoo import SUPERUSER_ID
from odoo.http import Controller, request, route

PUBLIC = {"type": "http", "auth": "public", "website": True, "sitemap": False}


class OfferController(Controller):
    """Pages behind the links of matching mails, without a login: GET asks, POST acts.

    The signed link is the right to answer for one offer, one search, one contact.
    """

    # === ANSWER TO AN OFFER ===

    @route("/real_estate/offer/<string:token>", methods=["GET"], **PUBLIC)
    def show_offer(self, token):
        """Show what was offered, with the two answers."""
        return self._render_offer(token, self._find_pair(token))

    @route("/real_estate/offer/<string:token>", methods=["POST"], **PUBLIC)
    def answer_offer(self, token, answer="", reason_id="", note=""):
        """Note the answer; a second click changes nothing."""
        pair = self._find_pair(token)
        if pair.property_id.is_offered and answer == "interested":
            pair._answer_interested()
        elif pair and answer == "refuse":
            pair._refuse(self._find_reason(pair, reason_id), note[:500])
        return self._render_offer(token, pair)

    def _find_pair(self, token):
        pairs = self._as_system("estate.pair")
        pair = pairs._read_answer_token(token)
        return self._speak(pair, pair.partner_id)

    def _find_reason(self, pair, reason_id):
        reasons = pair._get_offered_reasons()
        chosen = int(reason_id[:9]) if reason_id[:9].isdecimal() else 0
        return reasons.filtered(lambda reason: reason.id == chosen)

    def _render_offer(self, token, pair):
        return request.render(
            "crm_real_estate.offer_page",
            {
                "token": token,
                "pair": pair,
                "state": pair.state if pair else "",
                "facts": pair.property_id._get_offer_facts() if pair else "",
                "summary": pair.search_id._get_summary() if pair else "",
                "is_gone": bool(pair) and not pair.property_id.is_offered,
                "reasons": pair._get_offered_reasons() if pair else (),
            },
        )

    # === NO MORE OFFERS ===

    @route("/real_estate/offers/stop/<string:token>", methods=["GET"], **PUBLIC)
    def show_stop(self, token):
        """Ask whether offers are to end."""
        partner = self._find_stopping(token)
        return self._render_stop(token, partner)

    # csrf: mail programs press the one-click button without a session; the signed
    # link says who
    @route(
        "/real_estate/offers/stop/<string:token>",
        methods=["POST"],
        csrf=False,
        **PUBLIC,
    )
    def stop(self, token, **_form):
        """Note that this contact wants no more offers."""
        partner = self._find_stopping(token)
        if partner:
            partner._stop_offers()
        return self._render_stop(token, partner)

    def _find_stopping(self, token):
        partner = self._as_system("crm.lead")._read_stop_token(token)
        return self._speak(partner, partner) if partner else partner

    def _render_stop(self, token, partner):
        is_stopped = partner and not partner._may_receive_automatic("email", "matching")
        return request.render(
            "crm_real_estate.offers_stop_page",
            {"token": token, "partner": partner, "is_stopped": is_stopped},
        )

    # === A SEARCH ENDS OR GOES ON ===

    @route("/real_estate/search/<string:token>", methods=["GET"], **PUBLIC)
    def show_search(self, token):
        """Ask whether a search goes on."""
        return self._render_search(token, self._find_search(token))

    @route("/real_estate/search/<string:token>", methods=["POST"], **PUBLIC)
    def change_search(self, token, action=""):
        """Renew or stop the search."""
        search = self._find_search(token)
        if search and action == "renew":
            search.action_renew()
        elif search and action == "stop":
            search.action_stop()
        return self._render_search(token, search, action)

    def _find_search(self, token):
        search = self._as_system("estate.search")._read_renewal_token(token)
        return self._speak(search, search.partner_id)

    def _render_search(self, token, search, done=""):
        return request.render(
            "crm_real_estate.search_page",
            {
                "token": token,
                "search": search,
                "summary": search._get_summary() if search else "",
                "done": done if search else "",
            },
        )

    def _speak(self, record, partner):
        """Return `record` in the language of the person who reads the page."""
        lang = partner.lang or request.env.lang
        request.update_context(lang=lang)
        return record.with_context(lang=lang)

    def _as_system(self, model):
        """Return a model as the system: who answers by a link has no user."""
        return request.env(user=SUPERUSER_ID, context={"lang": request.env.lang})[model]
