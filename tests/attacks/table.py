"""docs/verification.md shows the corpus as it is: its table is what `attack_list` prints.

    python3 table.py ATTACK_LIST docs/verification.md          compares
    python3 table.py ATTACK_LIST docs/verification.md --write  puts the table in place"""

import re
import subprocess
import sys
import unittest

TABLE = re.compile(r"^\| Family \|.*?^\| all \|[^\n]*\n", re.M | re.S)
PROGRAM, PAGE = sys.argv[1], sys.argv[2]


def printed():
    return subprocess.run([PROGRAM], check=True, capture_output=True).stdout.decode()


def page():
    with open(PAGE, encoding="utf-8") as file:
        return file.read()


class Table(unittest.TestCase):
    def test_the_page_s_table_is_what_the_program_prints(self):
        found = TABLE.findall(page())
        self.assertEqual(len(found), 1)
        self.assertMultiLineEqual(found[0], printed())

    def test_the_page_says_how_many_are_accepted_on_purpose(self):
        rows = subprocess.run([PROGRAM, "--accepted"], check=True, capture_output=True)
        names = rows.stdout.decode().split()
        words = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven"]
        self.assertIn(f"{words[len(names)]} rows are accepted on purpose", page())


def main():
    if sys.argv[3:] == ["--write"]:
        text = TABLE.sub(lambda _: printed(), page())
        with open(PAGE, "w", encoding="utf-8") as file:
            file.write(text)
        return 0
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(Table)
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite)
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
