"""Our mail templates in a database where nothing is ours yet."""

from .common import EstateCase
from .databases import MODULE


class TestTemplates(EstateCase):
    def test_our_templates_are_accepted_where_records_are_bare(self):
        """M144: Odoo tries a template on any record of its model, the first one."""
        bare = {
            "crm.lead": self.env["crm.lead"].create({"name": "Own"}),
            "res.partner": self.env["res.partner"].create({"name": "Somebody"}),
        }
        rows = self.env["ir.model.data"].search(
            [("module", "=", MODULE), ("model", "=", "mail.template")]
        )
        templates = self.env["mail.template"].browse(rows.mapped("res_id"))
        tried = templates.filtered(lambda template: template.model in bare)
        self.assertTrue(tried)
        for template in tried:
            with self.subTest(template.name):
                for field in template._get_dynamic_field_names():
                    template._render_field(field, bare[template.model].ids)
