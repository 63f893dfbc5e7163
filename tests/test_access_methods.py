"""What may be called from outside: every public method was reviewed."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.models import MetaModel
from odoo.service.model import call_kw, get_public_method
from odoo.tests import freeze_time

from .access import AccessCase
from .common import NOW
from .databases import MODULE
from .small_world import create_world

# What may be called through RPC, with its arguments. Outsiders are refused...
REFUSED = {
    "crm.lead": {
        "action_answer": [],
        "action_call_outcome": ["busy"],
        "action_claim": [],
        "action_open_search": [],
        "action_explain_reliability": [],
        "action_inform_contacts": [],
        "action_plan_viewing": [],
        "action_send_documentation": [],
    },
    "estate.action.report": {"action_open_record": []},
    "estate.activity.report": {
        "action_correct": [],
        "action_deliver": [],
        "action_print": [],
        "action_refresh": [],
        "action_send": [],
        "action_try_again": [],
    },
    "estate.alert": {"tell_receipt": ["seen"]},
    "estate.contact.duplicate": {"action_compare": [], "action_merge": []},
    "estate.contact.run": {
        "action_open_contacts": [],
        "action_retry": [],
        "action_undo": [],
    },
    "estate.use.contacts": {"action_apply": [], "action_show_missing": []},
    "estate.call.card": {"action_finish": [], "action_keep_open": []},
    "estate.call.figures": {"action_open_funnel": [], "action_open_list": []},
    "estate.caller": {"get_hits": ["Olga"]},
    "estate.call.queue": {"get_plan": ["lead_id", 0], "get_queue": []},
    "estate.contact.hand.over": {"action_apply": []},
    "estate.coverage": {"get_map": []},
    "estate.consent.tell": {"action_record": []},
    "estate.dispatch.replay": {"action_replay": []},
    "estate.erase.contact": {"action_erase": []},
    "estate.funnel.report": {"action_open_lead": []},
    "estate.hand.over": {"action_undo": []},
    "estate.match.write": {"action_send": []},
    "estate.pair": {
        "action_call": [],
        "action_exclude": [],
        "action_include": [],
        "action_interested": [],
        "action_open_search": [],
    },
    "estate.pair.refuse": {"action_refuse": []},
    "estate.search": {
        "action_open_leads": [],
        "action_renew": [],
        "action_stop": [],
        "action_take_over_deeds": [],
    },
    "estate.intake.item": {"action_let_in": []},
    "estate.intake.message": {"action_process": [], "action_replay": []},
    "estate.intake.upload": {"action_store": []},
    "estate.interaction.correct": {"action_apply": []},
    "estate.interaction.log": {"action_log": []},
    "estate.lead.reassign": {"action_apply": []},
    "estate.mandate": {"action_draft_news": []},
    "estate.make.enquiry": {"action_apply": []},
    "estate.onboarding": {"action_apply": []},
    "estate.phase.check": {"action_open_lead": []},
    "estate.my.day": {
        "add_box": ["response"],
        "get_boxes": [],
        "get_screen": [],
        "get_waiting": [],
        "remove_box": ["response"],
        "set_up_box": ["response"],
    },
    "estate.property": {
        "action_checked": [],
        "action_open_board": [],
        "action_open_owner_page": [],
        "action_put_on_market": [],
    },
    "estate.reliability.fact": {"action_correct": []},
    "estate.reliability.why": {"action_print": []},
    "estate.report.campaign": {"action_send": []},
    "estate.report.plan": {"action_open_reports": [], "action_try_again": []},
    "estate.responder": {
        "action_open_answers": [],
        "action_switch_off": [],
        "action_switch_on": [],
    },
    "estate.response.part": {"action_open_lead": []},
    "estate.response.report": {"action_open_lead": []},
    "estate.response.time": {
        "action_export": [],
        "action_open_details": [],
        "action_print": [],
        "action_show": [],
        "action_unfold": [],
    },
    "estate.response.time.line": {"action_open_details": []},
    "estate.steering": {
        "action_open_list": [],
        "action_open_outside": [],
        "action_open_sectors": [],
        "action_subscribe": [],
    },
    "estate.steering.line": {"action_open": []},
    "estate.viewing": {
        "action_cancel": [],
        "action_cancelled_by_agency": [],
        "action_cancelled_by_owner": [],
        "action_cancelled_by_seeker": [],
        "action_carried_out": [],
        "action_done": [],
        "action_invite": [],
        "action_no_show": [],
        "action_open_lead": [],
        "action_print_slip": [],
        "action_report": [],
        "action_reschedule": [],
    },
    "estate.viewing.group": {
        "action_add_seeker": [],
        "action_all_came": [],
        "action_cancel": [],
        "action_invite": [],
    },
    "estate.viewing.outcome": {"action_apply": []},
    "res.partner": {
        "action_explain_reliability": [],
        "action_open_reports": [],
        "needs_associated_lead": [],
    },
}
# ... or get a window to open, which tells nothing and opens on nothing they may see.
HARMLESS = {
    "crm.lead": {"action_make_enquiry"},
    "estate.dispatch.replay": {"action_open_lines"},
    "estate.intake.source": {
        "action_open_inbox",
        "action_open_refused",
        "action_upload",
    },
    "estate.interaction": {"action_correct"},
    "estate.pair": {"action_refuse"},
    "estate.property": {"action_write_to_matches"},
    "res.partner": {
        "action_open_duplicates",
        "action_open_estate_leads",
        "action_open_journal",
        "action_open_searches",
    },
}


@freeze_time(NOW)
class TestPublicMethods(AccessCase):
    """What can be called through RPC was reviewed, and refuses outsiders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = create_world(cls.env, cls.company, cls.agent)
        cls.world["res.partner"] = cls.world["estate.property"].owner_ids
        cls.world["estate.funnel.report"] = cls.env["estate.funnel.report"].browse(
            cls.world["crm.lead"].id
        )
        cls.world["estate.action.report"] = cls.env["estate.action.report"].browse(
            4 * cls.world["estate.interaction"].id + 3
        )
        cls.world["res.partner"].estate_kind = "draft"
        cls.world["estate.phase.check"] = cls.env["estate.phase.check"].browse(
            cls.world["crm.lead"].id
        )
        lead = cls.world["crm.lead"]
        for name, number in (("report", lead.id), ("part", 4 * lead.id)):
            model = cls.env[f"estate.response.{name}"]
            cls.world[model._name] = model.browse(number)
        cls.world["estate.contact.duplicate"] = cls.env["estate.contact.duplicate"]
        cls.world |= cls._create_wizards()

    @classmethod
    def _create_wizards(cls):
        lead, viewing = cls.world["crm.lead"], cls.world["estate.viewing"]
        interaction = cls.world["estate.interaction"]
        outcome = cls.world["estate.call.outcome"]
        vals = {
            "estate.call.card": {"lead_id": lead.id, "outcome_id": outcome.id},
            "estate.contact.hand.over": {
                "partner_ids": [Command.set(cls.world["res.partner"].ids)],
                "user_id": cls.agent.id,
            },
            "estate.dispatch.replay": {"rule_id": cls.rules["first_call"].id},
            "estate.call.figures": {},
            "estate.erase.contact": {
                "partner_id": cls.world["res.partner"].id,
                "reason": "Asked by mail",
            },
            "estate.intake.upload": {
                "source_id": cls.world["estate.intake.source"].id,
                "content": b"PG5vLz4=",
            },
            "estate.interaction.correct": {
                "interaction_id": interaction.id,
                "reason": "A typo",
            },
            "estate.interaction.log": {
                "lead_id": lead.id,
                "type_id": interaction.type_id.id,
            },
            "estate.lead.reassign": {
                "lead_ids": lead.ids,
                "user_id": cls.agent.id,
            },
            "estate.make.enquiry": {"lead_role": "seeker"},
            "estate.match.write": {"property_id": cls.world["estate.property"].id},
            "estate.onboarding": {},
            "estate.pair.refuse": {
                "pair_ids": cls.world["estate.pair"].ids,
                "reason_id": cls.world["estate.refusal.reason"].id,
            },
            "estate.response.time": {},
            "estate.steering": {},
            "estate.use.contacts": {},
            "estate.report.campaign": {
                "partner_ids": cls.world["res.partner"].ids,
                "subject": "Spring",
                "body": "<p>Greetings</p>",
            },
            "estate.viewing.outcome": {"viewing_id": viewing.id, "state": "done"},
        }
        vals["estate.consent.tell"] = {
            "partner_id": cls.world["res.partner"].id,
            "state": "given",
            "source": "On the phone",
        }
        vals["estate.reliability.why"] = {"partner_id": cls.world["res.partner"].id}
        wizards = {
            name: cls.env[name].with_user(cls.director).create(values)
            for name, values in vals.items()
        }
        why = wizards["estate.reliability.why"]
        wizards["estate.reliability.fact"] = cls.env["estate.reliability.fact"].create(
            {"why_id": why.id, "interaction_id": interaction.id}
        )
        report = wizards["estate.response.time"]
        line = cls.env["estate.response.time.line"].create({"report_id": report.id})
        board = wizards["estate.steering"]
        of_board = cls.env["estate.steering.line"].create({"steering_id": board.id})
        return {**wizards, line._name: line, of_board._name: of_board}

    def _get_public_methods(self):
        """Return (model, method) for each public method that is new with us."""
        found = set()
        for definition in MetaModel._module_to_models__[MODULE]:
            names = [definition._name]
            if definition._abstract:
                names = [
                    name
                    for name, model in self.registry.items()
                    if definition in model.__mro__
                    and (not model._abstract or model._original_module == MODULE)
                    and ".mixin" not in name
                ]
            found |= {
                (name, method)
                for name in names
                for method, value in vars(definition).items()
                if callable(value) and self._is_new_door(self.env[name], method)
            }
        return found

    def _is_new_door(self, model, method):
        """Return if RPC may call a method that no other module has on this model."""
        if method.startswith("_"):
            return False
        others = [c for c in type(model).__mro__ if getattr(c, "_module", "") != MODULE]
        if any(method in vars(other) for other in others if other is not type(model)):
            return False
        try:
            return bool(get_public_method(model, method))
        except (AttributeError, AccessError):
            return False

    def test_every_public_method_was_reviewed(self):
        reviewed = {
            (model, method) for model, methods in REFUSED.items() for method in methods
        }
        reviewed |= {
            (model, method) for model, names in HARMLESS.items() for method in names
        }
        self.assertEqual(self._get_public_methods(), reviewed)

    def _call(self, model, method, arguments, role):
        """Call a method as RPC does, on the record of the small world."""
        lead = self.world["crm.lead"]
        arguments = [lead.id if value == "lead_id" else value for value in arguments]
        record = self.world.get(model)
        mine = self.env[model].with_user(self.people[role])
        ids = [] if record is None else [record.ids]
        return call_kw(mine, method, [*ids, *arguments], {})

    def test_outsiders_are_refused(self):
        for model, methods in REFUSED.items():
            for method, arguments in methods.items():
                for role in ("portal", "none", "sales"):
                    attempt = {"model": model, "method": method, "role": role}
                    with self.subTest(**attempt), self.assertRaises(AccessError):
                        self._call(model, method, arguments, role)

    def test_harmless_methods_return_a_window_to_everybody(self):
        for model, methods in HARMLESS.items():
            for method in methods:
                with self.subTest(model=model, method=method):
                    action = self._call(model, method, [], "none")
                    self.assertIn("type", action)
