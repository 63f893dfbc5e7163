"""What is found wrong in the tree is told with its place."""

from odoo.tests import BaseCase, tagged


def describe(violations):
    """Return one line for each of (path, line, what)."""
    return "\n".join(
        sorted(f"{path}:{line}: {what}" for path, line, what in violations)
    )


@tagged("post_install", "-at_install", "crm_real_estate")
class ArchitectureCase(BaseCase):
    maxDiff = None

    def assertNone(self, violations):
        """Fail with one line for each of (path, line, what)."""
        self.assertEqual(describe(violations), "")
