from odoo import api, fields, models

BATCH = 200
CRON = "crm_real_estate.ir_cron_match"
DAY_DONE = "crm_real_estate.match_day"


class MatchMark(models.Model):
    """Something changed that matching compares: a property or a search is due.

    A mark is looked at once more after its transaction: two that change in the same
    moment do not see each other, the job sees both.
    """

    _name = "estate.match.mark"
    _description = "Change that matching has to follow"

    property_id = fields.Many2one("estate.property", ondelete="cascade")
    search_id = fields.Many2one("estate.search", ondelete="cascade")

    @api.model
    def _leave(self, properties, searches):
        """Leave a mark for each of these records, and wake the job."""
        # sudo: estate.match.mark - whoever changes something causes the work
        marks = self.sudo()
        marks.create(
            [{"property_id": prop.id} for prop in properties]
            + [{"search_id": search.id} for search in searches]
        )
        # sudo: ir.cron - as above
        cron = self.env.ref(CRON, raise_if_not_found=False)
        if cron and (properties or searches):
            cron.sudo()._trigger()

    @api.model
    def _cron_match(self):
        """Bring the pairs up to date for what changed, in batches."""
        progress = self.env["ir.cron"]._commit_progress
        self._leave_for_the_day()
        # All marks there are. # pylint: disable=no-search-all
        while marks := self.search([], limit=BATCH, order="id").try_lock_for_update():
            self.env["estate.pair"]._match(marks.property_id, marks.search_id)
            count = len(marks)
            marks.unlink()
            if not progress(count, remaining=self.search_count([])):
                return

    @api.model
    def _leave_for_the_day(self):
        """Leave marks for what a new day changes: ends of searches, foreign money."""
        today = fields.Date.today()
        # sudo: ir.config_parameter - the day that was done
        parameters = self.env["ir.config_parameter"].sudo()
        if parameters.get_param(DAY_DONE) == str(today):
            return
        parameters.set_param(DAY_DONE, str(today))
        ended = self.env["estate.search"].search(
            [
                ("is_open", "=", True),
                ("expires_on", "<", today),
                ("pair_ids", "any", [("is_fitting", "=", True)]),
            ]
        )
        foreign = self.env["estate.property"].search([("is_offered", "=", True)])
        foreign = foreign.filtered(
            lambda prop: prop.currency_id != prop.company_id.currency_id
        )
        self._leave(foreign, ended)
