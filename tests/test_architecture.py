"""Guards the house: who may know whom, and what stands where."""

import ast
import csv
import re
from collections import defaultdict
from pathlib import Path

from odoo.tests import TransactionCase, tagged

from .architecture import ArchitectureCase, describe
from .sources import (
    GROUND,
    MODULE,
    ROOMS,
    find_files,
    find_models,
    get_imports,
    get_literals,
    get_names,
    get_room,
    get_root,
    parse,
    read,
)

MOST_LINES = 400


class OrderOfTheRooms(ArchitectureCase):
    def test_every_folder_of_models_is_a_room(self):
        folders = {get_room(path) for path in find_files("models")} - {None}
        self.assertLessEqual(folders, set(ROOMS))

    def test_rooms_are_loaded_in_their_order(self):
        loaded = [
            alias.name
            for node in parse(Path("models/__init__.py")).body
            for alias in node.names
            if alias.name in ROOMS
        ]
        self.assertEqual(loaded, [room for room in ROOMS if room in loaded])

    def test_no_room_names_a_model_of_a_later_one(self):
        place = {
            model.name: get_room(model.path)
            for model in find_models()
            if model.is_definition and get_room(model.path)
        }
        self.assertNone(
            (path, line, f"{get_room(path)} names {text} of {place[text]}")
            for path in find_files("models")
            if get_room(path)
            for line, text in get_literals(path)
            if text in place and ROOMS.index(place[text]) > ROOMS.index(get_room(path))
        )

    def test_no_room_imports_a_later_one_a_host_or_an_edge(self):
        edges = ("wizards", "report", "controllers")
        hosts = {
            f"models.{path.stem}" for path in find_files("models") if not get_room(path)
        }
        hosts -= {f"models.{name}" for name in GROUND}
        violations = []
        for path in find_files("models"):
            room = get_room(path)
            later = (
                tuple(f"models.{name}." for name in ROOMS[ROOMS.index(room) + 1 :])
                if room
                else ()
            )
            for line, name in get_imports(path):
                outside = name.startswith((*later, *(f"{edge}." for edge in edges)))
                if room and (outside or name.rpartition(".")[0] in hosts):
                    violations.append((path, line, f"{room} imports {name}"))
        self.assertNone(violations)

    def test_what_lies_below_the_rooms_names_none_of_their_models(self):
        ground = [path for path in find_files("models") if path.parent.name == "models"]
        ground = [path for path in ground if path.stem in GROUND]
        in_rooms = {model.name for model in find_models() if get_room(model.path)}
        self.assertNone(
            (path, line, f"the ground names {text}")
            for path in ground
            for line, text in get_literals(path)
            if text in in_rooms
        )


class Hosts(ArchitectureCase):
    def test_a_foreign_model_is_extended_by_one_class_in_the_file_of_its_name(self):
        places = defaultdict(list)
        for model in find_models():
            if not model.is_ours:
                places[model.name].append(model)
        violations = []
        for name, models in places.items():
            own_file = name.replace(".", "_")
            for model in models:
                if not model.is_host or not own_file.startswith(model.path.stem):
                    violations.append((model.path, model.line, f"extends {name} here"))
            if len(models) > 1:
                violations.append(
                    (models[0].path, models[0].line, f"{name} has {len(models)}")
                )
        self.assertNone(violations)

    def test_a_host_names_its_mixins_before_the_core_the_latest_room_first(self):
        room_of = {m.name: get_room(m.path) for m in find_models() if m.is_definition}
        violations = []
        for model in find_models():
            if not model.is_host:
                continue
            *mixins, core = model.inherits
            rooms = [ROOMS.index(room_of[name]) for name in mixins if room_of.get(name)]
            if core != model.name or rooms != sorted(rooms, reverse=True):
                violations.append(
                    (model.path, model.line, f"order of {model.inherits}")
                )
        self.assertNone(violations)

    def test_rooms_extend_only_models_of_ours(self):
        self.assertNone(
            (model.path, model.line, f"{model.name} is extended outside of its host")
            for model in find_models()
            if get_room(model.path) and not model.is_ours
        )


