"""The clerk's desk: numbers, the register, and who may see what."""

import io
import json
import os
import subprocess
import sys
import zipfile

sys.path.insert(0, __file__.rpartition("/")[0] + "/lib")
from door import Client, logged_in, query, run  # noqa: E402
from held import HeldTest  # noqa: E402


class Issue(HeldTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk, cls.commune = logged_in(cls.server, "vanthu"), logged_in(cls.server, "xa01")

    def waiting(self):
        return self.clerk.get("/api/v1/desk").json["waiting"]

    def test_1_nothing_waits_before_the_chair_has_signed(self):
        self.assertEqual(self.waiting(), [])
        early = self.clerk.command(self.id, "issue.number")
        self.assertEqual((early.status, early.code), (404, "meeting.unknown"))
        self.finalise()
        self.sign()
        self.assertEqual([(one["meeting"], one["issue"], one["may"]) for one in self.waiting()],
                         [(self.id, None, ["issue.number"])])

    def test_2_nobody_else_numbers_or_reads_the_register(self):
        for client in (self.chair, self.secretary):
            refused = client.command(self.id, "issue.number")
            self.assertEqual((refused.status, refused.code), (403, "action.forbidden"))
        for client in (self.chair, self.secretary, self.commune):
            for path in ("/api/v1/desk", "/api/v1/issues"):
                self.assertEqual(client.get(path).status, 403)
        # and the clerk sees the paper, not the meeting
        file = self.clerk.get(f"/api/v1/meetings/{self.id}/minutes/file")
        self.assertEqual(file.status, 200)
        for path in ("", "/minutes", "/events", "/participants"):
            self.assertEqual(self.clerk.get(f"/api/v1/meetings/{self.id}{path}").status, 404)

    def test_3_the_clerk_numbers_and_the_register_knows(self):
        numbered = self.clerk.command(self.id, "issue.number")
        self.assertEqual(numbered.status, 200, numbered.body)
        issue = self.waiting()[0]["issue"]
        self.assertEqual((issue["number"], issue["type"]), ("01/BB-UBND", "BB"))
        for arguments, found in (({}, 1), ({"query": "bb-ubnd"}, 1), ({"query": "khong co"}, 0),
                                 ({"year": issue["year"]}, 1), ({"year": 1999}, 0),
                                 ({"number": 1, "type": "BB"}, 1), ({"number": 2}, 0),
                                 ({"type": "TB"}, 0)):
            page = self.clerk.get("/api/v1/issues" + query(**arguments)).json
            self.assertEqual(len(page["issues"]), found, arguments)
            self.assertEqual(page["years"], [issue["year"]])
        again = self.clerk.command(self.id, "issue.number")
        self.assertEqual((again.status, again.code), (409, "issue.already_numbered"))
        self.assertEqual(self.clerk.get("/api/v1/issues?type=XX").status, 400)

    def test_4_a_file_whose_paper_was_recalled_says_so(self):
        code = self.waiting()[0]["issue"]["code"]
        standing = Client(self.server).get(f"/api/v1/verify/{code}").json["registered"]["standing"]
        self.assertEqual((standing["inForce"], standing["number"]), (True, "01/BB-UBND"))
        file = self.clerk.get(f"/api/v1/meetings/{self.id}/minutes/file").body
        recalled = self.clerk.command(self.id, "issue.recall", reason="Sai số liệu mục 2.")
        self.assertEqual(recalled.status, 200, recalled.body)
        for answer in (Client(self.server).get(f"/api/v1/verify/{code}").json["registered"],
                       Client(self.server).ask("POST", "/api/v1/verify", body=file).json):
            standing = answer["standing"]
            self.assertEqual((standing["inForce"], standing["stage"], standing["reason"]),
                             (False, "recalled", "Sai số liệu mục 2."))
        self.assertEqual(self.waiting(), [])

    def test_5_what_replaces_it_gets_the_next_number(self):
        reopened = self.secretary.command(self.id, "minutes.reopen")
        self.assertEqual(reopened.status, 200, reopened.body)
        self.finalise()
        self.sign()
        self.assertEqual(self.clerk.command(self.id, "issue.number").status, 200)
        numbers = [one["number"] for one in self.clerk.get("/api/v1/issues").json["issues"]]
        self.assertEqual(numbers, ["02/BB-UBND", "01/BB-UBND"])
        first = self.clerk.get("/api/v1/issues?limit=1").json
        rest = self.clerk.get("/api/v1/issues" + query(limit=1, after=first["next"])).json
        self.assertEqual(rest["issues"][0]["number"], "01/BB-UBND")

    def test_6_the_register_is_there_after_a_kill(self):
        before = self.clerk.get("/api/v1/issues").json
        self.server.kill()
        self.server.start()
        self.assertEqual(self.clerk.get("/api/v1/issues").json, before)

    def test_7_a_paper_is_not_for_those_it_was_not_sent_to(self):
        issue = self.clerk.get("/api/v1/issues").json["issues"][0]
        outsider = logged_in(self.server, "quantri")
        for path in (f"/api/v1/issues/{issue['id']}", f"/api/v1/issues/{issue['id']}/file"):
            self.assertEqual(outsider.get(path).status, 404)
            self.assertEqual(self.clerk.get(path).status, 200)
        self.assertEqual(self.commune.get("/api/v1/incoming").json["issues"], [])

    def asks_the_door(self, data):
        """Anybody may, as with a paper; the contract judges the answer."""
        whole = Client(self.server).ask("POST", "/api/v1/verify", body=data)
        self.assertEqual((whole.status, whole.json["verdict"]), (200, "whole"))
        states = {one["path"]: one["state"] for one in whole.json["found"]}
        self.assertEqual(set(states.values()), {"whole"})
        self.assertIn("log.jsonl", states)
        judged = [one for one in whole.json["found"] if one["verdict"]]
        self.assertGreaterEqual(len(judged), 4)
        self.assertEqual({one["verdict"] for one in judged}, {"valid"})
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            victim = next(one for one in archive.infolist() if one.filename.startswith("papers/"))
        changed = bytearray(data)
        changed[victim.header_offset + victim.file_size // 2] ^= 1
        broken = Client(self.server).ask("POST", "/api/v1/verify", body=bytes(changed)).json
        self.assertEqual((broken["verdict"], broken["wrong"]["where"]),
                         ("broken", victim.filename))
        self.assertEqual([one["path"] for one in broken["found"] if one["state"] != "whole"],
                         [victim.filename])

    def verify(self, data):
        path = os.path.join(self.server.folder, "record.zip")
        with open(path, "wb") as out:
            out.write(data)
        done = subprocess.run([sys.argv[1], "verify", path, "--trust",
                               os.path.join(self.server.data, "ca", "root.pem")],
                              capture_output=True, check=False)
        return done.returncode, json.loads(done.stdout)

    def test_8_the_record_leaves_as_one_package_that_verifies_offline(self):
        path = f"/api/v1/meetings/{self.id}/package"
        self.assertEqual(self.commune.get(path).status, 403)
        self.assertEqual(logged_in(self.server, "quantri").get(path).status, 404)
        for client in (self.secretary, self.clerk):
            answer = client.get(path)
            self.assertEqual((answer.status, answer.headers.get_content_type()),
                             (200, "application/zip"))
        self.asks_the_door(answer.body)
        self.server.stop()  # offline: nothing but the file
        status, report = self.verify(answer.body)
        self.assertEqual((status, report["verdict"], report["wrong"]), (0, "whole", None))
        self.assertEqual(report["meeting"], self.id)
        self.assertGreaterEqual(report["papers"], 4)  # and each once more when it is archived
        with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:  # anybody's reader opens it
            self.assertIsNone(archive.testzip())
            rows = archive.read("log.jsonl").decode().splitlines()
        self.assertEqual(len(rows), report["rows"])
        changed = bytearray(answer.body)
        changed[len(changed) // 2] ^= 1
        status, report = self.verify(bytes(changed))
        self.assertEqual((status, report["verdict"]), (1, "broken"))
        self.assertTrue(report["wrong"]["vi"] and report["wrong"]["where"])
        self.server.start()


if __name__ == "__main__":
    run()
