import importlib.util
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime

# A cron that is so much later than planned does not run.
PATIENCE = timedelta(hours=1)


class Health(models.TransientModel):
    """What an administrator must know: whether all that works by itself does work."""

    _name = "estate.health"
    _description = "Health"

    name = fields.Char(compute="_compute_report")
    report = fields.Html(compute="_compute_report", sanitize=False)

    @api.depends_context("lang", "tz")
    def _compute_report(self):
        findings = self._get_findings()
        self.name = self.env._("Health")
        self.report = self.env["ir.qweb"]._render(
            "crm_real_estate.health", {"findings": findings}
        )

    @api.model
    def _get_findings(self):
        """Return what is wrong as a list of (what, what to do), empty when all is well.

        Nothing outside is asked: what cannot be reached is known from the last try.
        """
        # sudo: ir.cron, ir.module.module, mail and database - an administrator of the
        # real estate business reads what hinders it, not the settings themselves
        health = self.sudo()
        return [
            *health._check_crons(),
            *health._check_database(),
            *health._check_libraries(),
            *health._check_mail(),
            *health._check_distribution(),
        ]

    # === CRONS ===

    def _check_crons(self):
        crons = self._get_crons()
        # Addresses are looked up by a foreign service where an agency wants it only.
        optional = self.env.ref("crm_real_estate.ir_cron_geocode", False) or crons[:0]
        limit = fields.Datetime.now() - PATIENCE
        late = crons.filtered(
            lambda c: c.active and not c.failure_count and c.nextcall < limit
        )
        for cron in crons - late:
            if not cron.active and cron != optional:
                yield (
                    self.env._("%s is switched off.", cron.name),
                    self.env._(
                        "Switch it on under Settings, Technical, Scheduled Actions."
                    ),
                )
            elif cron.active and cron.failure_count:
                yield (
                    self.env._(
                        "%(job)s has failed %(count)s times in a row.",
                        job=cron.name,
                        count=cron.failure_count,
                    ),
                    self.env._("Look for its error in the log of the server."),
                )
        if late:
            # One cause holds them all up: one thing to do.
            yield (
                self._say_late(late.sorted("nextcall")),
                self.env._(
                    "See that Odoo runs with cron threads (--max-cron-threads) and "
                    "that no other job holds them up."
                ),
            )

    def _say_late(self, crons):
        first, moment = crons[0], format_datetime(self.env, crons[0].nextcall)
        if len(crons) == 1:
            return self.env._(
                "%(job)s is late: it was due at %(moment)s.",
                job=first.name,
                moment=moment,
            )
        return self.env._(
            "%(count)s jobs are late, the first since %(moment)s: %(jobs)s.",
            count=len(crons),
            moment=moment,
            jobs=", ".join(crons.mapped("name")),
        )

    def _get_crons(self):
        """Return our crons and those of Odoo that we lean on."""
        rows = self.env["ir.model.data"].search(
            [("module", "=", "crm_real_estate"), ("model", "=", "ir.cron")]
        )
        crons = self.env["ir.cron"].with_context(active_test=False)
        found = crons.browse(rows.mapped("res_id")).exists()
        mails = "mail.ir_cron_mail_scheduler_action"
        return found | (self.env.ref(mails, raise_if_not_found=False) or crons)

    # === THE MACHINE ===

    def _check_database(self):
        # Raw SQL: settings and extensions of PostgreSQL, no records.
        self.env.cr.execute(
            "SELECT current_setting('jit', true), EXISTS"
            "(SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm')"
        )
        jit, has_trigrams = self.env.cr.fetchone()
        if jit == "on":
            yield (
                self.env._("PostgreSQL compiles queries (jit): lists open slowly."),
                self.env._("Set jit = off in postgresql.conf and reload it."),
            )
        if not has_trigrams:
            yield (
                self.env._("Searching by parts of names and numbers is slow."),
                self.env._(
                    "Run CREATE EXTENSION pg_trgm in the database as its superuser."
                ),
            )

    def _check_libraries(self):
        if not self._has_library("phonenumbers"):
            yield (
                self.env._(
                    "Phone numbers cannot be compared: blocked ones are not recognised."
                ),
                self.env._(
                    "Install the Python package %s on the server and restart Odoo.",
                    "phonenumbers",
                ),
            )
        if self.env["ir.actions.report"].get_wkhtmltopdf_state() in (
            "install",
            "broken",
        ):
            yield (
                self.env._("Reports to owners cannot be printed as PDF."),
                self.env._("Install wkhtmltopdf on the server and restart Odoo."),
            )

    @api.model
    def _has_library(self, name):
        return importlib.util.find_spec(name) is not None

    # === MAIL ===

    def _check_mail(self):
        companies = self.env.user.company_ids
        for company in companies.filtered(lambda c: not c.alias_domain_id):
            sources = self.env["estate.intake.source"].search_count(
                [("company_id", "=", company.id), ("kind", "=", "mail")], limit=1
            )
            if sources:
                yield (
                    self.env._(
                        "%s has no alias domain: no mail arrives.", company.name
                    ),
                    self.env._("Set it under Settings, Discuss, Alias Domain."),
                )
        servers = self.env["fetchmail.server"].search([("error_date", "!=", False)])
        for server in servers:
            yield (
                self.env._(
                    "The mailbox %(name)s could not be reached: %(error)s",
                    name=server.name,
                    error=(server.error_message or "").strip().split("\n")[-1],
                ),
                self.env._("Check its host, user and password, then Test & Confirm."),
            )
        failed = Domain("state", "=", "exception") & Domain(
            "failure_type", "in", ("mail_smtp", "unknown")
        )
        count = self.env["mail.mail"].search_count(failed)
        if count:
            yield (
                self.env._("%s mails could not be sent.", count),
                self.env._(
                    "Check the outgoing mail server, then retry them under Settings, "
                    "Technical, Emails."
                ),
            )

    # === DISTRIBUTION ===

    def _check_distribution(self):
        rules = self.env["estate.dispatch.rule"]
        steps = dict(rules._fields["step"]._description_selection(self.env))
        used = set(rules.search([]).mapped("step"))  # pylint: disable=no-search-all
        for step in steps.keys() - used:
            yield (
                self.env._(
                    "No rule distributes: %s. These leads stay in the pool.",
                    steps[step],
                ),
                self.env._("Add a rule under Configuration, Distribution rules."),
            )
        without = self.env["crm.lead"].search_count([("is_without_task", "=", True)])
        if without:
            yield (
                self.env._("%s leads have no next task.", without),
                self.env._("Open them under Enquiries, Without next task."),
            )
