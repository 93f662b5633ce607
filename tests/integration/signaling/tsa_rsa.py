"""A province whose timestamps come from an authority with RSA keys, as most in the field have: made
by openssl's command line, reached over HTTP, its lists too."""

import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, __file__.rpartition("/")[0] + "/lib")
from authority import Authority  # noqa: E402
from door import Server, run, wait_for  # noqa: E402
from held import HeldTest  # noqa: E402

CONFIG = """
[req]
distinguished_name = dn
[dn]
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[issuing]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
crlDistributionPoints = URI:@URL@/root.crl
[tsa]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
crlDistributionPoints = URI:@URL@/issuing.crl
[ca]
default_ca = own
[own]
database = index.txt
crlnumber = crlnumber
default_md = sha256
default_crl_days = 30
[stamp]
serial = serial
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


class Ministry(http.server.ThreadingHTTPServer):
    """An RSA authority in a folder, and its address."""

    def __init__(self, folder, bits, sends_chain):
        super().__init__(("127.0.0.1", 0), MinistryHandler)
        self.folder, self.sends_chain = folder, sends_chain
        self.lock = threading.Lock()
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        os.mkdir(folder)
        for name, text in (("config", CONFIG.replace("@URL@", self.url)), ("index.txt", ""),
                           ("crlnumber", "01\n"), ("serial", "01\n")):
            with open(self.at(name), "w", encoding="utf-8") as file:
                file.write(text)
        self.openssl("req", "-x509", "-newkey", "rsa:3072", "-nodes", "-config", "config",
                     "-extensions", "root", "-days", "30", "-sha256", "-subj",
                     "/C=VN/O=Bo Mau/CN=Root", "-keyout", "root-key.pem", "-out", "root.pem")
        self.certify("issuing", "root", 2048)
        self.certify("tsa", "issuing", bits)
        for stem in ("root", "issuing"):
            self.openssl("ca", "-gencrl", "-config", "config", "-cert", stem + ".pem", "-keyfile",
                         stem + "-key.pem", "-out", "list.pem")
            self.openssl("crl", "-in", "list.pem", "-outform", "DER", "-out", stem + ".crl")
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def at(self, name):
        return os.path.join(self.folder, name)

    def openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    def certify(self, stem, issuer, bits):
        self.openssl("req", "-new", "-newkey", f"rsa:{bits}", "-nodes", "-config", "config",
                     "-keyout", stem + "-key.pem", "-subj", f"/C=VN/O=Bo Mau/CN={stem}", "-out",
                     stem + ".csr")
        self.openssl("x509", "-req", "-in", stem + ".csr", "-CA", issuer + ".pem", "-CAkey",
                     issuer + "-key.pem", "-CAcreateserial", "-days", "20", "-sha256", "-extfile",
                     "config", "-extensions", stem, "-out", stem + ".pem")

    def stamp(self, query):
        with self.lock:
            with open(self.at("query"), "wb") as file:
                file.write(query)
            chain = ("-chain", "issuing.pem") if self.sends_chain else ()
            self.openssl("ts", "-reply", "-config", "config", "-section", "stamp", "-queryfile",
                         "query", "-signer", "tsa.pem", "-inkey", "tsa-key.pem", *chain, "-out",
                         "reply")
            with open(self.at("reply"), "rb") as file:
                return file.read()


class MinistryHandler(http.server.BaseHTTPRequestHandler):
    def _answer(self, kind, body):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        with open(self.server.at(os.path.basename(self.path)), "rb") as file:
            self._answer("application/pkix-crl", file.read())

    def do_POST(self):
        query = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer("application/timestamp-reply", self.server.stamp(query))

    def log_message(self, *_):
        pass


class TsaRsa2048(HeldTest):
    """Its tokens carry its own certificate alone: the CA between is in the trust folder."""

    bits, sends_chain = 2048, False

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.ministry = Ministry(cls.at("ministry"), cls.bits, cls.sends_chain)
        os.mkdir(cls.at("province"))
        province = Authority(sys.argv[1], cls.at("province/ca"))
        province.do("init", "--province", "tỉnh Lam Giang")
        province.do("export", "--out", cls.at("trust"))
        os.remove(cls.at("trust/tsa/province.pem"))
        for name in ("root",) if cls.sends_chain else ("root", "issuing"):
            with open(cls.ministry.at(name + ".pem"), "rb") as file, \
                    open(cls.at(f"trust/tsa/ministry-{name}.pem"), "wb") as copy:
                copy.write(file.read())
        cls.server = Server(sys.argv[1], data=cls.at("province"), extra=(
            f"[pki]\ntsa_url = {cls.ministry.url}/tsa\ntrust = {cls.at('trust')}\n"))

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.ministry.shutdown()
        cls.ministry.server_close()
        cls.temporary.cleanup()

    @classmethod
    def at(cls, name):
        return os.path.join(cls.temporary.name, name)

    def test_minutes_are_stamped_archived_and_valid_from_the_file_alone(self):
        self.hold()
        self.finalise()
        self.sign()
        wait_for("the archive", lambda: self.minutes()["keeping"] == "kept")
        path = self.at("minutes.pdf")
        with open(path, "wb") as file:
            file.write(self.chair.get(f"/api/v1/meetings/{self.id}/minutes/file").body)
        done = subprocess.run([sys.argv[1], "verify", path, "--trust", self.at("trust")],
                              capture_output=True, check=False)
        report = json.loads(done.stdout)
        self.assertEqual(report["verdict"], "valid", report)
        self.assertEqual(len(report["signatures"]), 2)
        for signature in report["signatures"]:
            self.assertEqual(signature["timeSource"], "timestamp")
            self.assertIn("Bo Mau", signature["timestampBy"])
            self.assertEqual(signature["revocation"], "good")


class TsaRsa3072(TsaRsa2048):
    """Its tokens carry the CA between too."""

    bits, sends_chain = 3072, True


if __name__ == "__main__":
    run()
