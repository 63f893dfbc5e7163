from odoo.http import Controller, request, route

# Pages behind signed links in mails: GET asks and changes nothing, POST acts. The token
# is the right to act, so that the pages work without a session, and say no more than
# what its bearer knows.
PAGE = {"type": "http", "auth": "public", "website": True, "save_session": False}


class ViewingController(Controller):
    """What a seeker answers about his viewing, without login."""

    @route("/real_estate/feedback/<string:token>", methods=["GET"], **PAGE)
    def show_feedback(self, token):
        """Show the questions after a viewing."""
        return self._render_feedback(self._find_viewing(token), token)

    @route("/real_estate/feedback/<string:token>", methods=["POST"], csrf=False, **PAGE)
    def take_feedback(self, token, rating="", interest="", comment=""):
        """Keep the answers, once."""
        viewing = self._find_viewing(token)
        viewing._take_feedback(rating, interest, comment)
        return self._render_feedback(viewing, token)

    @route("/real_estate/group_viewing/<string:token>", methods=["GET"], **PAGE)
    def show_group(self, token):
        """Show when the property is shown, and how many places are left."""
        group, lead = self._find_group(token)
        return self._render_group(group, lead, token)

    @route(
        "/real_estate/group_viewing/<string:token>",
        methods=["POST"],
        csrf=False,
        **PAGE,
    )
    def book_group(self, token):
        """Book a place for the seeker, or tell that all are taken."""
        group, lead = self._find_group(token)
        viewing = group._book(lead)
        return self._render_group(group, lead, token, is_refused=not viewing)

    # === PAGES ===

    def _find_viewing(self, token):
        viewing = request.env["estate.viewing"]._find_by_feedback_token(token)
        if not viewing:
            raise request.not_found()
        return self._speak(viewing, viewing.partner_id)

    def _find_group(self, token):
        group, lead = request.env["estate.viewing.group"]._find_by_booking_token(token)
        if not (group and lead):
            raise request.not_found()
        return self._speak(group, lead.partner_id), self._speak(lead, lead.partner_id)

    def _speak(self, record, partner):
        """Return `record` in the language of the person who reads the page."""
        lang = partner.lang or request.env.lang
        request.update_context(lang=lang)
        zone = record.company_id.resource_calendar_id.tz
        return record.with_context(lang=lang, tz=zone)

    def _render_feedback(self, viewing, token):
        return request.render(
            "crm_real_estate.viewing_feedback_page",
            {"viewing": viewing, "token": token},
        )

    def _render_group(self, group, lead, token, is_refused=False):
        mine = group.viewing_ids.filtered(
            lambda v: v.lead_id == lead and v.state == "planned"
        )
        return request.render(
            "crm_real_estate.group_viewing_page",
            {
                "group": group,
                "viewing": mine,
                "token": token,
                "is_refused": is_refused,
            },
        )
