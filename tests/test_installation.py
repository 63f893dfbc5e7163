"""Whom the installation serves, and what it refuses."""

import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged
from odoo.tools import config

from .databases import MODULE, DatabaseCase, get_base_template, run_odoo

MODEL = """
from odoo import fields, models

class Property(models.Model):
    _name = "estate.property"
    _description = "Property of a tutorial"
    name = fields.Char()
"""


def press_install(env):
    """Let an administrator of the agency, not the first one, press Install."""
    boss = env["res.users"].create(
        {
            "name": "Boss",
            "login": "boss",
            "group_ids": [Command.set(env.ref("base.group_system").ids)],
        }
    )
    env["ir.module.module"].update_list()
    # commit: the installation runs in a transaction of its own
    env.cr.commit()
    module = env["ir.module.module"].with_user(boss).search([("name", "=", MODULE)])
    module.button_immediate_install()


@tagged("post_install", "-at_install")
class TestNeededPackages(TransactionCase):
    def _install(self):
        """Press Install where the module is not installed yet."""
        module = self.env["ir.module.module"]._get(MODULE)
        module.state = "uninstalled"
        module.button_install()
        return module.state

    def test_a_missing_package_is_named_and_nothing_is_installed(self):
        """T7: without phonenumbers numbers stay raw and blacklists silently fail."""
        for package in ("phonenumbers", "anyascii"):

            def get_version(name, missing=package):
                if name == missing:
                    raise PackageNotFoundError(name)
                return version(name)

            with (
                self.subTest(package),
                patch("importlib.metadata.version", get_version),
                patch.dict(sys.modules, {package: None}),
                self.assertRaisesRegex(
                    UserError,
                    f'"{MODULE}" because an external dependency is not met: {package}',
                ),
            ):
                self._install()

    def test_with_all_packages_it_is_installed(self):
        self.assertEqual(self._install(), "to install")


class TestInstallation(DatabaseCase):
    """The module is installed where something stands in its way."""

    def _fetch(self, database, statement, *parameters):
        with self._cursor(database) as cr:
            cr.execute(statement, parameters or None)
            return cr.fetchall()

    def test_who_presses_install_gets_our_groups_even_without_an_extension(self):
        """M144: the groups go to one person, and no right to make pg_trgm is needed."""
        database = self._create_database(get_base_template())
        with self._cursor(database) as cr:
            # A function of the extension exists already: the extension is refused.
            cr.execute("DROP EXTENSION IF EXISTS pg_trgm CASCADE")
            cr.execute(
                "CREATE FUNCTION similarity(text, text) RETURNS real LANGUAGE sql "
                "AS 'SELECT 1.0::real'"
            )
        self._call(database, press_install)
        extensions = self._fetch(database, "SELECT extname FROM pg_extension")
        self.assertNotIn(("pg_trgm",), extensions)
        members = self._fetch(
            database,
            """
            SELECT users.login, data.name FROM res_groups_users_rel AS member
                JOIN ir_model_data AS data ON data.res_id = member.gid
                JOIN res_users AS users ON users.id = member.uid
            WHERE data.model = 'res.groups' AND data.module = %s
            """,
            MODULE,
        )
        self.assertEqual(members, [("boss", "group_settings")])

    def test_another_add_on_with_our_models_is_named_and_nothing_changes(self):
        """M144: where a model of ours is taken, the installation is refused."""
        with tempfile.TemporaryDirectory() as folder:
            addon = Path(folder, "tutorial_estate")
            addon.mkdir()
            (addon / "__manifest__.py").write_text(
                "{'name': 'Tutorial', 'license': 'LGPL-3', 'author': 'A learner'}"
            )
            (addon / "__init__.py").write_text(MODEL)
            path = ",".join([*config["addons_path"], folder])
            database = self._create_database(get_base_template())
            install = ("server", "-i", addon.name, "--stop-after-init")
            self.assertEqual(run_odoo(database, *install, addons_path=path).status, 0)
            refused = run_odoo(
                database, "server", "-i", MODULE, "--stop-after-init", addons_path=path
            )
        self.assertIn(
            "The add-on tutorial_estate already brings a model estate.property.",
            refused.output,
        )
        states = self._fetch(
            database, "SELECT state FROM ir_module_module WHERE name = %s", MODULE
        )
        self.assertEqual(states, [("uninstalled",)])
        columns = self._fetch(
            database,
            "SELECT FROM information_schema.columns WHERE column_name = 'lead_role'",
        )
        self.assertEqual(columns, [])
