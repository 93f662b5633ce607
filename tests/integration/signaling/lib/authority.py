"""An authority's folder, worked on by `dienhong ca`, and judged by openssl's command line."""

import os
import subprocess


def openssl(*arguments, data=None, fails=False):
    """Its standard output and error together; raises when it did not end as expected."""
    done = subprocess.run(["openssl", *arguments], input=data, capture_output=True, check=False)
    text = (done.stdout + done.stderr).decode(errors="replace")
    if (done.returncode != 0) != fails:
        raise AssertionError(f"openssl {' '.join(arguments)} -> {done.returncode}: {text}")
    return text


class Authority:
    def __init__(self, program, folder):
        self.program = program
        self.folder = folder

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def ca(self, subcommand, *arguments):
        """(status, stdout, stderr); the folder goes in behind the subcommand's own words."""
        done = subprocess.run([self.program, "ca", *subcommand.split(), self.folder, *arguments],
                              capture_output=True, check=False, timeout=60)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def do(self, subcommand, *arguments):
        status, out, err = self.ca(subcommand, *arguments)
        if status != 0:
            raise AssertionError(f"ca {subcommand} {arguments}: {status} {err}")
        return out

    def issue(self, kind, stem, name, *more):
        """Makes stem-key.pem, has it certified as stem.pem, and gives the serial number."""
        key, csr = stem + "-key.pem", stem + ".csr"
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key)
        openssl("req", "-new", "-key", key, "-subj", "/CN=ignored", "-out", csr)
        return self.do(f"issue {kind}", "--csr", csr, "--out", stem + ".pem", "--name", name,
                       *more).strip()

    def verify(self, certificate, *more, fails=False):
        return openssl("verify", "-x509_strict", "-CAfile", self.path("root.pem"), "-untrusted",
                       self.path("issuing.pem"), *more, certificate, fails=fails)
