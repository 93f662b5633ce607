"""`dienhong load` against `dienhong serve`: a passed line test, and what it says when it is not."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "signaling",
                                "lib"))
from door import PASSWORD, DoorTest, logged_in, run, wait_for  # noqa: E402

PATIENCE = 180  # seconds, also under sanitizers


class LineTest(DoorTest):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.password = os.path.join(self.folder.name, "password")
        with open(self.password, "w", encoding="utf-8") as file:
            file.write(PASSWORD + "\n")

    def load(self, *arguments, url=None, user="kythuat"):
        command = [sys.argv[1], "load", url or self.server.origin, "--user", user,
                   "--password-file", self.password,
                   "--ca", os.path.join(self.server.data, "ca", "root.pem"), *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)

    def test_twenty_receivers_see_and_hear_two_senders(self):
        ran = self.load("--receivers", "20", "--senders", "2", "--seconds", "4", "--tiles", "2",
                        "--decrypt-every", "5", "--decode-every", "2", "--first-frame-ms", "0",
                        "--json")
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        report = json.loads(ran.stdout)
        counts = report["counts"]
        self.assertTrue(report["verdict"]["passed"], report)
        self.assertEqual((report["joined"], counts["connected"], counts["seen"]), (22, 22, 20))
        for name in ("lost", "unmatched", "wrong_timestamp", "wrong_size", "decrypt_failures",
                     "broken_frames", "decode_failures", "duplicates", "overflowed"):
            self.assertEqual(counts[name], 0, name)
        self.assertGreater(counts["matched"], 20 * 100)
        self.assertGreater(counts["decoded_frames"], 30)
        self.assertEqual(report["stageSwitch"]["arrived"], report["stageSwitch"]["expected"])
        self.assertEqual(report["firstPicture"]["count"], 20)
        self.assertGreater(report["addedDelay"]["count"], 0)
        wait_for("the line test to have ended",
                 lambda: self.server.metric("dienhong_line_tests") == 0)

    def test_the_table_is_for_people_in_both_languages(self):
        ran = self.load("--receivers", "2", "--senders", "1", "--seconds", "1",
                        "--profile", "bench", "--first-frame-ms", "0")
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        for text in ("Đã vào / joined", "Độ trễ thêm / added delay", "Passed:", "Đạt:"):
            self.assertIn(text, ran.stdout)
        self.assertIn("joined 3/3", ran.stderr)

    def test_a_film_can_be_made_and_played(self):
        film = os.path.join(self.folder.name, "film")
        made = subprocess.run([sys.argv[1], "load", "film", film, "--seconds", "1"],
                              timeout=PATIENCE, check=True)
        self.assertEqual(made.returncode, 0)
        ran = self.load("--receivers", "1", "--seconds", "2", "--profile", film, "--json",
                        "--first-frame-ms", "0")
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        with open(film, "r+b") as file:
            file.truncate(os.path.getsize(film) - 1)
        ran = self.load("--receivers", "1", "--seconds", "1", "--profile", film)
        self.assertEqual(ran.returncode, 2)
        self.assertIn("load.not_started", ran.stderr)

    def test_more_seats_than_the_server_takes_are_refused_with_its_own_words(self):
        ran = self.load("--receivers", "2000", "--seconds", "1", "--profile", "bench")
        self.assertEqual(ran.returncode, 2, ran.stdout)
        self.assertIn("[line_test.too_large]", ran.stderr)

    def test_who_may_not_test_is_told_so(self):
        ran = self.load("--receivers", "1", "--profile", "bench", user="xa01")
        self.assertEqual(ran.returncode, 2)
        self.assertIn("[line_test.not_technician]", ran.stderr)
        with open(self.password, "w", encoding="utf-8") as file:
            file.write("wrong\n")
        ran = self.load("--receivers", "1", "--profile", "bench")
        self.assertIn("[login.wrong]", ran.stderr)

    def test_a_server_that_is_not_there_is_told_apart(self):
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            ran = self.load(url=f"https://localhost:{nobody.getsockname()[1]}")
        self.assertEqual(ran.returncode, 2)
        self.assertIn("[door.unreachable]", ran.stderr)

    def test_a_server_of_another_authority_is_not_trusted(self):
        stranger = os.path.join(self.folder.name, "stranger.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=stranger", "-keyout",
                        os.devnull, "-out", stranger], check=True, capture_output=True)
        ran = self.load("--ca", stranger)
        self.assertEqual(ran.returncode, 2)
        self.assertIn("[door.unreachable]", ran.stderr)
        self.assertIn("certificate", ran.stderr)

    def test_a_test_in_the_way_is_named(self):
        technician = logged_in(self.server, "kythuat")
        running = technician.ask("POST", "/api/v1/line-tests", json={"receivers": 1, "senders": 1})
        self.assertEqual(running.status, 201)
        ran = self.load("--receivers", "1", "--profile", "bench")
        self.assertEqual(ran.returncode, 2)
        self.assertIn("[line_test.running]", ran.stderr)
        technician.ask("DELETE", f"/api/v1/line-tests/{running.json['id']}")

    def test_a_wrong_command_line_shows_how_it_is_done(self):
        for arguments in (("--receivers", "many"), ("--receivers", "5000"), ("--nonsense",),
                          ("--seconds",)):
            ran = self.load(*arguments)
            self.assertEqual(ran.returncode, 2, arguments)
            self.assertIn("Usage: dienhong load", ran.stderr)


if __name__ == "__main__":
    unittest.TestCase.maxDiff = None
    run()
