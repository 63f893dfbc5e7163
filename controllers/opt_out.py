from odoo.http import Controller, request, route

HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "X-Frame-Options": "DENY",
}
# What is read of the contact.
SHOWN = ["lang", "automatic_messages_allowed", "company_id", "user_id"]
PATH = "/real_estate/messages/<string:token>"


class OptOutController(Controller):
    """The page behind the link in automatic mails: GET asks, POST acts.

    Scanners of mail follow links, so GET and HEAD change nothing. No login and no
    session: the signature in the link is the right, to this one contact alone.
    """

    @route(
        PATH,
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
        save_session=False,
        readonly=True,
    )
    def ask(self, token):
        """Ask whether automatic messages shall stop, or offer to undo it."""
        way, _mail, _moment, _subject = self._read(token)
        return self._render(token, way)

    @route(
        PATH,
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
        csrf=False,
        save_session=False,
    )
    def act(self, token, wish="stop", **_form):
        """Stop automatic messages, as mail programs do by RFC 8058, or undo it."""
        way, mail, moment, subject = self._read(token)
        way._say(wish == "resume", mail, moment, subject)
        return self._render(token, way, changed=True)

    def _read(self, token):
        way, *told = request.env["estate.opt.out"]._read_token(token)
        if not way:
            raise request.not_found()
        # Scanners come by the thousand: nothing but what the page tells is read.
        way.partner_id.fetch(SHOWN)
        if lang := way.partner_id.lang:
            request.update_context(lang=lang)
        # sudo: estate.opt.out - the signature is the right to this one row
        return way.with_env(request.env(su=True)), *told

    def _render(self, token, way, changed=False):
        partner = way.partner_id
        partner.user_id.fetch(["company_id"])
        company = partner.company_id or partner.user_id.company_id
        # sudo: res.company - the name of who sends is on every letter
        company = company or request.env.company.sudo()
        company.fetch(["name"])
        page = request.env["ir.qweb"]._render(
            "crm_real_estate.opt_out_page",
            {
                "lang": (request.env.lang or "en").replace("_", "-"),
                "allowed": partner.automatic_messages_allowed,
                "changed": changed,
                "company": company.name,
                "path": f"/real_estate/messages/{token}",
            },
            minimal_qcontext=True,
        )
        return request.make_response(page, list(HEADERS.items()))
