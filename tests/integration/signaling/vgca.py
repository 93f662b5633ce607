"""Minutes signed by a program that returns the whole file: the stand-in of VGCA Sign Service over
real TLS, and what such programs may not do."""

import os
import subprocess
import sys

sys.path.insert(0, __file__.rpartition("/")[0] + "/lib")
from door import Client, logged_in, run  # noqa: E402
from held import HeldTest  # noqa: E402
from signer import Signer  # noqa: E402
import vgca  # noqa: E402

SIGNER = os.environ.get("WHOLE_FILE_SIGNER", "whole_file_signer")


class Vgca(HeldTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.finalise()
        cls.service = cls.program(cls.secretary, "secretary")

    @classmethod
    def tearDownClass(cls):
        cls.service.close()
        super().tearDownClass()

    @classmethod
    def program(cls, client, field):
        """On that person's machine, with their key."""
        signer = Signer(client)
        data = cls.server.data
        with open(os.path.join(data, "ca", "issuing.pem"), "rb") as file:
            issuer = subprocess.run(["openssl", "x509", "-outform", "DER"], input=file.read(),
                                    check=True, capture_output=True).stdout
        service = vgca.Service(SIGNER, signer.key, signer.certificate, issuer,
                               client.user["name"],
                               [os.path.join(data, "certs", n) for n in ("tls.pem", "tls-key.pem")],
                               os.path.join(data, "ca", "root.pem"), field=field,
                               connect_to="127.0.0.1")
        service.person = signer  # whose temporary folder holds the key
        return service

    def open(self, client=None, field="secretary"):
        return (client or self.secretary).ask(
            "POST", f"/api/v1/meetings/{self.id}/minutes/exchanges", json={"field": field})

    def state(self, exchange, client=None):
        return (client or self.secretary).get(f"/api/v1/exchanges/{exchange['id']}").json

    def talk(self, exchange, service=None):
        return vgca.ask((service or self.service).port, "SignApproved",
                        {"FileName": exchange["file"], "FileUploadHandler": exchange["upload"],
                         "SessionId": "", "JWTToken": "", "MetaData": []},
                        os.path.join(self.server.data, "ca", "root.pem"))

    def refused(self, spoil, code):
        exchange = self.open().json
        self.service.spoil = spoil
        answer = self.talk(exchange)
        self.service.spoil = None
        told = self.state(exchange)
        self.assertEqual((told["state"], told["refusal"]["code"]), ("refused", code))
        self.assertEqual((answer["Status"], answer["Message"]), (1, told["refusal"]["vi"]))
        self.assertEqual(self.minutes()["signatures"], [])

    def test_1_only_who_may_sign_now_gets_addresses(self):
        early = self.open(self.chair, "chair")
        self.assertEqual((early.status, early.code), (409, "signing.secretary_first"))
        other = self.open(self.chair, "secretary")
        self.assertEqual((other.status, other.code), (403, "signing.wrong_person"))
        stranger = self.open(logged_in(self.server, "quantri"))
        self.assertEqual(stranger.status, 404)

    def test_2_each_address_works_once_in_its_order_and_only_the_newest(self):
        old = self.open().json
        exchange = self.open().json
        self.assertEqual(self.service.fetch(old["file"])[0], 404)
        self.assertEqual(self.service.post(exchange["upload"], b"%PDF-")[0], 404)
        status, paper = self.service.fetch(exchange["file"])
        self.assertEqual((status, paper[:5]), (200, b"%PDF-"))
        self.assertEqual(self.service.fetch(exchange["file"])[0], 404)
        self.assertEqual(self.state(exchange), {"state": "fetched", "refusal": None})
        self.assertEqual(self.service.post(exchange["upload"], paper)[0], 422)
        self.assertEqual(self.service.post(exchange["upload"], self.service.sign(paper))[0], 404)
        unseen = self.chair.get(f"/api/v1/exchanges/{exchange['id']}")
        self.assertEqual((unseen.status, unseen.code), (404, "signing.unknown"))

    def test_3_what_was_not_handed_out_is_not_taken(self):
        other = "signing.returned_other_file"
        self.refused(lambda paper: paper, other)
        self.refused(lambda paper: paper[:-1], other)
        self.refused(lambda paper: b"%PDF-1.7\n" + self.service.sign(paper), other)
        self.refused(lambda paper: b"x", other)

        def flipped(paper):
            signed = bytearray(self.service.sign(paper))
            signed[len(paper) // 2] ^= 1
            return bytes(signed)
        self.refused(flipped, other)

    def test_4_what_is_not_one_more_valid_signature_is_not_taken(self):
        none = "signing.returned_not_signed"
        self.refused(lambda paper: paper + b"\n", none)
        self.refused(lambda paper: self.service.sign(self.service.sign(paper), "chair"), none)
        self.refused(lambda paper: self.service.sign(paper) + b"more", none)
        self.refused(lambda paper: self.service.sign(paper)[:-9], none)
        self.refused(lambda paper: self.service.sign(paper, "chair"), "signing.wrong_person")

    def test_5_another_persons_signature_is_not_taken(self):
        chairs = self.program(self.chair, "secretary")
        self.refused(chairs.sign, "signing.unknown_certificate")
        chairs.close()

    def test_6_secretary_and_chair_sign_with_their_programs(self):
        self.service.form = False  # the file alone, and in a form: programs differ
        for client, field, service in ((self.secretary, "secretary", self.service),
                                       (self.chair, "chair", self.program(self.chair, "chair"))):
            exchange = self.open(client, field)
            self.assertEqual(exchange.status, 201, exchange.body)
            answer = self.talk(exchange.json, service)
            self.assertEqual((answer["Status"], answer["Message"]), (0, ""))
            self.assertEqual(self.state(exchange.json, client),
                             {"state": "done", "refusal": None})
        self.assertEqual([one["field"] for one in self.minutes()["signatures"]],
                         ["secretary", "chair"])
        report = Client(self.server).get(f"/api/v1/verify/{self.minutes()['code']}").json["report"]
        self.assertEqual((report["verdict"], len(report["signatures"])), ("valid", 2))


if __name__ == "__main__":
    run()
