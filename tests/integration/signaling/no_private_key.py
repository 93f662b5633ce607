"""No personal private key is ever on the server: looked for where it would be, while and after two
people sign. Two controls keep the search honest: the public halves must be found, in the memory
and in the files, and the private one must be found in the process that does have it."""

import base64
import os
import subprocess
import sys

sys.path.insert(0, __file__.rpartition("/")[0] + "/lib")
from door import run  # noqa: E402
from held import HeldTest  # noqa: E402
from search import in_files, in_memory  # noqa: E402
from signer import Signer  # noqa: E402

SCALAR_BYTES = 32


def key_numbers(path):
    """The private scalar and the public point's x of a P-256 key file."""
    text = subprocess.run(["openssl", "ec", "-in", path, "-noout", "-text"], check=True,
                          capture_output=True).stdout.decode()
    parts = text.replace(" ", "").replace("\n", "").split("priv:")[1].split("pub:")
    scalar = bytes.fromhex(parts[0].replace(":", "")).rjust(SCALAR_BYTES, b"\0")[-SCALAR_BYTES:]
    point = bytes.fromhex(parts[1].split("ASN1")[0].replace(":", ""))
    return scalar, point[1:1 + SCALAR_BYTES]


def forms(number):
    """How a number of 32 bytes may lie about: as in files, as in a big integer's limbs, as text."""
    text = number.hex()
    yield number
    yield number[::-1]
    yield text.encode()
    yield text.upper().encode()
    yield ":".join(text[i:i + 2] for i in range(0, len(text), 2)).encode()
    for skip in range(3):  # base64 of a longer structure that holds it somewhere
        whole = base64.b64encode(number[skip:skip + (len(number) - skip) // 3 * 3])
        yield whole


class NoPrivateKey(HeldTest):
    def look(self, *scalars):
        wanted = [form for scalar in scalars for form in forms(scalar)]
        self.assertIsNone(in_memory(self.server.process.pid, wanted))
        # Data, database, its log of writes, uploads, authority, configuration, log: all of it.
        self.assertIsNone(in_files(self.server.folder, wanted))

    def test_no_personal_private_key_is_in_memory_files_or_logs(self):
        self.finalise()
        numbers = []
        for client, field in ((self.secretary, "secretary"), (self.chair, "chair")):
            signer = Signer(client)
            scalar, public = key_numbers(signer.key)
            numbers.append((scalar, public))
            prepared = signer.prepare(self.id, field)
            self.assertEqual(prepared.status, 201, prepared.body)
            self.look(scalar)  # while the server waits for the signature …
            self.assertEqual(signer.sign(prepared.json).status, 200)
        self.look(*(scalar for scalar, _ in numbers))  # … and after
        for scalar, public in numbers:
            self.assertIsNotNone(in_memory(self.server.process.pid, [public]), "blind search")
            self.assertIsNotNone(in_files(self.server.folder, [public]), "blind search")
            self.assertIsNotNone(in_memory(os.getpid(), [bytes(bytearray(scalar))]))


if __name__ == "__main__":
    run()
