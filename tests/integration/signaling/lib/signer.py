"""A person's key as a browser keeps it: the CSR, the signed attributes, the signature. The private
key stays in a temporary file of the test, made and used by openssl's command line."""

import base64
import hashlib
import os
import subprocess
import tempfile

from door import logged_in


def _openssl(*arguments, data=None):
    return subprocess.run(["openssl", *arguments], input=data, check=True,
                          capture_output=True).stdout


def _tlv(tag, *parts):
    body = b"".join(parts)
    size = len(body)
    if size < 128:
        return bytes([tag, size]) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def _oid(text):
    first, second, *rest = (int(part) for part in text.split("."))
    body = bytes([40 * first + second])
    for number in rest:
        digits = [number & 0x7F]
        while number := number >> 7:
            digits.insert(0, 0x80 | number & 0x7F)
        body += bytes(digits)
    return _tlv(0x06, body)


def signed_attributes(digest, certificate):
    """content-type, message-digest and signing-certificate-v2 as a SET OF in DER order."""
    def attribute(name, value):
        return _tlv(0x30, _oid(name), _tlv(0x31, value))

    ess = _tlv(0x30, _tlv(0x30, _tlv(0x30, _tlv(0x04, hashlib.sha256(certificate).digest()))))
    return _tlv(0x31, *sorted([
        attribute("1.2.840.113549.1.9.3", _oid("1.2.840.113549.1.7.1")),
        attribute("1.2.840.113549.1.9.4", _tlv(0x04, digest)),
        attribute("1.2.840.113549.1.9.16.2.47", ess)]))


class Signer:
    """Makes a key, asks for its certificate, and an officer approves."""

    def __init__(self, client):
        self.client = client
        self.ask()
        officer = logged_in(client.server, "chungthuc")
        answer = officer.ask("POST", f"/api/v1/key-requests/{self.request['id']}",
                             json={"approve": True})
        assert answer.status == 200, answer.body
        keys = client.get("/api/v1/keys").json["keys"]
        (key,) = [one for one in keys if one["spki"] == self.request["spki"]]
        self.serial = key["serial"]
        self.certificate = base64.b64decode(key["certificate"])

    def ask(self):
        self.folder = tempfile.TemporaryDirectory()
        self.key = os.path.join(self.folder.name, "key.pem")
        _openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", self.key)
        csr = _openssl("req", "-new", "-key", self.key, "-subj", "/CN=x", "-outform", "DER")
        answer = self.client.ask("POST", "/api/v1/keys",
                                 json={"csr": base64.b64encode(csr).decode()})
        assert answer.status == 202, answer.body
        self.request = answer.json["request"]

    def prepare(self, meeting, field):
        return self.client.ask("POST", f"/api/v1/meetings/{meeting}/minutes/signatures",
                               json={"field": field, "serial": self.serial})

    def sign(self, prepared, spoil=False):
        """Downloads, hashes the byte range, signs; gives the server's answer."""
        file = self.client.get(prepared["file"]).body
        a, b, c, d = prepared["byteRange"]
        digest = hashlib.sha256(file[a:a + b] + file[c:c + d] + (b"!" if spoil else b"")).digest()
        der = _openssl("dgst", "-sha256", "-sign", self.key,
                       data=signed_attributes(digest, self.certificate))
        numbers, at = [], 2
        for _ in range(2):
            size = der[at + 1]
            numbers.append(int.from_bytes(der[at + 2:at + 2 + size], "big").to_bytes(32, "big"))
            at += 2 + size
        text = base64.b64encode(b"".join(numbers)).decode()
        return self.client.ask("POST", f"/api/v1/signing/{prepared['id']}",
                               json={"signature": text})
