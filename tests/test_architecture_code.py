"""Guards the code: pure tools, reasons on the spot, words that no client can say."""

import ast
import re
import sys
from functools import cached_property
from pathlib import Path

from .architecture import ArchitectureCase
from .sources import (
    PROGRAMS,
    find_files,
    get_imports,
    parse,
    read,
)

# Libraries that pure code may import, beside Python's own.
PURE_LIBRARIES = {
    "anyascii",
    "dateutil",
    "lxml",
    "odoo.tools.date_utils",
    "odoo.tools.float_utils",
    "odoo.tools.intervals",
    "phonenumbers",
    "pytz",
    "shapely",
}
IMPURE_STDLIB = {"os", "socket", "subprocess", "threading", "time", "urllib"}
CLOCKS = {"now", "today", "utcnow"}
# Keys in the context that a client may send: which columns a board has, and which of
# the composers' few kinds a mail is. They open nothing.
CLIENT_KEYS = {"estate_interaction_code", "estate_pipeline", "estate_step"}


def _is_context(node):
    """Tell whether an expression ends in a name such as `context` or `env.context`."""
    return getattr(node, "attr", getattr(node, "id", "")).endswith("context")


class PureCode(ArchitectureCase):
    def test_tools_import_nothing_but_pure_libraries(self):
        stdlib = sys.stdlib_module_names - IMPURE_STDLIB
        violations = []
        for path in find_files("tools"):
            for line, name in get_imports(path):
                top = name.split(".")[0]
                is_own = name.startswith("tools.")
                is_pure = top in stdlib or any(
                    name == library or name.startswith(f"{library}.")
                    for library in PURE_LIBRARIES
                )
                if not (is_own or is_pure):
                    violations.append((path, line, f"imports {name}"))
        self.assertNone(violations)

    def test_tools_have_no_clock(self):
        self.assertNone(
            (path, node.lineno, f"reads the clock: {ast.unparse(node)}")
            for path in find_files("tools")
            for node in ast.walk(parse(path))
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in CLOCKS
        )

    def test_tools_leave_nothing_to_chance(self):
        self.assertNone(
            (path, node.lineno, f"without a seed: {ast.unparse(node)}")
            for path in find_files("tools")
            for node in ast.walk(parse(path))
            if isinstance(node, ast.Call)
            and ast.unparse(node.func).split(".")[0] in ("random", "secrets", "uuid")
            and not (ast.unparse(node.func) == "random.Random" and node.args)
        )


class ReasonsOnTheSpot(ArchitectureCase):
    def _get_unexplained(self, is_meant, word):
        """Yield calls without `# word:` in their statement or three lines above."""
        for path in find_files(*PROGRAMS):
            lines = read(path).splitlines()
            for statement, call in self._get_calls(parse(path)):
                above = "\n".join(lines[max(0, statement.lineno - 4) : call.end_lineno])
                if is_meant(call) and not re.search(rf"# ({word}):", above):
                    yield path, call.lineno, lines[call.lineno - 1].strip()

    def _get_calls(self, node, statement=None):
        """Yield (innermost statement, call) for every call below `node`."""
        for child in ast.iter_child_nodes(node):
            inner = child if isinstance(child, ast.stmt) else statement
            if isinstance(child, ast.Call):
                yield inner, child
            yield from self._get_calls(child, inner)

    def test_each_sudo_says_why_it_is_safe(self):
        def is_sudo(call):
            by_name = isinstance(call.func, ast.Attribute) and call.func.attr == "sudo"
            return by_name or any(keyword.arg == "su" for keyword in call.keywords)

        self.assertNone(self._get_unexplained(is_sudo, "sudo"))

    def test_each_commit_and_rollback_says_why(self):
        def ends_transaction(call):
            method = getattr(call.func, "attr", "")
            return method in ("commit", "rollback") and re.search(
                r"\bcr\.", ast.unparse(call.func)
            )

        self.assertNone(self._get_unexplained(ends_transaction, "commit|rollback"))


class WordsInTheContext(ArchitectureCase):
    def _get_keys(self):
        """Yield (path, line, key) of context keys of ours that code reads or sets."""
        for path in find_files(*PROGRAMS):
            if path == Path("models/inner.py"):
                continue
            for node in ast.walk(parse(path)):
                yield from ((path, node.lineno, key) for key in self._find_keys(node))

    def _find_keys(self, node):
        """Return the keys that one node takes from a context or puts into one."""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr == "with_context":
                keys = [keyword.arg for keyword in node.keywords]
            elif node.func.attr in ("get", "pop") and _is_context(node.func.value):
                keys = [ast.literal_eval(node.args[0])]
            else:
                keys = []
        elif isinstance(node, ast.Subscript):
            found = getattr(node.slice, "value", "")
            keys = [found] if _is_context(node.value) else []
        elif isinstance(node, ast.Compare):
            found = getattr(node.left, "value", "")
            keys = [found] if _is_context(node.comparators[0]) else []
        elif isinstance(node, ast.Dict):
            keys = [getattr(key, "value", "") for key in node.keys]
            keys = [key for key in keys if key in self.secret_keys]
        else:
            keys = []
        return [key for key in keys if str(key).startswith("estate_")]

    @cached_property
    def secret_keys(self):
        """The keys of all words that our code says to itself."""
        return {
            f"estate_{node.args[1].value}"
            for path in find_files(*PROGRAMS)
            for node in ast.walk(parse(path))
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "inner.hear"
        } - {"estate_automatic"}

    def test_a_client_may_send_what_is_listed_and_the_rest_is_said_by_inner(self):
        self.assertNone(
            (path, line, f"{key}: a client can send it; use inner.say and inner.hear")
            for path, line, key in self._get_keys()
            if key not in CLIENT_KEYS
        )
