"""From the end of a meeting to a paper that anybody can verify."""

import hashlib
import json
import os
import subprocess
import sys
import time

sys.path.insert(0, __file__.rpartition("/")[0] + "/lib")
from door import Client, logged_in, run, wait_for  # noqa: E402
from held import HeldTest  # noqa: E402
from signer import Signer  # noqa: E402

YEAR_S = 365 * 24 * 3600


class Minutes(HeldTest):
    @classmethod
    def hold(cls):
        concluded = {"text": "Giao Sở Xây dựng chủ trì."}
        super().hold(("conclusion.add", concluded))

    def verify(self, path, *more, clock=()):
        done = subprocess.run([*clock, sys.argv[1], "verify", path, "--trust",
                               os.path.join(self.server.data, "trust"), *more],
                              capture_output=True, check=False)
        return done.returncode, json.loads(done.stdout)

    def test_1_the_draft_tells_what_happened(self):
        text = json.dumps(self.minutes(), ensure_ascii=False)
        self.assertIn("Giao Sở Xây dựng chủ trì.", text)
        none = self.secretary.get(f"/api/v1/meetings/{self.id}/minutes/file")
        self.assertEqual((none.status, none.code), (404, "minutes.no_file"))

    def test_1b_invitation_and_notice_are_drafted_from_the_record(self):
        for paper, words in (("invitation", "GIẤY MỜI"), ("notice", "Giao Sở Xây dựng chủ trì.")):
            answer = self.secretary.get(f"/api/v1/meetings/{self.id}/drafts/{paper}")
            self.assertEqual((answer.status, answer.headers.get_content_type()),
                             (200, "application/pdf"))
            told = subprocess.run(["pdftotext", "-", "-"], input=answer.body, check=True,
                                  capture_output=True).stdout.decode()
            self.assertIn(words, " ".join(told.split()))
        stranger = logged_in(self.server, "xa01").get(f"/api/v1/meetings/{self.id}/drafts/notice")
        self.assertEqual((stranger.status, stranger.code), (403, "action.forbidden"))
        self.assertEqual(self.chair.get(f"/api/v1/meetings/{self.id}/drafts/other").status, 404)

    def test_2_the_secretary_saves_under_her_lock(self):
        draft = self.minutes()
        self.do(self.secretary, "minutes.lock")
        blocks = draft["blocks"] + [{"type": "paragraph", "runs": [
            {"text": "Ý kiến bổ sung.", "bold": True}]}]
        self.do(self.secretary, "minutes.save", baseRevision=draft["revision"], blocks=blocks)
        self.assertEqual(self.minutes()["blocks"], blocks)
        stale = self.secretary.command(self.id, "minutes.save", baseRevision=draft["revision"],
                                       blocks=blocks)
        self.assertEqual((stale.status, stale.code), (409, "minutes.conflict"))

    def test_3_both_sign_and_anybody_can_verify(self):
        self.finalise()
        signers = {"secretary": Signer(self.secretary), "chair": Signer(self.chair)}
        early = signers["chair"].prepare(self.id, "chair")
        self.assertEqual((early.status, early.code), (409, "signing.secretary_first"))

        prepared = signers["secretary"].prepare(self.id, "secretary")
        self.assertEqual(prepared.status, 201, prepared.body)
        wrong = signers["secretary"].sign(prepared.json, spoil=True)
        self.assertEqual(wrong.status, 422, wrong.body)
        for field in ("secretary", "chair"):
            prepared = signers[field].prepare(self.id, field)
            self.assertEqual(prepared.status, 201, prepared.body)
            signed = signers[field].sign(prepared.json)
            self.assertEqual(signed.status, 200, signed.body)
        again = signers["chair"].prepare(self.id, "chair")
        self.assertEqual(again.status, 409)
        self.assertEqual(self.chair.snapshot(self.id)["minutes"]["state"], "chair_signed")
        forbidden = self.secretary.command(self.id, "issue.number")  # the law gives it to the clerk
        self.assertEqual((forbidden.status, forbidden.code), (403, "action.forbidden"))

    def test_4_the_signed_file_is_valid_everywhere(self):
        # The server archives it by itself: until then the file may still grow.
        wait_for("proofs and timestamps in the file", lambda: self.minutes()["keeping"] == "kept")
        file = self.chair.get(f"/api/v1/meetings/{self.id}/minutes/file").body
        path = os.path.join(self.server.folder, "minutes.pdf")
        with open(path, "wb") as out:
            out.write(file)
        status, report = self.verify(path)
        self.assertEqual((status, report["verdict"]), (0, "valid"))
        self.assertEqual([s["field"] for s in report["signatures"]], ["secretary", "chair"])

        self.assertEqual([c["kind"] for c in report["changes"]], ["signed", "signed", "archived"])
        for signature in report["signatures"]:
            self.assertEqual((signature["timeSource"], signature["revocation"]),
                             ("timestamp", "good"))

        # Four years on, from the file alone, the people's certificates have ended; in eight, the
        # timestamp that nobody renewed has, too.
        status, report = self.verify(path, clock=("faketime", "-f", "+4y"))
        self.assertEqual((status, report["verdict"]), (0, "valid"))
        self.assertLess(report["signatures"][0]["certificate"]["notAfter"],
                        (time.time() + 4 * YEAR_S) * 1000)
        late = str(int((time.time() + 8 * YEAR_S) * 1000))
        status, report = self.verify(path, "--at", late)
        self.assertEqual((status, report["reason"]["code"]), (1, "timestamp.expired"))

        code = self.minutes()["code"]
        by_code = Client(self.server).get(f"/api/v1/verify/{code}").json
        self.assertEqual(by_code["report"]["verdict"], "valid")
        self.assertEqual(by_code["registered"]["sha256"], hashlib.sha256(file).hexdigest())
        by_file = Client(self.server).ask("POST", "/api/v1/verify", body=file).json
        self.assertEqual((by_file["verdict"], by_file["registered"]), ("valid", True))

        flipped = bytearray(file)
        flipped[len(file) // 3] ^= 1
        with open(path, "wb") as out:
            out.write(flipped)
        status, report = self.verify(path)
        self.assertEqual((status, report["verdict"]), (1, "invalid"))
        dropped = Client(self.server).ask("POST", "/api/v1/verify", body=bytes(flipped)).json
        self.assertEqual((dropped["verdict"], dropped["registered"]), ("invalid", False))

    def test_5_the_record_is_whole_and_a_changed_row_is_named(self):
        self.server.stop()
        done = subprocess.run([sys.argv[1], "log", "verify", self.server.data],
                              capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertTrue(json.loads(done.stdout)["intact"])
        self.server.start()

    def test_6_a_key_request_that_is_none_is_refused(self):
        for csr in ("", "AAAA", "not base64!", "A" * 20000):
            answer = self.chair.ask("POST", "/api/v1/keys", json={"csr": csr}, judged=False)
            self.assertEqual((answer.status, answer.code), (422, "key.bad_request"))

    def test_7_keys_are_their_owners_alone(self):
        self.assertEqual(len(self.chair.get("/api/v1/keys").json["keys"]), 1)
        self.assertEqual(logged_in(self.server, "xa01").get("/api/v1/keys").json["keys"], [])


if __name__ == "__main__":
    run()
