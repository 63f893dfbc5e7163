"""An agency of two companies with contacts of every kind, and the doors to them."""

from functools import partial

from odoo.exceptions import AccessError
from odoo.fields import Command, Datetime

from odoo.addons.http_routing.tests.common import MockRequest
from odoo.addons.portal.controllers.mail import MailController
from odoo.addons.portal.controllers.portal_thread import PortalChatter

from ..controllers.owner_page import OwnerPageController
from .common import NOW, EstateCase

# Whom of its own side a level sees, by who works with him; of the other side nobody.
SEEN = {
    "none": set(),
    "own": {"own"},
    "office": {"own", "office"},
    "company": {"own", "office", "company"},
}
PLACES = dict.fromkeys(("offer", "demand"), ("own", "office", "company"))
# Whom an agent sees at every level.
ALWAYS = {
    "agency": "another agency",
    "created": "made by himself, on no side yet",
    "free": "has a lead that nobody has",
    "lead": "has an archived lead of his",
    "no kind": "is no contact of the business",
    "responsible": "is his",
    "viewing": "was shown something by him",
}
# Whom only he sees who sees all of both sides.
UNPLACED = "unplaced"
PEOPLE = [
    *(f"{side} {place}" for side, places in PLACES.items() for place in places),
    *("offer foreign", "demand foreign", UNPLACED, *ALWAYS),
]


def get_expected(offer, demand, more=()):
    """Return the names of those whom an agent of these levels sees.

    :param more: what the level of the company sees beside its own places
    """
    seen = set(ALWAYS)
    for side, level in (("offer", offer), ("demand", demand)):
        seen |= {f"{side} {place}" for place in PLACES[side] if place in SEEN[level]}
        seen |= {f"{side} {place}" for place in more if level == "company"}
    return seen | ({UNPLACED} if offer == demand == "company" else set())


