"""What the authority answers through the door: certificates, CRLs, OCSP and timestamps, each made
by and held against openssl's command line."""

import base64
import os
import shutil
import sys
import tempfile
import unittest
import urllib.parse

sys.path.insert(0, __file__.rpartition("/")[0] + "/lib")
from authority import Authority, openssl  # noqa: E402
from door import Client, DoorTest, Server, logged_in, run  # noqa: E402
from signer import Signer  # noqa: E402

OCSP_TYPE = "application/ocsp-request"
TSA_TYPE = "application/timestamp-query"


def read(path):
    with open(path, "rb") as file:
        return file.read()


class Pki(DoorTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.temporary = tempfile.TemporaryDirectory()
        cls.authority = Authority(sys.argv[1], os.path.join(cls.server.data, "ca"))
        cls.nobody = Client(cls.server)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()
        super().tearDownClass()

    def at(self, name):
        return os.path.join(self.temporary.name, name)

    def write(self, name, data):
        with open(self.at(name), "wb") as file:
            file.write(data)
        return self.at(name)

    def post(self, path, kind, body):
        return self.nobody.ask("POST", path, body, {"Content-Type": kind, "Origin": None})

    # -- OCSP ----------------------------------------------------------------------------------

    def ocsp_request(self, which, *more):
        openssl("ocsp", *more, "-issuer", self.authority.path("issuing.pem"), *which,
                "-reqout", self.at("ocsp.req"))
        return read(self.at("ocsp.req"))

    def judge_ocsp(self, answer, which, *more):
        """What openssl makes of an answer: it builds the responder's chain and compares nonces."""
        self.assertEqual((answer.status, answer.headers["Content-Type"]),
                         (200, "application/ocsp-response"))
        trust = ("-CAfile", self.authority.path("root.pem"), "-verify_other",
                 self.authority.path("issuing.pem"), "-respin",
                 self.write("ocsp.resp", answer.body))
        nonces = openssl("ocsp", "-reqin", self.at("ocsp.req"), *trust)
        self.assertIn("Response verify OK", nonces)
        return nonces + openssl("ocsp", "-no_nonce", *more, "-issuer",
                                self.authority.path("issuing.pem"), *which, *trust)

    def ask_ocsp(self, certificate, *more):
        which = ("-cert", certificate)
        return self.judge_ocsp(self.post("/pki/ocsp", OCSP_TYPE, self.ocsp_request(which, *more)),
                               which, *more)

    def test_a_good_certificate_a_revoked_one_and_one_never_issued(self):
        path = self.at("person.pem")
        serial = self.authority.issue("person", self.at("person"), "Nguyễn Văn Một")
        for more in ((), ("-no_nonce",), ("-sha256",)):
            text = self.ask_ocsp(path, *more)
            self.assertIn("Response verify OK", text)
            self.assertIn("person.pem: good", text)
            self.assertNotIn("WARNING", text)
        self.authority.do("revoke", serial, "--reason", "superseded")
        text = self.ask_ocsp(path)
        self.assertIn("person.pem: revoked", text)
        self.assertIn("Reason: superseded", text)

        which = ("-serial", "0x5EED0001")
        answer = self.post("/pki/ocsp", OCSP_TYPE, self.ocsp_request(which))
        self.assertIn("0x5EED0001: unknown", self.judge_ocsp(answer, which))

    def test_a_request_may_stand_in_the_path(self):
        self.authority.issue("person", self.at("path"), "Nguyễn Văn Hai")
        which = ("-cert", self.at("path.pem"))
        for _ in range(20):  # two slashes in a row are taken for one: another nonce, then
            request = base64.b64encode(self.ocsp_request(which)).decode()
            if "//" not in request:
                break
        answer = self.nobody.get("/pki/ocsp/" + urllib.parse.quote(request, safe=""))
        self.assertIn("path.pem: good", self.judge_ocsp(answer, which))

    def test_what_is_no_request_is_answered_so(self):
        for body in (b"\x30\x03\x02\x01\x00", b"text"):
            answer = self.post("/pki/ocsp", OCSP_TYPE, body)
            self.assertEqual((answer.status, answer.body), (200, bytes.fromhex("30030a0101")))
        self.assertEqual(self.nobody.get("/pki/ocsp/not-base64!").body,
                         bytes.fromhex("30030a0101"))
        self.assertEqual(self.post("/pki/ocsp", "text/plain", b"x").status, 415)
        self.assertEqual(self.post("/pki/ocsp", OCSP_TYPE, b"0" * 5000).status, 413)
        self.assertEqual(self.nobody.get("/pki/ocsp").status, 405)
        self.assertEqual(self.nobody.get("/pki/nothing").status, 404)

    # -- lists and certificates ----------------------------------------------------------------

    def test_certificates_and_lists_are_fetched_by_anybody(self):
        serial = self.authority.issue("person", self.at("listed"), "Nguyễn Văn Ba")
        pems = {}
        for path, kind, command in (("/pki/ca.crt", "application/pkix-cert", "x509"),
                                    ("/pki/root.crt", "application/pkix-cert", "x509"),
                                    ("/pki/crl", "application/pkix-crl", "crl"),
                                    ("/pki/root.crl", "application/pkix-crl", "crl")):
            answer = self.nobody.get(path)
            self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, kind))
            pems[path] = self.at(path.rpartition("/")[2] + ".pem")
            openssl(command, "-inform", "DER", "-in", self.write("der", answer.body), "-out",
                    pems[path])
        lists = ("-crl_check_all", "-CRLfile", pems["/pki/crl"], "-CRLfile",
                 pems["/pki/root.crl"])
        chain = ("verify", "-x509_strict", "-CAfile", pems["/pki/root.crt"], "-untrusted",
                 pems["/pki/ca.crt"], *lists, self.at("listed.pem"))
        openssl(*chain)
        self.authority.do("revoke", serial, "--reason", "cessation")
        openssl("crl", "-inform", "DER", "-in",
                self.write("der", self.nobody.get("/pki/crl").body), "-out", pems["/pki/crl"])
        self.assertIn("certificate revoked", openssl(*chain, fails=True))

    def test_certificates_say_where_all_this_is(self):
        self.authority.issue("person", self.at("places"), "Nguyễn Văn Bốn")
        text = openssl("x509", "-in", self.at("places.pem"), "-noout", "-text")
        self.assertRegex(text, rf"OCSP - URI:https://[^/]*:{self.server.port}/pki/ocsp")
        self.assertRegex(text, rf"URI:https://[^/]*:{self.server.port}/pki/crl")

    # -- timestamps ----------------------------------------------------------------------------

    def tsa(self, *more):
        self.write("data", b"Nam 2026")
        openssl("ts", "-query", "-data", self.at("data"), "-out", self.at("q.tsq"), *more)
        answer = self.post("/tsa", TSA_TYPE, read(self.at("q.tsq")))
        self.assertEqual((answer.status, answer.headers["Content-Type"]),
                         (200, "application/timestamp-reply"))
        return self.write("r.tsr", answer.body)

    def test_a_stamp_that_openssl_verifies(self):
        reply = self.tsa("-sha256", "-cert")
        chain = ("-CAfile", self.authority.path("root.pem"), "-untrusted",
                 self.authority.path("issuing.pem"))
        for what in (("-queryfile", self.at("q.tsq")), ("-data", self.at("data"))):
            self.assertIn("Verification: OK",
                          openssl("ts", "-verify", *what, "-in", reply, *chain))
        text = openssl("ts", "-reply", "-in", reply, "-text")
        self.assertIn("Status: Granted.", text)
        self.assertRegex(text, r"Policy OID: 2\.25\.\d{30,}")
        self.assertIn("Accuracy: 0x01 seconds", text)
        self.assertNotIn("Nonce: unspecified", text)
        self.write("data", b"Nam 2027")
        openssl("ts", "-verify", "-data", self.at("data"), "-in", reply, *chain, fails=True)

    def test_other_digests_and_policies_and_noise_are_rejected(self):
        for more, why in ((("-sha1",), "unrecognized or unsupported algorithm"),
                          (("-sha256", "-tspolicy", "1.2.3.4"), "policy is not supported")):
            text = openssl("ts", "-reply", "-in", self.tsa(*more), "-text")
            self.assertIn("Status: Rejected.", text)
            self.assertIn(why, text)
        answer = self.post("/tsa", TSA_TYPE, b"noise")
        text = openssl("ts", "-reply", "-in", self.write("noise.tsr", answer.body), "-text")
        self.assertIn("Status: Rejected.", text)
        self.assertEqual(self.post("/tsa", TSA_TYPE, b"0" * 5000).status, 413)
        self.assertEqual(self.post("/tsa", "text/plain", b"0").status, 415)

    # -- keys of people ------------------------------------------------------------------------

    def test_a_key_certified_in_a_browser_is_in_the_register(self):
        signer = Signer(logged_in(self.server, "thuky"))
        self.assertIn(f"{signer.serial}\tperson\tgood", self.authority.do("list"))


