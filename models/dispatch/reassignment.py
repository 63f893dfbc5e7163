"""A lead given to somebody else by hand: its task follows, the journal tells it."""

from .. import inner


class Reassignment:
    """The change of people that one write of leads causes.

    The distribution tells of its own work by decisions; it is left out here.
    """

    def __init__(self, leads, vals):
        """Remember who is responsible before leads are written.

        :param leads: estate leads, with user and context of the write
        :param dict vals: values of the write
        """
        is_meant = {"user_id", "team_id"} & set(vals)
        if not is_meant or inner.hear(leads.env, "dispatching"):
            leads = leads.browse()
        # sudo: crm.lead - the write may give the leads away
        self._leads = leads.sudo()
        self._before = {lead.id: (lead.user_id, lead.team_id) for lead in self._leads}

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind or not self._leads:
            return
        before = self._before
        changed = self._leads.exists().filtered(
            lambda lead: before[lead.id] != (lead.user_id, lead.team_id)
        )
        self._tell(changed.filtered("is_routed"))
        given = changed.filtered(lambda lead: before[lead.id][0] != lead.user_id)
        if given:
            given._follow_responsible({id_: b[0] for id_, b in before.items()})

    def _tell(self, leads):
        """Write to the journal who gave routed leads to whom."""
        leads.env["estate.interaction"]._write_journal(
            [
                {
                    "type": "reassigned",
                    "lead_id": lead.id,
                    "user_id": lead.env.uid,
                    "summary": lead.env._(
                        "From %(old)s to %(new)s",
                        old=self._name_of(*self._before[lead.id]),
                        new=self._name_of(lead.user_id, lead.team_id),
                    ),
                    "internal_note": inner.hear(lead.env, "reassign_reason"),
                }
                for lead in leads
            ]
        )

    def _name_of(self, user, team):
        name = user.name or user.env._("nobody")
        return f"{name} ({team.name})" if team else name
