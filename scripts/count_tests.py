"""Counts the tests in the JUnit XML reports under a checkout and prints why tests were skipped or failed.

usage: count_tests.py ROOT BROKEN, where BROKEN names the groups that could not run; each counts as a failure.
"""

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def reports(root: Path):
    for kind in ("surefire-reports", "failsafe-reports"):
        yield from sorted(root.glob(f"*/target/{kind}/TEST-*.xml"))
    yield from sorted((root / "target" / "test-results").glob("*.xml"))


def first_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[0] if lines else "no reason given"


def main(root: Path, broken: list[str]) -> int:
    passed = failed = skipped = 0
    for report in reports(root):
        try:
            cases = list(ElementTree.parse(report).iter("testcase"))
        except ElementTree.ParseError as error:
            print(f"failed: {report.relative_to(root)}: the report is cut off: {error}")
            failed += 1
            continue
        for case in cases:
            name = f"{case.get('classname')}.{case.get('name')}"
            problem = next((child for child in case if child.tag in ("failure", "error")), None)
            skip = case.find("skipped")
            if problem is not None:
                failed += 1
                print(f"failed: {name}: {first_line(problem.get('message') or problem.text or '')}")
            elif skip is not None:
                skipped += 1
                print(f"skipped: {name}: {first_line(skip.get('message') or skip.text or '')}")
            else:
                passed += 1
    for group in broken:
        failed += 1
        print(f"failed: {group}: it could not run to its end; see above")
    if passed + failed == 0:
        failed = 1
        print("failed: no test ran")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2].split()))
