"""The commands of the executable: what they print and how they end."""

import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, __file__.rpartition("/")[0] + "/lib")
from contract import ROOT  # noqa: E402
from door import PROVINCE, Server, run  # noqa: E402


class Commands(unittest.TestCase):
    def run_it(self, *arguments):
        done = subprocess.run([sys.argv[1], *arguments], capture_output=True, check=False,
                              timeout=60)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def test_the_example_of_the_configuration_is_the_one_that_is_shipped(self):
        path = os.path.join(ROOT, "packaging", "dienhong.conf.example")
        with open(path, encoding="utf-8") as file:
            self.assertEqual(self.run_it("config"), (0, file.read(), ""))

    def test_the_example_is_a_configuration_that_can_be_read(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "c.conf")
            text = self.run_it("config")[1]
            lines = [line[1:] if line[:1] == "#" and line[1:2] != " " else line
                     for line in text.splitlines()]
            with open(path, "w", encoding="utf-8") as file:
                file.write("\n".join(lines).replace("8443", "0") + "\nwrong = 1\n")
            status, _, log = self.run_it("serve", "--config", path)
            self.assertEqual(status, 2)
            self.assertIn("key=wrong err=unknown", log)

    def test_what_is_asked_wrongly_is_explained(self):
        for arguments in ((), ("dance",), ("verify",), ("verify", "x.pdf"), ("log",),
                          ("log", "verify"), ("province", "import"), ("serve", "--port", "x"),
                          ("serve", "--what"), ("serve", "extra")):
            status, out, err = self.run_it(*arguments)
            self.assertEqual((status, out), (2, ""), arguments)
            self.assertTrue(err)

    def test_a_file_that_is_not_there_is_not_valid(self):
        with tempfile.TemporaryDirectory() as folder:
            status, out, _ = self.run_it("ca", "init", os.path.join(folder, "ca"),
                                         "--province", "tỉnh Thử")
            self.assertEqual((status, out.strip()), (0, os.path.join(folder, "ca", "root.pem")))
            status, out, _ = self.run_it("verify", os.path.join(folder, "none.pdf"), "--trust",
                                         out.strip())
            self.assertEqual(status, 1)
            self.assertIn('"verdict":"invalid"', out)

    def test_a_log_that_is_not_there_is_not_whole(self):
        self.assertEqual(self.run_it("log", "verify", "/nonexistent")[0], 1)

    def test_a_province_is_founded_once(self):
        with tempfile.TemporaryDirectory() as folder:
            data = os.path.join(folder, "data")
            os.mkdir(data)
            status, out, err = self.run_it("province", "import", PROVINCE, data)
            self.assertEqual(status, 0, err)
            self.assertIn('"users":111', out)
            self.assertEqual(self.run_it("province", "import", PROVINCE, data)[0], 1)
            self.assertEqual(self.run_it("log", "verify", data)[0], 0)

    def test_two_servers_do_not_share_a_port(self):
        first = Server(sys.argv[1], demo=None)
        try:
            with tempfile.TemporaryDirectory() as folder:
                status, out, err = self.run_it("serve", "--port", str(first.port), "--data",
                                               os.path.join(folder, "data"))
            self.assertEqual((status, out), (1, ""))
            self.assertIn("listening=no", err)
            self.assertEqual(first.stop(), 0)
        finally:
            first.close()


if __name__ == "__main__":
    run()
