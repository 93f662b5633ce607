"""Minutes signed with a token in the signer's own machine, through the reference helper of
docs/signing-helper.md; and everything that the helper must refuse to sign."""

import base64
import hashlib
import http.client
import json
import os
import subprocess
import sys
import tempfile
import urllib.parse

sys.path.insert(0, __file__.rpartition("/")[0] + "/lib")
from door import DoorTest, logged_in, run  # noqa: E402
from held import HeldTest  # noqa: E402

HELPER = os.environ.get("SIGNING_HELPER", "signing_helper")
MODULE = "/usr/lib/softhsm/libsofthsm2.so"
PIN = "135790"
ORIGIN = "https://hop.example:8443"


class Machine:
    """A person's machine: a token with their key, and the helper that knows one web site."""

    def __init__(self, program):
        self.program = program
        self.folder = tempfile.TemporaryDirectory()
        os.mkdir(self.path("tokens"))
        with open(self.path("softhsm2.conf"), "w", encoding="utf-8") as file:
            file.write(f"directories.tokendir = {self.path('tokens')}\nlog.level = ERROR\n")
        self.environment = {**os.environ, "SOFTHSM2_CONF": self.path("softhsm2.conf")}
        subprocess.run(["softhsm2-util", "--init-token", "--free", "--label", "toi",
                        "--so-pin", "12345678", "--pin", PIN], check=True, capture_output=True,
                       env=self.environment)
        self.helper = None

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def tool(self, command, *more):
        return subprocess.run([self.program, "seal", command, "--module", MODULE, "--token", "toi",
                               "--label", "khoa-ky", *more], input=(PIN + "\n").encode(),
                              check=True, capture_output=True, env=self.environment).stdout

    def enrol(self, client, officer):
        """The key is made in the token; an officer approves its request like any other."""
        text = self.tool("request", "--name", "x").decode()
        csr = "".join(text.splitlines()[1:-1])
        asked = client.ask("POST", "/api/v1/keys", json={"csr": csr}).json["request"]
        officer.ask("POST", f"/api/v1/key-requests/{asked['id']}", json={"approve": True})
        (key,) = [one for one in client.get("/api/v1/keys").json["keys"]
                  if one["spki"] == asked["spki"]]
        with open(self.path("certificate.der"), "wb") as file:
            file.write(base64.b64decode(key["certificate"]))
        self.tool("keep", "--certificate", self.path("certificate.der"))
        return key

    def start(self):
        self.helper = subprocess.Popen(
            [HELPER, MODULE, "toi", "khoa-ky", "0", self.folder.name, ORIGIN],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=open(self.path("shown"), "wb"),
            env=self.environment)
        self.port = int(self.helper.stdout.readline().split()[1])

    def shown(self):
        with open(self.path("shown"), encoding="utf-8") as file:
            return file.read()

    def ask(self, method, path, body=None, origin=ORIGIN, host=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Host": host or f"127.0.0.1:{self.port}", "Origin": origin}
        connection.request(method, path, body,
                           {k: v for k, v in headers.items() if v is not None})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, json.loads(text) if text else None, answer.headers

    def type(self, pin):
        self.helper.stdin.write((pin + "\n").encode())
        self.helper.stdin.flush()

    def sign(self, file, byte_range, pin=PIN, title="Biên bản"):
        """As the page asks, and the person answers at the terminal (None: is not even asked)."""
        if pin is not None:
            self.type(pin)
        query = urllib.parse.urlencode({"title": title,
                                        "byteRange": ",".join(str(n) for n in byte_range)})
        return self.ask("POST", f"/v1/signatures?{query}", file)[:2]

    def close(self):
        if self.helper:
            self.helper.kill()
            self.helper.wait()
        self.folder.cleanup()


class Helper(HeldTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.finalise()
        cls.machine = Machine(sys.argv[1])
        cls.key = cls.machine.enrol(cls.secretary, logged_in(cls.server, "chungthuc"))
        cls.machine.start()

    @classmethod
    def tearDownClass(cls):
        cls.machine.close()
        super().tearDownClass()

    def prepare(self):
        prepared = self.secretary.ask(
            "POST", f"/api/v1/meetings/{self.id}/minutes/signatures",
            json={"field": "secretary", "serial": self.key["serial"]})
        self.assertEqual(prepared.status, 201, prepared.body)
        return prepared.json, self.secretary.get(prepared.json["file"]).body

    def test_1_pages_that_it_was_not_told_of_learn_nothing(self):
        for origin, host in (("https://evil.example", None), (None, None),
                             (ORIGIN, "hop.example"), (ORIGIN, "localhost:1")):
            for method, path in (("GET", "/v1/certificate"), ("OPTIONS", "/v1/signatures"),
                                 ("POST", "/v1/signatures?title=x&byteRange=0,1,2,3")):
                status, body, headers = self.machine.ask(method, path, b"", origin, host)
                self.assertEqual((status, body), (403, None))
                self.assertIsNone(headers["Access-Control-Allow-Origin"])
        status, body, headers = self.machine.ask("GET", "/v1/certificate")
        self.assertEqual((status, body["certificate"]), (200, self.key["certificate"]))
        self.assertEqual(headers["Access-Control-Allow-Origin"], ORIGIN)

    def test_2_what_is_no_whole_file_is_not_signed_nor_shown(self):
        prepared, file = self.prepare()
        zero, begin, end, tail = prepared["byteRange"]
        digest = hashlib.sha256(file).digest()
        wrong = [(digest, [0, 8, 16, 16]),              # a hash is not a paper
                 (file, [0, begin, end, tail - 1]),     # not to its end
                 (file, [0, begin - 1, end, tail]),     # more left out than the gap
                 (file, [0, begin, end + 1, tail - 1]),
                 (file, [1, begin, end, tail]),
                 (file, [0, end, begin, tail]),
                 (file, [0, 2 ** 64 - 1, end, tail]),
                 (file[:begin + 9] + b"1" + file[begin + 10:], prepared["byteRange"]),
                 (b"%PDX" + file[4:], prepared["byteRange"]),
                 (b"", [0, 0, 0, 0])]
        for data, byte_range in wrong:
            self.assertEqual(self.machine.sign(data, byte_range, pin=None),
                             (422, {"error": "not_whole"}))
        for query in ("title=x", "byteRange=0,1,2,3", "title=x&byteRange=0,1,2",
                      "title=x&byteRange=0,1,2,3,4", "title=x&byteRange=a"):
            status, body, _ = self.machine.ask("POST", f"/v1/signatures?{query}", file)
            self.assertEqual((status, body), (422, {"error": "not_whole"}))
        self.assertEqual(self.machine.shown(), "")

    def test_3_without_the_persons_yes_or_the_right_pin_nothing_is_signed(self):
        prepared, file = self.prepare()
        self.assertEqual(self.machine.sign(file, prepared["byteRange"], pin=""),
                         (403, {"error": "declined"}))
        self.assertEqual(self.machine.sign(file, prepared["byteRange"], pin="000000"),
                         (403, {"error": "pin_wrong"}))

    def test_4_the_person_sees_what_is_signed_and_the_signature_stands(self):
        prepared, file = self.prepare()
        status, answer = self.machine.sign(file, prepared["byteRange"],
                                           title="Biên bản\x1b[2J họp")
        self.assertEqual(status, 200, answer)
        shown = self.machine.shown()
        self.assertIn("Biên bản [2J họp", shown)
        self.assertIn(ORIGIN, shown)
        self.assertIn(hashlib.sha256(file).hexdigest(), shown)
        with open(self.machine.path(hashlib.sha256(file).hexdigest()[:16] + ".pdf"), "rb") as kept:
            self.assertEqual(kept.read(), file)
        signed = self.secretary.ask("POST", f"/api/v1/signing/{prepared['id']}",
                                    json={"signature": answer["signature"]})
        self.assertEqual(signed.status, 200, signed.body)
        minutes = self.secretary.get(f"/api/v1/meetings/{self.id}/minutes").json
        self.assertEqual([one["field"] for one in minutes["signatures"]], ["secretary"])


class Enrolment(DoorTest):
    """The key is made in the token and its certificate put there, all through the helper."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.machine = Machine(sys.argv[1])
        cls.machine.start()

    @classmethod
    def tearDownClass(cls):
        cls.machine.close()
        super().tearDownClass()

    def post(self, path, body=b"", pin=None):
        if pin is not None:
            self.machine.type(pin)
        return self.machine.ask("POST", path, body)[:2]

    def test_the_whole_way_of_a_certificate_into_the_token(self):
        machine, name = self.machine, urllib.parse.quote("Lê Văn Ước")
        self.assertEqual(machine.ask("GET", "/v1/certificate")[:2],
                         (503, {"error": "no_certificate"}))
        self.assertEqual(machine.ask("GET", "/v1/requests")[:2], (404, {"error": "no_request"}))
        for bad in ("", "?name=", "?name=" + "x" * 200, "?name=%ff"):
            self.assertEqual(self.post("/v1/requests" + bad), (422, {"error": "no_name"}))
        self.assertEqual(self.post("/v1/requests?name=" + name, pin=""),
                         (403, {"error": "declined"}))
        self.assertEqual(self.post("/v1/requests?name=" + name, pin="000000"),
                         (403, {"error": "pin_wrong"}))
        status, asked = self.post("/v1/requests?name=" + name, pin=PIN)
        self.assertEqual(status, 200, asked)
        self.assertIn("Lê Văn Ước", machine.shown())
        # Asked again, it is the same key, and nobody is asked for a PIN.
        self.assertEqual(self.post("/v1/requests?name=" + name), (200, asked))
        self.assertEqual(machine.ask("GET", "/v1/requests")[:2], (200, asked))

        client, officer = logged_in(self.server, "xa01"), logged_in(self.server, "chungthuc")
        made = client.ask("POST", "/api/v1/keys", json={"csr": asked["csr"]})
        self.assertEqual(made.status, 202, made.body)
        request = made.json["request"]
        self.assertEqual(request["spki"], asked["spki"])
        officer.ask("POST", f"/api/v1/key-requests/{request['id']}", json={"approve": True})
        (key,) = client.get("/api/v1/keys").json["keys"]
        certificate = base64.b64decode(key["certificate"])
        other = self.other_certificate(officer)
        for wrong in (b"", b"x", certificate[:-1], certificate + b"x", other):
            self.assertEqual(self.post("/v1/certificates", wrong), (422, {"error": "other_key"}))
        self.assertEqual(self.post("/v1/certificates", certificate, pin=""),
                         (403, {"error": "declined"}))
        self.assertEqual(self.post("/v1/certificates", certificate, pin=PIN), (200, {}))
        self.assertEqual(machine.ask("GET", "/v1/certificate")[1],
                         {"certificate": key["certificate"]})
        self.assertEqual(machine.ask("GET", "/v1/requests")[0], 404)
        self.assertEqual(self.post("/v1/requests?name=" + name),
                         (403, {"error": "has_certificate"}))

    def other_certificate(self, officer):
        """Of somebody else's key."""
        client = logged_in(self.server, "xa02")
        der = subprocess.run(["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt",
                              "ec_paramgen_curve:P-256", "-nodes", "-keyout", "/dev/null",
                              "-subj", "/CN=x", "-outform", "DER"], check=True,
                             capture_output=True).stdout
        asked = client.ask("POST", "/api/v1/keys",
                           json={"csr": base64.b64encode(der).decode()}).json["request"]
        officer.ask("POST", f"/api/v1/key-requests/{asked['id']}", json={"approve": True})
        return base64.b64decode(client.get("/api/v1/keys").json["keys"][0]["certificate"])


if __name__ == "__main__":
    run()
