"""The sources of the module, as the architecture test reads them: text, never run."""

import ast
from functools import cache
from pathlib import Path

from odoo.modules import get_module_path

MODULE = "crm_real_estate"
ROOMS = (
    "party",
    "property",
    "journal",
    "enquiry",
    "call",
    "measure",
    "matching",
    "dispatch",
    "outreach",
)
# Files of models/ that lie below all rooms.
GROUND = {"ledger", "ledger_chain", "groups", "inner", "lock", "__init__"}
# Where programs may stand that have no room of their own.
PROGRAMS = ("models", "wizards", "report", "controllers", "tools")


@cache
def get_root():
    return Path(get_module_path(MODULE))


@cache
def find_files(*folders, kinds=(".py",)):
    """Return the files of the module, or of some of its folders, as relative paths."""
    found = []
    for start in [get_root() / folder for folder in folders] or [get_root()]:
        for path in sorted(start.rglob("*")):
            parts = path.relative_to(get_root()).parts
            hidden = any(
                part.startswith(".") or part == "node_modules" for part in parts
            )
            if path.suffix in kinds and not hidden and path.is_file():
                found.append(path.relative_to(get_root()))
    return tuple(found)


@cache
def read(path):
    return (get_root() / path).read_text(encoding="utf-8")


@cache
def parse(path):
    return ast.parse(read(path))


def get_room(path):
    """Return the room a file stands in, None for hosts, edges and what lies below."""
    parts = path.parts
    return parts[1] if parts[0] == "models" and len(parts) > 2 else None


def get_docstrings(tree):
    """Return the ids of constants that are docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    bodies = (node.body for node in ast.walk(tree) if isinstance(node, documented))
    return {
        id(body[0].value)
        for body in bodies
        if body
        and isinstance(body[0], ast.Expr)
        and isinstance(body[0].value, ast.Constant)
    }


def get_literals(path):
    """Yield (line, text) of the string literals of a file, docstrings left out."""
    docstrings = get_docstrings(parse(path))
    for node in ast.walk(parse(path)):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in docstrings:
            yield node.lineno, node.value


def get_imports(path):
    """Yield (line, absolute dotted name) of the imports of a file."""
    package = [*path.parts[:-1]]
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            start = [*base, *filter(None, [node.module])]
            yield from (
                (node.lineno, ".".join([*start, alias.name])) for alias in node.names
            )


class Model:
    """A class of models as its source tells it."""

    def __init__(self, path, node):
        self.path, self.node, self.line = path, node, node.lineno
        assigned = {
            target.id: statement.value
            for statement in node.body
            if isinstance(statement, ast.Assign)
            for target in statement.targets
            if isinstance(target, ast.Name)
        }
        self.own_name = self._read(assigned.get("_name"))
        self.inherits = self._read(assigned.get("_inherit")) or []
        if isinstance(self.inherits, str):
            self.inherits = [self.inherits]
        self.name = self.own_name or (self.inherits[0] if self.inherits else None)
        self.is_described = "_description" in assigned
        self.kind = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
        self.functions = [
            item for item in node.body if isinstance(item, ast.FunctionDef)
        ]

    @staticmethod
    def _read(value):
        return ast.literal_eval(value) if value is not None else None

    @property
    def is_ours(self):
        return bool(self.name) and self.name.startswith(
            ("estate.", f"report.{MODULE}.")
        )

    @property
    def is_definition(self):
        return (
            self.is_ours and bool(self.own_name) and self.own_name not in self.inherits
        )

    @property
    def is_host(self):
        return not self.is_ours and self.path.parent == Path("models")


@cache
def find_models():
    """Return all classes of models of the module."""
    return tuple(
        model
        for path in find_files(*PROGRAMS)
        for node in ast.walk(parse(path))
        if isinstance(node, ast.ClassDef)
        and (model := Model(path, node)).name
        and model.kind & {"Model", "AbstractModel", "TransientModel"}
    )


@cache
def get_names(room):
    """Return the names of fields and methods that a room defines; None: the ground."""
    names = set()
    for model in find_models():
        if get_room(model.path) != room or model.is_host:
            continue
        names |= {function.name for function in model.functions}
        for item in model.node.body:
            if isinstance(item, ast.Assign) and isinstance(item.value, ast.Call):
                names |= {t.id for t in item.targets if isinstance(t, ast.Name)}
    return names
