"""Which rows of the mission have a test: `./dev rows`.

A test belongs to a row when its docstring starts with "M29: ..." or "M29, M30: ...".
"""

import argparse
import ast
import re
from collections import defaultdict

from environment import ROOT, SCRIPTS

NAMED_ROWS = re.compile(r"((?:M\d+,\s*)*M\d+):")


def main(arguments):
    """Print the rows with their tests, then those without; fail for a required one."""
    parser = argparse.ArgumentParser(prog="./dev rows")
    parser.add_argument("--require", nargs="+", default=[], metavar="ROW")
    required = parser.parse_args(arguments).require
    lines = (SCRIPTS / "mission_rows.txt").read_text().splitlines()
    rows = dict(line.split(" ", 1) for line in lines)
    tests = _tests_by_row()
    for row in filter(tests.get, rows):
        print(f"{row:<5} {rows[row]}")
        for test in tests[row]:
            print(f"{'':<8}{test}")
    without = [row for row in rows if row not in tests]
    print(f"\n{len(without)} of {len(rows)} rows have no test:")
    for row in without:
        print(f"{row:<5} {rows[row]}")
    unknown = sorted({*tests, *required} - {*rows})
    missing = [row for row in required if row not in tests]
    if unknown:
        print(f"\nNot a row of the mission: {', '.join(unknown)}")
    if missing:
        print(f"\nRequired and without a test: {', '.join(missing)}")
    return int(bool(unknown or missing))


def _tests_by_row():
    tests = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
                match = NAMED_ROWS.match(ast.get_docstring(node) or "")
                for row in re.findall(r"M\d+", match[1]) if match else ():
                    tests[row].append(f"{path.name}: {node.name}")
    return tests
