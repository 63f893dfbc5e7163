"""Who may open a lead can work it; who is outside sees what he saw before."""

from odoo.exceptions import AccessError
from odoo.fields import Command, Datetime
from odoo.tests import Form, freeze_time

from .access import AccessCase
from .common import NOW


@freeze_time(NOW)
class TestWorkOnLeads(AccessCase):
    """An agent without any level, and the contacts of his leads."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.loner = cls._create_user(
            "loner", "group_agent", cls.office, levels=("none", "none")
        )
        cls.other = cls._create_user("other", "group_agent")
        cls.mine = cls._create_seeker_lead(user_id=cls.loner.id)
        cls.free = cls._create_seeker_lead()
        cls.free.user_id = False
        cls.theirs = cls._create_seeker_lead(user_id=cls.other.id)

    def _work(self, lead):
        """Do all that an agent does with a lead and its contact."""
        lead = lead.with_user(self.loner)
        contact = lead.partner_id
        self.env.invalidate_all()
        lead._message_get_suggested_recipients()
        lead.message_post(body="Good day", partner_ids=contact.ids)
        lead.message_subscribe(contact.ids)
        lead.message_follower_ids.mapped("display_name")
        lead.web_read(
            {"partner_id": {"fields": {"phone": {}, "email": {}, "display_name": {}}}}
        )
        with Form(lead) as form:
            form.phone = "+420 777 999 001"
        self.assertEqual(contact.phone, "+420 777 999 001")
        lead.activity_schedule("mail.mail_activity_data_call", user_id=self.loner.id)
        meeting = (
            self.env["calendar.event"]
            .with_user(self.loner)
            .with_context(default_opportunity_id=lead.id)
            .create(
                {
                    "name": "At the notary",
                    "start": "2036-03-04 10:00:00",
                    "stop": "2036-03-04 11:00:00",
                    "partner_ids": [Command.link(contact.id)],
                }
            )
        )
        self.assertIn(contact, meeting.attendee_ids.partner_id)
        self._log(lead, "letter", user=self.loner, summary="Sent")
        self.assertTrue(contact.interaction_ids)

    def test_who_has_a_lead_always_can_work_it(self):
        """M87: chatter, followers, meeting and phone of one's own leads."""
        self._work(self.mine)
        self.mine.active = False
        contact = self.mine.partner_id.with_user(self.loner)
        self.assertTrue(contact.has_access("write"))

    def test_who_finds_a_free_lead_can_work_it(self):
        self._work(self.free)

    def test_contacts_of_leads_of_others_are_neither_read_nor_written_to(self):
        contact = self.theirs.partner_id.with_user(self.loner)
        self.assertFalse(contact.has_access("read"))
        with self.assertRaises(AccessError):
            contact.message_post(body="Good day")
        with self.assertRaises(AccessError):
            contact.read(["phone"])
        self.assertFalse(
            contact.search([("estate_lead_ids", "in", self.theirs.sudo().ids)])
        )

    def test_a_lead_given_to_somebody_takes_its_contact_along_at_once(self):
        contact = self.theirs.partner_id.with_user(self.loner)
        self.assertFalse(contact.has_access("read"))
        self.theirs.user_id = self.loner
        self.assertTrue(contact.has_access("read"))

    def test_agencies_are_seen_by_all_who_work_with_clients(self):
        """M86: a broker without a level sees them, an operator without one does not."""
        agency = self._create_contact("Other agency", estate_kind="agency")
        client = self._create_contact("Client of nobody")
        person = self._create_contact("Their broker", parent_id=agency.id)
        operator = self._create_user(
            "rings-only", "group_operator", levels=("none", "none")
        )
        for user, sees in ((self.loner, True), (operator, False)):
            for contact in (agency, person):
                mine = contact.with_user(user)
                with self.subTest(user=user.name, contact=contact.name):
                    self.assertEqual(mine.has_access("read"), sees)
                    found = mine.search([("id", "=", contact.id)])
                    self.assertEqual(bool(found), sees)
        self.assertFalse(client.with_user(self.loner).has_access("read"))

    def test_persons_of_a_visible_company_are_visible(self):
        firm = self._create_contact("Firm", is_company=True, user_id=self.loner.id)
        person = self._create_contact("Person", parent_id=firm.id)
        lonely = self._create_contact("Other person")
        contacts = (firm | person | lonely).with_user(self.loner)
        among = [("id", "in", contacts.ids)]
        self.assertEqual(contacts.search(among), contacts[:2])
        self.assertEqual(
            contacts.search(among, limit=80), contacts[:2].sorted("complete_name")
        )

    def test_persons_are_visible_with_those_one_works_with_above_them(self):
        """M87: for leads, viewings, mandates, properties; alone and in a list."""
        for levels in (("own", "none"), ("company", "none"), ("none", "company")):
            user = self._create_user("-".join(levels), "group_agent", levels=levels)
            firms = self._create_firms_of(user)
            persons = {
                way: self._create_contact(f"Person {way}", parent_id=firm.id).id
                for way, firm in firms.items()
            }
            mine = self.env["res.partner"].with_user(user)
            listed = mine.search([("estate_kind", "!=", False)], limit=80).ids
            hidden = {"nothing"} | ({"property"} if levels[0] == "none" else set())
            for way, person in persons.items():
                with self.subTest(levels=levels, way=way):
                    seen = mine.browse(person).has_access("read")
                    self.assertEqual((seen, person in listed), (way not in hidden,) * 2)

    def _create_firms_of(self, user):
        """Return contacts with whom `user` works, by the way he does."""
        ways = ("lead", "viewing", "mandate", "property", "nothing")
        firms = {way: self._create_contact(f"Firm {way}") for way in ways}
        self._create_seeker_lead(partner=firms["lead"], user_id=user.id)
        prop = self._create_property(owner_ids=firms["mandate"], agent_id=self.other.id)
        self.env["estate.mandate"].create(
            {"property_id": prop.id, "agent_id": user.id, "date_start": NOW.date()}
        )
        self._create_property(owner_ids=firms["property"], agent_id=user.id)
        self.env["estate.viewing"].create(
            {
                "partner_id": firms["viewing"].id,
                "property_id": prop.id,
                "start": Datetime.add(NOW, years=10),
                "agent_id": user.id,
            }
        )
        return firms

    def test_outsiders_see_what_odoo_shows_them(self):
        """Allowed twin: no level is asked of who has no role of ours."""
        contact = self.theirs.partner_id
        for role in ("none", "sales"):
            self.assertTrue(self._may(contact, "read", role))
            found = contact.with_user(self.people[role]).name_search(contact.name)
            self.assertIn(contact.id, [id_ for id_, _name in found])
        portal = self.people["portal"]
        self.assertFalse(self._may(contact, "read", "portal"))
        self.assertTrue(self._may(portal.partner_id, "read", "portal"))

    def test_the_door_to_all_contacts_is_shown_from_a_level_on(self):
        """M87: no level at all, no menu and no button."""
        menu = self.env.ref("crm_real_estate.estate_menu_contact")
        for levels, shown in ((("none", "none"), False), (("none", "own"), True)):
            user = self._create_user("-".join(levels), "group_agent", levels=levels)
            with self.subTest(levels=levels):
                visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
                self.assertEqual(menu.id in visible, shown)
