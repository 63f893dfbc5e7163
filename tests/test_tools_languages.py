"""The language of an enquiry, told by its small words."""

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.languages import guess_language


@tagged("post_install", "-at_install", "crm_real_estate")
class TestGuessLanguage(BaseCase):
    def test_the_table_of_cases(self):
        for lang, text in (
            ("de", "Guten Tag, ich interessiere mich für die Wohnung. Ist sie frei?"),
            ("cs", "Dobrý den, mám zájem o prohlídku bytu. Je ještě volný?"),
            ("fr", "Bonjour, je suis intéressé par votre bien, est-il disponible ?"),
            ("ru", "Здравствуйте, меня интересует эта квартира. Можно посмотреть?"),
            ("en", "Hello, I am interested in this flat. Is it still available?"),
            ("", "OK"),
            ("", ""),
            ("", "12345 +420 777 123 456"),
        ):
            with self.subTest(text):
                self.assertEqual(guess_language(text), lang)

    @settings(derandomize=True, max_examples=200, deadline=None)
    @given(st.text(max_size=300))
    def test_any_text_has_a_known_language_or_none(self, text):
        self.assertIn(guess_language(text), {"", "cs", "de", "en", "fr", "ru"})
