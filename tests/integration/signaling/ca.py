"""The authority from a terminal: `dienhong ca`, with openssl as the judge of what it makes."""

import os
import random
import signal
import stat
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, __file__.rpartition("/")[0] + "/lib")
from authority import Authority, openssl  # noqa: E402
from door import run  # noqa: E402

URL = "https://hop.lamgiang.example:8443/pki"


class Ca(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.root = self.temporary.name
        self.authority = Authority(sys.argv[1], self.at("ca"))
        self.authority.do("init", "--province", "tỉnh Lam Giang", "--url", URL)

    def at(self, name):
        return os.path.join(self.root, name)

    def text_of(self, path):
        return openssl("x509", "-in", path, "-noout", "-text", "-nameopt", "utf8,sep_comma_plus")

    def test_an_authority_is_made_once_and_not_over_another(self):
        status, out, err = self.authority.ca("init")
        self.assertEqual((status, out), (1, ""))
        self.assertIn("đã tồn tại", err)
        self.assertIn("exists already", err)
        issuing = self.text_of(self.authority.path("issuing.pem"))
        self.assertIn("CA:TRUE, pathlen:0", issuing)
        self.assertNotIn("phát triển", issuing)
        self.assertIn("OK", openssl("verify", "-x509_strict", "-CAfile",
                                    self.authority.path("root.pem"),
                                    self.authority.path("issuing.pem")))

    def test_an_address_that_is_none_makes_no_authority(self):
        other = Authority(sys.argv[1], self.at("other"))
        for url in ("pki.lamgiang.example", "ftp://x/pki", "https://x/pki/", "https://x/a,b"):
            status, _, err = other.ca("init", "--url", url)
            self.assertEqual(status, 1, url)
            self.assertIn("bắt đầu bằng https://", err)
            self.assertIn("must begin with https://", err)
            self.assertFalse(os.path.exists(other.folder))

    def test_a_folder_without_an_authority_is_told_and_stays_empty(self):
        other = Authority(sys.argv[1], self.at("mistyped"))
        status, _, err = other.ca("list")
        self.assertEqual(status, 1)
        self.assertIn("không có CA", err)
        self.assertIn("no authority", err)
        self.assertFalse(os.path.exists(other.folder))

    def test_each_kind_is_for_its_own_use(self):
        issue = self.authority.issue
        issue("person", self.at("person"), "Nguyễn Thị Hồng Thắm", "--position", "Phó Chủ tịch",
              "--unit", "UBND xã Yên Hòa", "--id", "42")
        issue("agency", self.at("agency"), "Ủy ban nhân dân tỉnh Lam Giang")
        issue("tls", self.at("tls"), "hop", "--host", "hop.lamgiang.example", "--host", "::1")
        issue("tsa", self.at("tsa"), "Dấu thời gian")
        issue("ocsp", self.at("ocsp"), "Trạng thái")
        for kind in ("person", "agency", "tls", "tsa", "ocsp"):
            self.assertIn("OK", self.authority.verify(self.at(kind + ".pem")))
        self.authority.verify(self.at("tls.pem"), "-purpose", "sslserver")
        self.authority.verify(self.at("tsa.pem"), "-purpose", "timestampsign")
        self.authority.verify(self.at("tls.pem"), "-purpose", "timestampsign", fails=True)
        self.authority.verify(self.at("tsa.pem"), "-purpose", "sslserver", fails=True)
        person, tsa = self.text_of(self.at("person.pem")), self.text_of(self.at("tsa.pem"))
        self.assertIn("Digital Signature, Non Repudiation", person)
        self.assertIn("Phó Chủ tịch", person)
        for place in (f"OCSP - URI:{URL}/ocsp", f"CA Issuers - URI:{URL}/ca.crt",
                      f"URI:{URL}/crl"):
            self.assertIn(place, person)
        self.assertIn("X509v3 Extended Key Usage: critical\n                Time Stamping\n", tsa)
        ocsp, tls = self.text_of(self.at("ocsp.pem")), self.text_of(self.at("tls.pem"))
        self.assertIn("OCSP Signing", ocsp)
        self.assertIn("OCSP No Check", ocsp)
        self.assertNotIn("URI:", ocsp)
        self.assertIn("DNS:hop.lamgiang.example", tls)

    def test_what_cannot_be_certified_is_explained_in_two_languages(self):
        openssl("genrsa", "-out", self.at("rsa.pem"), "2048")
        openssl("req", "-new", "-key", self.at("rsa.pem"), "-subj", "/CN=x", "-out",
                self.at("rsa.csr"))
        with open(self.at("text.csr"), "w", encoding="utf-8") as file:
            file.write("not a request")
        for csr, vi, en in (("rsa.csr", "P-256", "P-256"), ("text.csr", "PKCS#10", "PKCS#10"),
                            ("none.csr", "không có tệp", "no such file")):
            status, out, err = self.authority.ca("issue person", "--csr", self.at(csr), "--out",
                                                 self.at("x.pem"), "--name", "X")
            self.assertEqual((status, out), (1, ""), csr)
            self.assertEqual(len(err.strip().splitlines()), 2)
            self.assertIn(vi, err.splitlines()[0])
            self.assertIn(en, err.splitlines()[1])
        self.assertFalse(os.path.exists(self.at("x.pem")))
        self.assertEqual(self.authority.ca("issue king", "--csr", "a", "--out", "b")[0], 2)

    def test_a_revoked_certificate_is_in_the_list_and_refused_with_it(self):
        kept = self.authority.issue("person", self.at("kept"), "Một")
        gone = self.authority.issue("person", self.at("gone"), "Hai")
        crl = self.at("crl.pem")

        def fetch():
            self.authority.do("crl", "--out", self.at("crl.der"))
            openssl("crl", "-inform", "DER", "-in", self.at("crl.der"), "-out", crl)
            return openssl("crl", "-in", crl, "-noout", "-text", "-CAfile",
                           self.authority.path("issuing.pem"))

        first = fetch()
        self.assertIn("verify OK", first)
        self.assertIn("No Revoked Certificates", first)
        for stem in ("kept", "gone"):
            self.authority.verify(self.at(stem + ".pem"), "-crl_check", "-CRLfile", crl)
        self.authority.do("revoke", gone, "--reason", "key-compromise")
        second = fetch()
        self.assertIn("Key Compromise", second)
        self.assertIn(gone.upper(), second)
        number = [int(text.split("X509v3 CRL Number:")[1].split()[0]) for text in (first, second)]
        self.assertGreater(number[1], number[0])
        self.authority.verify(self.at("kept.pem"), "-crl_check", "-CRLfile", crl)
        refused = self.authority.verify(self.at("gone.pem"), "-crl_check", "-CRLfile", crl,
                                        fails=True)
        self.assertIn("certificate revoked", refused)
        self.assertIn(f"{kept}\tperson\tgood", self.authority.do("list"))
        self.assertIn(f"{gone}\tperson\trevoked", self.authority.do("list"))
        self.assertIn("key-compromise", self.authority.ca("show", gone)[1])

        for serial, reason, vi, en in ((gone, "superseded", "đã bị thu hồi", "revoked before"),
                                       ("00ff", "superseded", "không có số sê-ri", "no such"),
                                       (kept, "boredom", "lý do", "reason")):
            status, _, err = self.authority.ca("revoke", serial, "--reason", reason)
            self.assertEqual(status, 1)
            self.assertIn(vi, err)
            self.assertIn(en, err)

    def test_the_root_s_key_may_lie_elsewhere(self):
        apart = Authority(sys.argv[1], self.at("apart"))
        key = self.at("root-key-on-a-stick.pem")
        apart.do("init", "--root-key", key)
        self.assertFalse(os.path.exists(apart.path("root-key.pem")))
        self.assertEqual(stat.S_IMODE(os.stat(key).st_mode), 0o600)
        apart.issue("person", self.at("one"), "Một")
        apart.do("crl", "--root-key", key, "--out", self.at("root.crl"))
        openssl("crl", "-inform", "DER", "-in", self.at("root.crl"), "-out", self.at("root.pem"))
        apart.do("crl", "--out", self.at("issuing.crl"))
        openssl("crl", "-inform", "DER", "-in", self.at("issuing.crl"), "-out",
                self.at("issuing.pem"))
        apart.verify(self.at("one.pem"), "-crl_check_all", "-CRLfile", self.at("root.pem"),
                     "-CRLfile", self.at("issuing.pem"))
        status, _, err = apart.ca("crl", "--root-key", self.at("one-key.pem"), "--out",
                                  self.at("wrong.crl"))
        self.assertEqual(status, 1)
        self.assertIn("this is not the key of this root", err)

    def test_the_trust_that_is_exported_can_be_verified_against(self):
        self.authority.do("export", "--out", self.at("trust"))
        for purpose in ("people", "tsa"):
            with open(self.at(f"trust/{purpose}/province.pem"), encoding="utf-8") as file, \
                    open(self.authority.path("root.pem"), encoding="utf-8") as root:
                self.assertEqual(file.read(), root.read())
        self.assertEqual(self.authority.ca("export", "--out", self.at("trust"))[0], 1)

    def test_killed_at_any_moment_the_register_keeps_what_was_told(self):
        """Five issue at once, over and over; each is killed after a moment drawn by chance."""
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", self.at("k.pem"))
        openssl("req", "-new", "-key", self.at("k.pem"), "-subj", "/CN=x", "-out",
                self.at("k.csr"))
        chance = random.Random(20)
        told, killed = set(), 0
        for _ in range(12):
            group = [subprocess.Popen(
                [sys.argv[1], "ca", "issue", "person", self.authority.folder, "--csr",
                 self.at("k.csr"), "--out", self.at(f"out{n}.pem"), "--name", f"Người {n}"],
                stdout=subprocess.PIPE) for n in range(5)]
            for process in group:
                if chance.random() < 0.6:
                    try:
                        process.wait(chance.random() * 0.02)
                    except subprocess.TimeoutExpired:
                        process.send_signal(signal.SIGKILL)
            for process in group:
                told.update(process.stdout.read().decode().split())
                killed += process.wait() == -signal.SIGKILL
                process.stdout.close()
        self.assertGreater(killed, 0)
        self.assertGreater(len(told), 0)
        listed = [line.split("\t")[0] for line in self.authority.do("list").splitlines()]
        self.assertEqual(len(listed), len(set(listed)))
        self.assertLessEqual(told, set(listed))
        for serial in listed:
            self.assertIn("BEGIN CERTIFICATE", self.authority.do("show", serial))


if __name__ == "__main__":
    run()
