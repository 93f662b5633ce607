"""The authority answers on threads of its own: while a list cannot be made, because another process
has the CA's folder, everybody else is answered; those who wait are counted, and bounded."""

import contextlib
import fcntl
import os
import sys
import tempfile

sys.path.insert(0, __file__.rpartition("/")[0] + "/lib")
from authority import Authority, openssl  # noqa: E402
from door import Client, DoorTest, logged_in, run, wait_for  # noqa: E402

WAITING_MAX = 64  # LIMIT_AUTHORITY_WAITING


class AuthorityJobs(DoorTest):
    def setUp(self):
        self.authority = Authority(sys.argv[1], os.path.join(self.server.data, "ca"))
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.nobody = Client(self.server)
        # What was revoked makes a new list due.
        self.serial = self.authority.issue("person", self.at("person"), "Nguyễn Văn Một")
        self.authority.do("revoke", self.serial, "--reason", "superseded")

    def at(self, name):
        return os.path.join(self.temporary.name, name)

    @contextlib.contextmanager
    def folder_held(self):
        """As `dienhong ca` holds it for a moment; here until the end of the block."""
        with open(self.authority.path("lock"), "rb+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def waiting(self):
        return self.server.metric("dienhong_authority_waiting")

    def ask_list(self):
        """Asks, and gives the connection on which the answer will come."""
        connection = self.server.http()
        self.addCleanup(connection.close)
        connection.request("GET", "/pki/crl")
        return connection

    def take_list(self, connection):
        answer = connection.getresponse()
        body = answer.read()
        self.assertEqual((answer.status, answer.headers["Content-Type"]),
                         (200, "application/pkix-crl"), body[:200])
        return body

    def revoked(self, body):
        with open(self.at("crl.der"), "wb") as file:
            file.write(body)
        return openssl("crl", "-inform", "DER", "-in", self.at("crl.der"), "-noout",
                       "-text").lower()

    def post(self, path, kind, name):
        with open(self.at(name), "rb") as file:
            return self.nobody.ask("POST", path, file.read(),
                                   {"Content-Type": kind, "Origin": None})

    def test_while_a_list_cannot_be_made_all_else_is_answered(self):
        openssl("ocsp", "-issuer", self.authority.path("issuing.pem"), "-cert",
                self.at("person.pem"), "-reqout", self.at("ocsp.req"))
        openssl("ts", "-query", "-digest", "00" * 32, "-sha256", "-cert", "-out", self.at("tsq"))
        with self.folder_held():
            list_to_come = self.ask_list()
            wait_for("the list to be asked for", lambda: self.waiting() == 1)
            self.assertEqual(self.nobody.get("/pki/ca.crt").status, 200)
            self.assertEqual(self.nobody.get("/").status, 200)
            secretary = logged_in(self.server, "thuky")
            self.assertEqual(secretary.get("/api/v1/meetings").status, 200)
            status = self.post("/pki/ocsp", "application/ocsp-request", "ocsp.req")
            with open(self.at("ocsp.resp"), "wb") as file:
                file.write(status.body)
            self.assertIn("person.pem: revoked", openssl(
                "ocsp", "-respin", self.at("ocsp.resp"), "-issuer",
                self.authority.path("issuing.pem"), "-cert", self.at("person.pem"), "-CAfile",
                self.authority.path("root.pem"), "-verify_other",
                self.authority.path("issuing.pem"), "-no_nonce"))
            stamp = self.post("/tsa", "application/timestamp-query", "tsq")
            self.assertEqual((stamp.status, stamp.headers["Content-Type"]),
                             (200, "application/timestamp-reply"))
            self.assertEqual(self.nobody.get("/pki/root.crl").status, 200)
            # and the list is still to come
            self.assertEqual(self.waiting(), 1)
        self.assertIn(self.serial, self.revoked(self.take_list(list_to_come)))

    def test_whoever_waits_gets_the_list(self):
        with self.folder_held():
            connections = [self.ask_list() for _ in range(5)]
            wait_for("all to be there", lambda: self.waiting() == len(connections))
            connections.pop().close()  # one gives up
        bodies = {self.take_list(connection) for connection in connections}
        self.assertEqual(len(bodies), 1)
        self.assertIn(self.serial, self.revoked(bodies.pop()))
        wait_for("nobody to wait", lambda: self.waiting() == 0)

    def test_more_than_may_wait_are_refused_by_name_and_counted(self):
        refused = self.server.metric("dienhong_authority_refused_total")
        with self.folder_held():
            connections = [self.ask_list() for _ in range(WAITING_MAX)]
            wait_for("all to be there", lambda: self.waiting() == WAITING_MAX)
            answer = self.nobody.get("/pki/crl")
            self.assertEqual((answer.status, answer.code, answer.headers["Retry-After"]),
                             (503, "authority.busy", "1"))
            self.assertEqual(self.server.metric("dienhong_authority_refused_total"), refused + 1)
            self.assertEqual(self.nobody.get("/pki/ca.crt").status, 200)
        for connection in connections:
            self.take_list(connection)
        wait_for("nobody to wait", lambda: self.waiting() == 0)
        self.assertEqual(self.nobody.get("/pki/crl").status, 200)

    def test_a_list_is_the_same_until_something_changes(self):
        first = self.take_list(self.ask_list())
        self.assertEqual(self.take_list(self.ask_list()), first)
        serial = self.authority.issue("person", self.at("other"), "Nguyễn Văn Hai")
        self.assertEqual(self.take_list(self.ask_list()), first)
        self.authority.do("revoke", serial, "--reason", "cessation")
        self.assertIn(serial, self.revoked(self.take_list(self.ask_list())))


if __name__ == "__main__":
    run()
