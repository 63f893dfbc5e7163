"""Who works with the real estate business, as `groups` of fields writes it."""

MEMBERS = "crm_real_estate.group_operator,crm_real_estate.group_agent"