class Rate(unittest.TestCase):
    def test_whoever_asks_without_end_is_asked_to_wait(self):
        server = Server(sys.argv[1])
        self.addCleanup(server.close)
        connection = server.http()
        statuses = set()
        for _ in range(2000):
            connection.request("GET", "/pki/ca.crt")
            answer = connection.getresponse()
            answer.read()
            statuses.add(answer.status)
            if answer.status != 200:
                self.assertEqual(answer.headers["Retry-After"], "1")
                break
        self.assertEqual(statuses, {200, 503})
        connection.close()


class Folders(unittest.TestCase):
    def start(self, extra=""):
        server = Server(sys.argv[1], extra=extra)
        self.addCleanup(server.close)
        return server

    def test_a_folder_of_before_the_register_goes_on_working(self):
        server = self.start()
        signer = Signer(logged_in(server, "thuky"))
        authority = Authority(sys.argv[1], os.path.join(server.data, "ca"))
        root = read(authority.path("root.pem"))
        self.assertEqual(server.stop(), 0)
        for name in ("register", "lock", "url", "crl.der", "root-crl.der", "ocsp.pem",
                     "ocsp-key.pem", "tsa.pem", "tsa-key.pem"):
            os.remove(authority.path(name))
        shutil.rmtree(authority.path("issued"))
        shutil.rmtree(os.path.join(server.data, "trust"))
        self.assertEqual(sorted(os.listdir(authority.folder)),
                         ["issuing-key.pem", "issuing.pem", "root-key.pem", "root.pem"])
        server.start()
        self.assertEqual(read(authority.path("root.pem")), root)
        self.assertIn(f"{signer.serial}\tperson\tgood", authority.do("list"))
        self.assertIn("BEGIN CERTIFICATE", authority.do("show", signer.serial))

    def test_an_anchor_that_is_taken_out_stays_out(self):
        server = self.start()
        people = os.path.join(server.data, "trust", "people")
        self.assertEqual(os.listdir(people), ["province.pem"])
        other = Authority(sys.argv[1], os.path.join(server.folder, "other"))
        other.do("init")
        self.assertEqual(server.stop(), 0)
        os.rename(other.path("root.pem"), os.path.join(people, "ban-co-yeu.pem"))
        os.remove(os.path.join(people, "province.pem"))
        server.start()
        self.assertEqual(os.listdir(people), ["ban-co-yeu.pem"])

    def test_a_register_that_somebody_changed_is_refused(self):
        server = self.start()
        path = os.path.join(server.data, "ca", "register")
        self.assertEqual(server.stop(), 0)
        text = read(path)
        with open(path, "wb") as file:
            file.write(text.replace(b" issue ", b" issue  ", 1))
        with self.assertRaises(AssertionError):
            server.start()
        self.assertIn("door.certificates", server.read_log())

    def test_the_settings_name_address_and_trust(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        trust = os.path.join(folder.name, "trust")
        authority = Authority(sys.argv[1], os.path.join(folder.name, "ca"))
        authority.do("init")
        authority.do("export", "--out", trust)
        server = self.start(f"[pki]\nurl = http://pki.lamgiang.example\ntrust = {trust}\n")
        self.assertFalse(os.path.exists(os.path.join(server.data, "trust")))
        own = Authority(sys.argv[1], os.path.join(server.data, "ca"))
        stem = os.path.join(folder.name, "person")
        own.issue("person", stem, "Nguyễn Văn Năm")
        self.assertIn("URI:http://pki.lamgiang.example/ocsp",
                      openssl("x509", "-in", stem + ".pem", "-noout", "-text"))


if __name__ == "__main__":
    run()
