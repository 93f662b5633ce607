"""The agency's seal through the door: a software token as the demo has one, the clerk, the PIN."""

import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, __file__.rpartition("/")[0] + "/lib")
from contract import ROOT  # noqa: E402
from door import Client, Server, logged_in, run, wait_for  # noqa: E402
from held import HeldTest  # noqa: E402
from search import in_files, in_memory  # noqa: E402

WRONG = "97531864207531" * 4  # long: what is freed loses its first bytes by itself
MAKE = os.path.join(ROOT, "packaging", "demo", "seal.sh")


class Seal(HeldTest):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="seal-")
        data = os.path.join(cls.folder, "data")
        for _ in range(2):  # the second time changes nothing
            subprocess.run([MAKE, sys.argv[1], data], check=True)
        seal = os.path.join(data, "seal")
        os.environ["SOFTHSM2_CONF"] = os.path.join(seal, "softhsm2.conf")
        with open(os.path.join(seal, "dienhong.conf"), encoding="utf-8") as file:
            cls.server = Server(sys.argv[1], data=data, extra=file.read())
        with open(os.path.join(seal, "pin"), encoding="utf-8") as file:
            cls.pin = file.read().strip()
        cls.clerk = logged_in(cls.server, "vanthu")
        cls.hold()
        cls.finalise()
        cls.sign()
        cls.do(cls.clerk, "issue.number")
        wait_for("the number in the file", lambda: cls.issue()["stage"] == "written")

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        shutil.rmtree(cls.folder)

    @classmethod
    def issue(cls):
        return cls.clerk.get("/api/v1/desk").json["waiting"][0]["issue"]

    def seal(self, pin, client=None):
        return (client or self.clerk).ask("POST", f"/api/v1/issues/{self.issue()['id']}/seal",
                                          json={"pin": pin})

    def test_1_a_wrong_pin_is_told_and_kept_nowhere(self):
        answer = self.seal(WRONG)
        self.assertEqual((answer.status, answer.code), (422, "seal.pin_wrong"))
        self.assertIsNone(in_memory(self.server.process.pid, [WRONG.encode()]))
        self.assertIsNone(in_files(self.server.folder, [WRONG.encode()]))
        self.assertIsNone(in_files(self.folder, [WRONG.encode()]))
        self.assertEqual(self.issue()["stage"], "written")

    def test_2_nobody_but_the_clerk_seals(self):
        for client in (self.chair, self.secretary):
            answer = self.seal(self.pin, client)
            self.assertEqual((answer.status, answer.code), (403, "action.forbidden"))

    def test_3_with_the_right_one_the_paper_is_sealed_and_stands(self):
        sealed = self.seal(self.pin)
        self.assertEqual(sealed.status, 200, sealed.body)
        self.assertEqual(self.issue()["stage"], "sealed")
        code = self.issue()["code"]
        report = Client(self.server).get(f"/api/v1/verify/{code}").json["report"]
        self.assertEqual((report["verdict"], [one["field"] for one in report["signatures"]]),
                         ("valid", ["secretary", "chair", "agency"]), json.dumps(report)[:500])


if __name__ == "__main__":
    run()
