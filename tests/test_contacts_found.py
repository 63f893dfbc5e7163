"""Contacts that arriving data speak of are found, or made once."""

from ..tools.neutral import Contact
from .common import EstateCase

PHONE = "+420777123123"


class TestContactsAreFound(EstateCase):
    def _find(self, *contacts):
        found = self.env["res.partner"]._find_or_create_estate_contacts(
            list(contacts), self.company, {"estate_kind": "standard"}
        )
        return [found[contact] for contact in contacts]

    def test_who_hangs_together_by_a_third_one_is_one_contact(self):
        """The first and second share a phone, the second and third a mail."""
        people = (
            Contact(last_name="A", phones=(PHONE,)),
            Contact(last_name="B", phones=("777 123 123",), emails=("b@example.com",)),
            Contact(last_name="C", emails=("B@example.com",)),
        )
        for order in (people, people[::-1], (people[0], people[2], people[1])):
            with self.subTest(order=[one.name for one in order]):
                with self.cr.savepoint() as savepoint:
                    found = self._find(*order)
                    self.assertEqual(len(set(found)), 1)
                    self.assertEqual(found[0].name, order[0].name)
                    savepoint.rollback()
                self.env.invalidate_all()

    def test_it_is_found_again_by_what_any_of_them_told(self):
        first = Contact(last_name="A", phones=(PHONE,))
        second = Contact(last_name="B", phones=(PHONE,), emails=("b@example.com",))
        contact = self._find(first, second)[0]
        self.assertEqual(
            (contact.phone_sanitized, contact.email), (PHONE, "b@example.com")
        )
        third = Contact(last_name="C", emails=("b@example.com",))
        self.assertEqual(self._find(third), [contact])

    def test_a_known_contact_is_that_of_all(self):
        known = self._create_contact("B", email="b@example.com", phone=False)
        people = (
            Contact(last_name="A", phones=(PHONE,)),
            Contact(last_name="B", phones=(PHONE,), emails=("b@example.com",)),
        )
        self.assertEqual(self._find(*people), [known, known])

    def test_who_shares_nothing_is_somebody_else(self):
        people = (
            Contact(last_name="A", phones=(PHONE,)),
            Contact(last_name="A", emails=("a@example.com",)),
            Contact(last_name="A"),
        )
        self.assertEqual(len(set(self._find(*people))), 3)