class VisibilityCase(EstateCase):
    """Contacts that differ by who works with them, and an agent of each level.

    `cls.contacts` is name -> contact, `cls.watchers` is (offer, demand) -> user. What a
    watcher has to have of his own is made by `_create_own`.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Agency Brno"})
        cls.env.user.company_ids |= cls.other_company
        cls.both = cls.company | cls.other_company
        cls.brno = cls._create_team("Office Brno")
        cls.stranger = cls._create_user("stranger", "group_agent", cls.brno)
        cls.contacts = {name: cls._create_contact(name.capitalize()) for name in PEOPLE}
        cls.contacts["agency"].estate_kind = "agency"
        cls.contacts["no kind"].estate_kind = False
        cls._create_business("office", cls.second_agent, cls.office)
        cls._create_business("company", cls.stranger, cls.brno)
        cls._create_business("foreign", cls.env.user, None, cls.other_company)
        # The distribution gives a new lead away at once.
        cls._create_lead("free", None, None).user_id = False
        levels = [*((level, "none") for level in SEEN), ("company", "company")]
        levels += [("none", level) for level in SEEN if level != "none"]
        cls.watchers = {pair: cls._create_watcher(pair) for pair in levels}
        cls.env.flush_all()

    @classmethod
    def _create_business(cls, place, user, team, company=None):
        """An owner's property and a seeker's lead at a place."""
        cls._create_house(f"offer {place}", user, team, company)
        cls._create_lead(f"demand {place}", user, team, company)

    @classmethod
    def _create_house(cls, name, user, team, company=None):
        return cls.env["estate.property"].create(
            {
                "name": "House",
                "deal_type": "sale",
                "company_id": (company or cls.company).id,
                "owner_ids": [Command.set(cls.contacts[name].ids)],
                "agent_id": user.id,
                "team_id": team and team.id,
            }
        )

    @classmethod
    def _create_search(cls, name, user):
        cls.env["estate.search"].create(
            {
                "partner_id": cls.contacts[name].id,
                "agent_id": user.id,
                "company_id": cls.company.id,
            }
        )

    @classmethod
    def _create_lead(cls, name, user, team, company=None, **values):
        return cls.env["crm.lead"].create(
            {
                "name": "Enquiry",
                "lead_role": "seeker",
                "deal_type": "sale",
                "company_id": (company or cls.company).id,
                "partner_id": cls.contacts[name].id,
                "user_id": user and user.id,
                "team_id": team and team.id,
                **values,
            }
        )

    @classmethod
    def _create_watcher(cls, levels):
        """An agent of both companies, with whom it all begins anew."""
        user = cls._create_user(
            "-".join(levels),
            "group_agent",
            cls.office,
            levels=levels,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.both.ids)],
        )
        user.group_ids += cls.env.ref("base.group_allow_export")
        cls._create_own(user)
        return user

    @classmethod
    def _create_own(cls, user):
        """What makes contacts `user`'s own; those of the others stay theirs."""
        cls._create_house("offer own", user, cls.brno)
        cls._create_search("demand own", user)
        cls._create_lead("lead", user, cls.brno).active = False
        # Nobody is responsible for the enquiry of who was shown something.
        prop = cls._create_house("offer company", cls.stranger, cls.brno)
        cls.env["estate.viewing"].create(
            {
                "partner_id": cls.contacts["viewing"].id,
                "property_id": prop.id,
                "start": Datetime.add(NOW, years=10),
                "agent_id": user.id,
            }
        )

    def _take_over(self, user):
        """Make `user` responsible for one contact and the creator of another."""
        self.contacts["responsible"].user_id = user
        # Raw SQL: nobody can say who made a record.
        self.env.cr.execute(
            "UPDATE res_partner SET create_uid = %s WHERE id = %s",
            [user.id, self.contacts["created"].id],
        )
        self.env.invalidate_all()

    def _get_names(self, contacts):
        return {name for name, contact in self.contacts.items() if contact in contacts}

    # === DOORS: each returns which of `contacts` come out of it ===

    def _through_search(self, contacts):
        return contacts.search([("id", "in", contacts.ids)])

    def _through_list(self, contacts):
        found = contacts.web_search_read(
            [("estate_kind", "!=", False)], {"name": {}}, limit=80, count_limit=10001
        )
        kinds = contacts.browse(row["id"] for row in found["records"])
        everybody = contacts.web_search_read([], {"name": {}}, limit=5000)
        found = contacts.browse(row["id"] for row in everybody["records"])
        no_kind = contacts.browse(self.contacts["no kind"].id)
        self.assertEqual((kinds | no_kind) & contacts, found & contacts)
        return found & contacts

    def _through_count(self, contacts):
        return contacts.browse(
            contact.id
            for contact in contacts
            if contacts.search_count([("name", "=", contact.sudo().name)])
        )

    def _through_name_search(self, contacts):
        found = {
            id_
            for name in self.contacts
            for id_, _name in contacts.name_search(name, operator="ilike", limit=None)
        }
        return contacts.browse(sorted(found)) & contacts

    def _through_grouping(self, contacts):
        groups = contacts.formatted_read_group(
            [("id", "in", contacts.ids)], ["name"], ["__count"]
        )
        found = {group["name"].casefold() for group in groups}
        return contacts.browse().union(
            *(self.contacts[name] for name in self.contacts if name in found)
        )

    def _one_by_one(self, contacts, read):
        """Return those that `read` does not refuse."""
        found = contacts.browse()
        for contact in contacts:
            try:
                if read(contact):
                    found |= contact
            except AccessError:
                continue
        return found

    def _through_read(self, contacts):
        contacts.invalidate_recordset()
        return self._one_by_one(contacts, lambda contact: contact.read(["phone"]))

    def _through_web_read(self, contacts):
        contacts.invalidate_recordset()
        return self._one_by_one(
            contacts, lambda contact: contact.web_read({"email": {}})
        )

    def _through_export(self, contacts):
        contacts.invalidate_recordset()
        return self._one_by_one(
            contacts, lambda contact: contact.export_data(["name", "phone"])["datas"]
        )

    def _through_writing(self, contacts):
        return self._one_by_one(
            contacts, lambda contact: contact.write({"comment": "Seen"})
        )

    def _through_posting(self, contacts):
        return self._one_by_one(
            contacts, lambda contact: contact.message_post(body="Hello")
        )

    def _through_messages(self, contacts):
        messages = contacts.env["mail.message"]
        found = messages.search(
            [("model", "=", "res.partner"), ("res_id", "in", contacts.ids)]
        )
        return contacts.browse(found.mapped("res_id"))

    def _through(self, model, contacts, name="partner_id"):
        rows = contacts.env[model].with_context(active_test=False)
        return rows.search([(name, "in", contacts.ids)]).mapped(name).sudo(False)

    def _through_journal(self, contacts):
        return self._through("estate.interaction", contacts)

    def _through_consents(self, contacts):
        return self._through("estate.consent", contacts)

    def _through_meetings(self, contacts):
        events = contacts.env["calendar.event"].search(
            [("name", "=", "A meeting with a contact")]
        )
        self.assertEqual(len(events), len(contacts), "everybody sees the meetings")
        for event in events:
            # What Odoo tells of contacts that are not ours it goes on telling.
            if event.sudo().partner_ids.filtered("estate_kind"):
                self.assertNotRegex(event.description or "", r"contact\d|777")
        self.env.invalidate_all()
        rows = events.web_read(
            {"attendee_ids": {"fields": {"email": {}}}, "partner_ids": {"fields": {}}}
        )
        guests = {row["id"] for event in rows for row in event["partner_ids"]}
        mails = {row["email"] for event in rows for row in event["attendee_ids"]}
        told = contacts.sudo().filtered(lambda contact: contact.email in mails)
        self.assertEqual(set(told.ids), guests & set(contacts.ids))
        return told.sudo(False)

    def _through_portal(self, contacts):
        """All addresses of the portal that take the number of a record.

        Each is asked by its controller, as the user of `contacts`.
        """
        env = contacts.env
        ticked = {"cids": "-".join(map(str, env.companies.ids))}
        ways = (_open_document, _open_chatter, _open_link, _open_picture)
        with MockRequest(env, context=env.context, cookies=ticked) as asked:
            asked.session.uid = env.uid
            found = [self._one_by_one(contacts, partial(way, asked)) for way in ways]
            told = self._open_what_tells_of(contacts, asked)
            self.assertFalse(OwnerPageController()._get_own_properties())
        for way, seen in zip(ways, found, strict=True):
            self.assertEqual(seen, found[0], way.__name__)
        self.assertLessEqual(set(told.ids), set(found[0].ids))
        return found[0]

    def _open_what_tells_of(self, contacts, request):
        """Return those of whom a lead or an invitation tells that a page gives."""
        told = contacts.browse()
        for model in ("crm.lead", "calendar.attendee"):
            # sudo: crm.lead, calendar.attendee - safe, a test knows what to ask for
            every = contacts.env[model].sudo().with_context(active_test=False)
            rows = every.search([("partner_id", "in", contacts.ids)])
            mine = rows.with_env(contacts.env)
            given = self._one_by_one(mine, partial(_open_document, request))
            told |= (rows & given).partner_id
        return told

    def _tell(self):
        """Have everything happen to each contact that tells of one."""
        contacts = self.env["res.partner"].union(*self.contacts.values())
        self.director.company_ids = self.both
        calendar = self.env(
            user=self.director.id,
            context={**self.env.context, "allowed_company_ids": self.both.ids},
        )["calendar.event"]
        for contact in contacts:
            contact.message_post(body="A word")
            calendar.create(
                {
                    "name": "A meeting with a contact",
                    "start": "2036-03-04 10:00:00",
                    "stop": "2036-03-04 11:00:00",
                    "partner_ids": [Command.set(contact.ids)],
                }
            )
        self.env["estate.interaction"]._write_journal(
            [
                {"type": "note", "partner_id": contact.id, "summary": "Called"}
                for contact in contacts
            ]
        )
        contacts._record_consent("given", "test", ("email",))
        return contacts


# === ADDRESSES OF THE PORTAL: each returns nothing or refuses, or gives a record ===


def _open_document(_request, record):
    """What every page below /my asks."""
    return OwnerPageController()._document_check_access(record._name, record.id)


def _open_chatter(_request, record):
    """What the chatter of a page asks."""
    return PortalChatter._get_thread_with_access(record._name, record.id)


def _open_link(_request, record):
    """Where the links of mails lead: to the record, or to the user's own messages."""
    answer = MailController._redirect_to_record(record._name, record.id)
    return f"/{record.id}" in answer.location


def _open_picture(request, record):
    """The picture of a record."""
    return request.env["ir.binary"]._find_record(
        res_model=record._name, res_id=record.id, field="avatar_128"
    )
