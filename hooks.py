"""What happens before and after the module enters or leaves a database."""

import logging

import psycopg2

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.models import MetaModel
from odoo.tools import SQL, sql

MODULE = "crm_real_estate"

_logger = logging.getLogger(__name__)

# === BEFORE INSTALLATION ===


def pre_init_hook(env):
    """Refuse politely what cannot work, and prepare the tables of others."""
    _check_no_model_is_taken(env)
    _create_trigram_extension(env)
    for table, field in _iter_added_columns(env):
        _add_column(env, table, field)


def _check_no_model_is_taken(env):
    """Refuse when another add-on already has a model that we would define.

    :raises UserError: names the model and the add-on
    """
    for definition in MetaModel._module_to_models__[MODULE]:
        name = definition._name
        if name in env and name not in definition._inherit:
            raise UserError(
                env._(
                    "The add-on %(addon)s already brings a model %(model)s. Uninstall "
                    "it first, or install Real Estate CRM into another database.",
                    addon=env[name]._original_module,
                    model=name,
                )
            )


def _create_trigram_extension(env):
    # Raw SQL: pg_trgm makes parts of names searchable; a database without the right to
    # create it works, only slower, so a refusal is no obstacle.
    try:
        with env.cr.savepoint(flush=False):
            env.cr.execute(
                "CREATE EXTENSION IF NOT EXISTS pg_trgm", log_exceptions=False
            )
    except psycopg2.Error as error:
        _logger.info("Searching by parts of names will be slower: %s", error)


def _iter_added_columns(env):
    """Yield (table, field) for each column that we add to a table of others."""
    definitions = MetaModel._module_to_models__[MODULE]
    for host in definitions:
        model = env.get(host._name)
        if model is None or not model._auto or model._transient:
            continue
        for part in _iter_parts(env, host, definitions):
            for field in part._field_definitions:
                if (
                    field.store
                    and field.column_type
                    and field.name not in model._fields
                ):
                    yield model._table, field


def _iter_parts(env, definition, definitions):
    """Yield a class of ours and those of our mixins that it inherits from."""
    yield definition
    for other in definitions:
        inherited = (
            other._name in definition._inherit and other._name != definition._name
        )
        if inherited and other._name not in env:
            yield from _iter_parts(env, other, definitions)


def _add_column(env, table, field):
    """Add the column of a field where the ORM would write every existing row.

    It computes a new stored field for all of them, and fills in a default by an UPDATE
    of the whole table; our fields mean nothing to rows of others.
    """
    default = (field._args__ or {}).get("default")
    if sql.column_exists(env.cr, table, field.name):
        return
    if field.compute:
        sql.create_column(env.cr, table, field.name, field.column_type[1])
    elif default is not None and not callable(default):
        # Raw SQL: with a constant default PostgreSQL adds a column and touches no row.
        env.cr.execute(
            SQL(
                """
                ALTER TABLE %(table)s
                    ADD COLUMN %(column)s %(type)s DEFAULT %(default)s;
                ALTER TABLE %(table)s ALTER COLUMN %(column)s DROP DEFAULT
                """,
                table=SQL.identifier(table),
                column=SQL.identifier(field.name),
                type=SQL(field.column_type[1]),
                default=default,
            )
        )


# === AFTER INSTALLATION ===


def post_init_hook(env):
    """Give our groups to the installing administrator alone."""
    administrator = _get_installing_administrator(env)
    # On the side of the group: no user is written, none gets another write date.
    env.ref(f"{MODULE}.group_settings").user_ids = [Command.link(administrator.id)]


def _get_installing_administrator(env):
    """Return who pressed Install; on a command line nobody did: then the first one."""
    module = env["ir.module.module"]._get(MODULE)
    administrators = env.ref("base.group_system").all_user_ids.filtered("active")
    first = env.ref("base.user_admin", raise_if_not_found=False) or administrators
    return (
        module.write_uid & administrators or first & administrators or administrators
    )[:1]
