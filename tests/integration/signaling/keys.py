"""A signing key's life: asked for, decided by an officer, used, lost, revoked."""

import base64
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, __file__.rpartition("/")[0] + "/lib")
from door import DoorTest, logged_in, run  # noqa: E402


def request():
    """A new key's certificate request."""
    with tempfile.TemporaryDirectory() as folder:
        key = os.path.join(folder, "key.pem")
        subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout",
                        "-out", key], check=True)
        csr = subprocess.run(["openssl", "req", "-new", "-key", key, "-subj", "/CN=x",
                              "-outform", "DER"], check=True, capture_output=True).stdout
    return base64.b64encode(csr).decode()


class Keys(DoorTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = logged_in(cls.server, "chungthuc")

    def ask(self, client, **members):
        answer = client.ask("POST", "/api/v1/keys", json={"csr": request(), **members})
        self.assertEqual(answer.status, 202, answer.body)
        return answer.json["request"]

    def decide(self, asked, officer=None, **decision):
        return (officer or self.officer).ask("POST", f"/api/v1/key-requests/{asked['id']}",
                                             json=decision)

    def mine(self, client):
        return client.get("/api/v1/keys").json

    def waiting(self):
        return self.officer.get("/api/v1/key-requests").json["requests"]

    def certified(self, login):
        """A person, and the key that they just got."""
        client = logged_in(self.server, login)
        asked = self.ask(client)
        self.assertEqual(self.decide(asked, approve=True).status, 200)
        (key,) = [one for one in self.mine(client)["keys"] if one["spki"] == asked["spki"]]
        return client, key

    def revoke(self, client, serial, reason, why=""):
        return client.ask("POST", f"/api/v1/keys/{serial}/revocation",
                          json={"reason": reason, "why": why})

    def test_nothing_is_certified_before_an_officer_approves(self):
        client = logged_in(self.server, "xa11")
        asked = self.ask(client)
        self.assertEqual(self.mine(client), {"keys": [], "requests": [asked]})
        (seen,) = [one for one in self.waiting() if one["id"] == asked["id"]]
        self.assertEqual((seen["spki"], seen["person"]["name"]),
                         (asked["spki"], client.user["name"]))
        decided = self.decide(asked, approve=True)
        self.assertEqual((decided.status, decided.json["request"]["state"]), (200, "approved"))
        mine = self.mine(client)
        self.assertEqual([(one["spki"], one["state"]) for one in mine["keys"]],
                         [(asked["spki"], "valid")])
        self.assertEqual(mine["requests"][0]["serial"], mine["keys"][0]["serial"])
        again = self.decide(asked, approve=False, reason="muộn rồi")
        self.assertEqual((again.status, again.code), (409, "key.already_decided"))

    def test_a_rejection_has_a_reason_and_the_person_reads_it(self):
        client = logged_in(self.server, "xa12")
        asked = self.ask(client)
        for decision in ({"approve": False}, {"approve": False, "reason": ""},
                         {"approve": True, "reason": "cả hai"},
                         {"approve": False, "reason": "x" * 501}):
            answer = self.decide(asked, **decision)
            self.assertEqual((answer.status, answer.code), (400, "key.needs_reason"))
        self.assertEqual(self.decide(asked, approve=False, reason="Chưa gặp được").status, 200)
        mine = self.mine(client)
        self.assertEqual(mine["keys"], [])
        self.assertEqual([(one["state"], one["reason"]) for one in mine["requests"]],
                         [("rejected", "Chưa gặp được")])

    def test_only_an_officer_decides_and_nobody_about_themselves(self):
        member = logged_in(self.server, "xa13")
        asked = self.ask(member)
        for answer in (self.decide(asked, member, approve=True),
                       member.get("/api/v1/key-requests"), member.get("/api/v1/certificates")):
            self.assertEqual((answer.status, answer.code), (403, "key.not_officer"))
        own = self.ask(self.officer)
        answer = self.decide(own, approve=True)
        self.assertEqual((answer.status, answer.code), (403, "key.own_request"))
        self.assertEqual(self.decide(own, logged_in(self.server, "quantri"), approve=True).status,
                         200)
        unknown = self.decide({"id": "99"}, approve=True)
        self.assertEqual((unknown.status, unknown.code), (404, "key.no_request"))

    def test_the_newest_request_is_the_one_that_waits(self):
        client = logged_in(self.server, "xa14")
        first, second = self.ask(client), self.ask(client)
        states = {one["id"]: one["state"] for one in self.mine(client)["requests"]}
        self.assertEqual(states, {first["id"]: "replaced", second["id"]: "pending"})
        answer = self.decide(first, approve=True)
        self.assertEqual((answer.status, answer.code), (409, "key.already_decided"))

    def test_a_key_is_asked_for_once(self):
        csr = request()
        for login, status in (("xa15", 202), ("xa15", 409), ("xa16", 409)):
            answer = logged_in(self.server, login).ask("POST", "/api/v1/keys", json={"csr": csr})
            self.assertEqual(answer.status, status, answer.body)
        self.assertEqual(answer.code, "key.known")

    def test_who_lost_a_key_ends_it_at_once(self):
        client, key = self.certified("xa17")
        stranger = logged_in(self.server, "xa18")
        answer = self.revoke(stranger, key["serial"], "lost")
        self.assertEqual((answer.status, answer.code), (404, "key.unknown"))
        answer = self.revoke(client, key["serial"], "withdrawn")
        self.assertEqual((answer.status, answer.code), (400, "request.malformed"))
        answer = self.revoke(client, key["serial"], "lost")
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual((answer.json["key"]["state"], answer.json["key"]["revokedByOwner"]),
                         ("revoked", True))
        again = self.revoke(client, key["serial"], "lost")
        self.assertEqual((again.status, again.code), (409, "key.revoked"))

    def test_an_officer_revokes_with_a_reason_that_the_person_reads(self):
        client, key = self.certified("xa19")
        answer = self.revoke(self.officer, key["serial"], "moved")
        self.assertEqual((answer.status, answer.code), (400, "key.needs_reason"))
        answer = self.revoke(self.officer, key["serial"], "moved", "Chuyển sang sở khác")
        self.assertEqual(answer.status, 200, answer.body)
        (mine,) = self.mine(client)["keys"]
        self.assertEqual((mine["state"], mine["revokedWhy"], mine["revokedByOwner"]),
                         ("revoked", "Chuyển sang sở khác", False))

    def test_a_renewal_names_the_certificate_that_it_follows(self):
        client, key = self.certified("xa20")
        asked = self.ask(client, renews=key["serial"])
        (seen,) = [one for one in self.waiting() if one["id"] == asked["id"]]
        self.assertEqual(seen["renews"], key["serial"])
        self.assertEqual(self.mine(client)["keys"][0]["state"], "valid")
        other = logged_in(self.server, "xa21").ask(
            "POST", "/api/v1/keys", json={"csr": request(), "renews": key["serial"]})
        self.assertEqual((other.status, other.code), (404, "key.unknown"))

    def test_officers_find_a_certificate_by_its_owner(self):
        client, key = self.certified("xa22")
        name = client.user["name"]
        page = self.officer.get("/api/v1/certificates?limit=200").json
        self.assertIn(key["serial"], [one["serial"] for one in page["certificates"]])
        one = self.officer.get("/api/v1/certificates?limit=1").json
        self.assertEqual(len(one["certificates"]), 1)
        self.assertIsNotNone(one["next"])
        query = self.officer.ask("GET", "/api/v1/certificates?query=khong-ai-ten-the-nay").json
        self.assertEqual(query["certificates"], [])
        self.assertTrue(all(one["person"] for one in page["certificates"]), name)

    def test_what_was_decided_outlives_a_kill(self):
        client, key = self.certified("xa23")
        lost, gone = self.certified("xa24")
        waits = self.ask(logged_in(self.server, "xa25"))
        self.assertEqual(self.revoke(lost, gone["serial"], "lost").status, 200)
        self.server.kill()
        self.server.start()
        type(self).officer = logged_in(self.server, "chungthuc")
        client, lost = logged_in(self.server, "xa23"), logged_in(self.server, "xa24")
        self.assertEqual(self.mine(client)["keys"], [key])
        self.assertEqual(self.mine(lost)["keys"][0]["state"], "revoked")
        self.assertIn(waits["id"], [one["id"] for one in self.waiting()])


if __name__ == "__main__":
    run()