@tagged("post_install", "-at_install", "crm_real_estate")
class HouseInTheRegistry(TransactionCase):
    """What only the loaded models tell."""

    def test_overrides_of_a_host_come_first_then_its_mixins_then_the_core(self):
        for model in find_models():
            if not model.is_host:
                continue
            classes = type(self.env[model.name]).__mro__
            host = f"odoo.addons.{MODULE}.models.{model.path.stem}"
            order = [[cls.__module__ for cls in classes].index(host)]
            for name in model.inherits:
                defined = [cls for cls in classes if cls.__dict__.get("_name") == name]
                defined = [
                    cls for cls in defined if cls.__module__.startswith("odoo.addons.")
                ]
                order.append(classes.index(defined[-1]))
            with self.subTest(model.name):
                self.assertEqual(order, sorted(order))

    def test_no_room_uses_a_field_or_method_of_a_later_one(self):
        common = self._get_names_of_odoo() | get_names(None)
        known, forbidden = set(common), {}
        for room in ROOMS:
            forbidden[room] = get_names(room) - known
            known |= get_names(room)
        violations = []
        for path in find_files("models"):
            if not (room := get_room(path)):
                continue
            later = {n: r for r in ROOMS[ROOMS.index(room) + 1 :] for n in forbidden[r]}
            violations += [
                (path, node.lineno, f"{room} uses {node.attr} of {later[node.attr]}")
                for node in ast.walk(parse(path))
                if isinstance(node, ast.Attribute) and node.attr in later
            ]
        self.assertEqual(describe(violations), "")

    def _get_names_of_odoo(self):
        """Return the names of all fields and methods that are not of this module."""
        ours = f"odoo.addons.{MODULE}."
        names = set()
        for model in self.env.registry.values():
            names |= {n for n, f in model._fields.items() if f._module != MODULE}
            for cls in model.__mro__:
                if not cls.__module__.startswith(ours) and cls.__module__ != "odoo.api":
                    names |= {n for n, value in cls.__dict__.items() if callable(value)}
        return names


class Hooks(ArchitectureCase):
    def _get_hooks(self):
        """Return name of a hook -> list of (model, function, is it an answer)."""
        hooks = defaultdict(list)
        for model in find_models():
            for function in model.functions:
                if function.name.startswith("_on_"):
                    is_answer = "super()" in ast.unparse(function)
                    hooks[function.name].append((model, function, is_answer))
        return hooks

    def test_each_hook_is_declared_once_and_answered_with_super(self):
        violations = []
        for name, found in self._get_hooks().items():
            declared = [
                (model, function) for model, function, answers in found if not answers
            ]
            # A hook is a matter of one model: others may have one of the same name.
            kinds = {
                re.sub(r"\.mixin$", "", model.name).split(".")[1]
                for model, _f in declared
            }
            if not declared or len(kinds) != len(declared):
                model, function = (declared or [found[0][:2]])[0]
                violations.append(
                    (model.path, function.lineno, f"{name}: {len(declared)} times")
                )
        self.assertNone(violations)

    def test_a_declared_hook_does_nothing(self):
        self.assertNone(
            (model.path, function.lineno, f"{function.name} does something")
            for found in self._get_hooks().values()
            for model, function, is_answer in found
            if not is_answer
            and not (len(function.body) == 1 and ast.get_docstring(function))
        )


class FilesAndData(ArchitectureCase):
    def test_no_file_is_longer_than_a_person_reads_at_once(self):
        self.assertNone(
            (path, MOST_LINES, f"has {count} lines")
            for path in find_files(kinds=(".py", ".js"))
            if path.parts[0] != "tests"
            and (count := len(read(path).splitlines())) > MOST_LINES
        )

    def test_all_data_are_in_the_manifest_and_all_of_the_manifest_exists(self):
        manifest = ast.literal_eval(read(Path("__manifest__.py")))
        listed = {*manifest["data"], *manifest.get("demo", ())}
        folders = ("data", "views", "security", "report", "wizards", "demo")
        folders = [name for name in folders if (get_root() / name).exists()]
        existing = {str(path) for path in find_files(*folders, kinds=(".xml", ".csv"))}
        self.assertEqual(existing ^ listed, set())

    def test_each_model_is_described(self):
        self.assertNone(
            (model.path, model.line, f"{model.name} has no _description")
            for model in find_models()
            if model.is_definition and not model.is_described
        )

    def test_each_model_with_a_table_has_an_access_list(self):
        rows = csv.DictReader(read(Path("security/ir.model.access.csv")).splitlines())
        listed = {row["model_id:id"].removeprefix("model_") for row in rows}
        self.assertNone(
            (model.path, model.line, f"{model.name} has no line in the access list")
            for model in find_models()
            if model.is_definition
            and "AbstractModel" not in model.kind
            and model.name.replace(".", "_") not in listed
        )

    def test_nothing_of_the_machine_it_was_made_on_is_in_the_tree(self):
        traces = re.compile(
            r"/(?:root|home|work|Users|tmp/\w)/|\bcdn\.|unpkg\.com|jsdelivr|registry\.npmjs"
            r"|pypi\.org/simple|artifactory|nexus\.",
        )
        kinds = (
            ".py",
            ".js",
            ".xml",
            ".csv",
            ".md",
            ".txt",
            ".toml",
            ".mjs",
            ".json",
            ".scss",
        )
        self.assertNone(
            (path, number, line.strip())
            for path in find_files(kinds=kinds)
            if path.name != Path(__file__).name
            for number, line in enumerate(read(path).splitlines(), 1)
            if traces.search(line)
        )
