"""A province that replaced its timestamps: minutes are stamped by another machine's TSA, whose root
the administrator put into the trust folder, and whose CRL and OCSP are fetched from there."""

import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, __file__.rpartition("/")[0] + "/lib")
from authority import Authority, openssl  # noqa: E402
from door import Client, Server, run, wait_for  # noqa: E402
from held import HeldTest  # noqa: E402


class PlainDoor(http.server.ThreadingHTTPServer):
    """Plain HTTP in front of a server's authority, as docs/pki.md has an administrator put there;
    remembers what was asked."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), PlainHandler)
        self.behind = None
        self.asked = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class PlainHandler(http.server.BaseHTTPRequestHandler):
    def _pass_on(self, body=None):
        self.server.asked.append(self.path)
        answer = Client(self.server.behind).ask(self.command, self.path, body, {
            "Content-Type": self.headers["Content-Type"], "Origin": None})
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.headers["Content-Type"])
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def do_GET(self):
        self._pass_on()

    def do_POST(self):
        self._pass_on(self.rfile.read(int(self.headers["Content-Length"])))

    def log_message(self, *_):
        pass


class TsaElsewhere(HeldTest):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.plain = PlainDoor()
        cls.ministry = Authority(sys.argv[1], cls.at("ministry/ca"))
        os.mkdir(cls.at("ministry"))
        cls.ministry.do("init", "--province", "Bộ Mẫu", "--url", cls.plain.url + "/pki")
        cls.plain.behind = Server(sys.argv[1], data=cls.at("ministry"), demo=None,
                                  extra=f"[pki]\nurl = {cls.plain.url}/pki\n")
        cls.province = Authority(sys.argv[1], cls.at("province/ca"))
        os.mkdir(cls.at("province"))
        cls.province.do("init", "--province", "tỉnh Lam Giang")
        cls.province.do("export", "--out", cls.at("trust"))
        os.remove(cls.at("trust/tsa/province.pem"))
        for name in ("root.pem", "issuing.pem"):
            shutil.copy(cls.ministry.path(name), cls.at("trust/tsa/ministry-" + name))
        cls.server = Server(sys.argv[1], data=cls.at("province"), extra=(
            f"[pki]\ntsa_url = {cls.plain.url}/tsa\ntrust = {cls.at('trust')}\n"))

    @classmethod
    def tearDownClass(cls):
        cls.server.close()
        cls.plain.behind.close()
        cls.plain.shutdown()
        cls.plain.server_close()
        cls.temporary.cleanup()

    @classmethod
    def at(cls, name):
        return os.path.join(cls.temporary.name, name)

    def signed_minutes(self):
        self.hold()
        self.finalise()
        self.sign()
        wait_for("the archive", lambda: self.minutes()["keeping"] == "kept")
        path = self.at("minutes.pdf")
        with open(path, "wb") as file:
            file.write(self.chair.get(f"/api/v1/meetings/{self.id}/minutes/file").body)
        return path

    def verify(self, path, trust):
        done = subprocess.run([sys.argv[1], "verify", path, "--trust", trust],
                              capture_output=True, check=False)
        return json.loads(done.stdout)

    def test_the_issuing_ca_says_where_its_root_s_list_is(self):
        text = openssl("x509", "-in", self.ministry.path("issuing.pem"), "-noout", "-text")
        self.assertIn(f"URI:{self.plain.url}/pki/root.crl", text)

    def test_minutes_are_stamped_by_the_ministry_and_trusted_through_the_folder(self):
        path = self.signed_minutes()
        self.assertIn("/tsa", self.plain.asked)
        self.assertIn("/pki/ocsp", self.plain.asked)
        self.assertIn("/pki/root.crl", self.plain.asked)
        report = self.verify(path, self.at("trust"))
        self.assertEqual(report["verdict"], "valid", report)
        for signature in report["signatures"]:
            self.assertEqual(signature["timeSource"], "timestamp")
            self.assertIn("Bộ Mẫu", signature["timestampBy"])
            self.assertEqual(signature["revocation"], "good")
        own = self.verify(path, self.province.path("root.pem"))
        self.assertNotEqual([s["timeSource"] for s in own["signatures"]], ["timestamp"] * 2)


if __name__ == "__main__":
    run()
