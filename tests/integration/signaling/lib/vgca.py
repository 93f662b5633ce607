"""A stand-in for VGCA Sign Service: a program on the person's own machine that speaks JSON over a
WebSocket with TLS, fetches the paper from the address it is told, signs the whole file with the
person's key, and posts it back. Its protocol as public integrations of the real one show it; the
key is a file here, a token there. Also a program: `python3 vgca.py …` for the browser's tests.
"""

import base64
import hashlib
import http.client
import json
import os
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import urllib.parse

ACCEPT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Frames:
    """Text frames of a WebSocket (RFC 6455), from either end."""

    def __init__(self, sock, masked):
        self.sock, self.masked, self.buffer = sock, masked, b""

    def take(self, size):
        while len(self.buffer) < size:
            part = self.sock.recv(65536)
            if not part:
                raise ConnectionError("the other end is gone")
            self.buffer += part
        taken, self.buffer = self.buffer[:size], self.buffer[size:]
        return taken

    def head(self):
        while b"\r\n\r\n" not in self.buffer:
            self.buffer += self.sock.recv(4096) or b"\r\n\r\n"
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        return head.decode()

    def send(self, text, opcode=1):
        data = text.encode()
        size = len(data)
        length = bytes([size]) if size < 126 else b"\x7e" + struct.pack(">H", size)
        mask = os.urandom(4) if self.masked else b""
        head = bytes([0x80 | opcode, length[0] | (0x80 if mask else 0)]) + length[1:]
        if mask:
            data = bytes(byte ^ mask[n % 4] for n, byte in enumerate(data))
        self.sock.sendall(head + mask + data)

    def receive(self):
        """A text; None at the end."""
        while True:
            first, second = self.take(2)
            size = second & 0x7F
            if size == 126:
                size = struct.unpack(">H", self.take(2))[0]
            mask = self.take(4) if second & 0x80 else b"\0\0\0\0"
            data = bytes(byte ^ mask[n % 4] for n, byte in enumerate(self.take(size)))
            if first & 0x0F == 8:
                return None
            if first & 0x0F == 1:
                return data.decode()


class Service:
    """`spoil`: what a broken or hostile program would do to the signed file."""

    def __init__(self, signer, key, certificate, issuer, name, tls, trust, port=0, field="chair",
                 connect_to=None):
        self.signer, self.key, self.name, self.field = signer, key, name, field
        self.folder = tempfile.TemporaryDirectory()
        self.certificate = self._file("certificate.der", certificate)
        self.issuer = self._file("issuer.der", issuer)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*tls)
        self.trust = ssl.create_default_context(cafile=trust)
        self.connect_to = connect_to
        self.spoil = None
        self.form = True
        self.socket = socket.create_server(("127.0.0.1", port))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _file(self, name, data):
        path = os.path.join(self.folder.name, name)
        with open(path, "wb") as file:
            file.write(data)
        return path

    def _serve(self):
        while True:
            try:
                plain, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(plain,), daemon=True).start()

    def _talk(self, plain):
        try:
            frames = Frames(self.context.wrap_socket(plain, server_side=True), masked=False)
            head = frames.head()
            lines = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:])
            key = next(line.split(": ", 1)[1] for line in head.split("\r\n")
                       if line.lower().startswith("sec-websocket-key"))
            accept = base64.b64encode(hashlib.sha1((key + ACCEPT).encode()).digest()).decode()
            assert lines["upgrade"] == "websocket"
            frames.sock.sendall(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                                 "Connection: Upgrade\r\n"
                                 f"Sec-WebSocket-Accept: {accept}\r\n\r\n").encode())
            path = head.split()[1].strip("/")
            while (text := frames.receive()) is not None:
                frames.send(json.dumps(self.answer(path, json.loads(text))))
        except (OSError, ssl.SSLError):
            plain.close()

    def _http(self, url):
        parts = urllib.parse.urlsplit(url)
        connection = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=30)
        plain = socket.create_connection((self.connect_to or parts.hostname, parts.port), 30)
        connection.sock = self.trust.wrap_socket(plain, server_hostname=parts.hostname)
        return connection, parts.path

    def fetch(self, url):
        connection, path = self._http(url)
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()

    def post(self, url, paper):
        body, kind = paper, "application/pdf"
        if self.form:
            body = (b"--vgca\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nx\r\n"
                    b"--vgca\r\nContent-Disposition: form-data; name=\"uploadfile\"; "
                    b"filename=\"a.pdf\"\r\nContent-Type: application/pdf\r\n\r\n" + paper +
                    b"\r\n--vgca--\r\n")
            kind = "multipart/form-data; boundary=vgca"
        connection, path = self._http(url)
        connection.request("POST", path, body, {"Content-Type": kind})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())

    def sign(self, paper, field=None):
        paths = [self._file("in.pdf", paper), os.path.join(self.folder.name, "out.pdf")]
        subprocess.run([self.signer, *paths, self.key, self.certificate, self.issuer,
                        field or self.field, self.name], check=True)
        with open(paths[1], "rb") as file:
            return file.read()

    def answer(self, path, asked):
        if path != "SignApproved":
            return {"Status": 2, "Message": f"không có {path}", "FileName": "", "FileServer": ""}
        status, paper = self.fetch(asked["FileName"])
        if status != 200:
            return {"Status": 1, "Message": "không tải được tệp", "FileName": "", "FileServer": ""}
        signed = self.spoil(paper) if self.spoil else self.sign(paper)
        _, answer = self.post(asked["FileUploadHandler"], signed)
        return {"Status": 0 if answer.get("Status") else 1,
                "Message": answer.get("Message", ""), "FileName": answer.get("FileName", ""),
                "FileServer": answer.get("FileServer", ""), "DocumentNumber": "",
                "DocumentDate": ""}

    def close(self):
        self.socket.close()
        self.folder.cleanup()


def ask(port, path, message, trust):
    """What a page would say and hear."""
    context = ssl.create_default_context(cafile=trust)
    sock = context.wrap_socket(socket.create_connection(("127.0.0.1", port), 30),
                               server_hostname="127.0.0.1")
    with sock:
        frames = Frames(sock, masked=True)
        key = base64.b64encode(os.urandom(16)).decode()
        sock.sendall((f"GET /{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
                      f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
                      "Sec-WebSocket-Version: 13\r\n\r\n").encode())
        assert " 101 " in frames.head()
        frames.send(json.dumps(message))
        return json.loads(frames.receive())


if __name__ == "__main__":
    # SIGNER KEY.pem CERTIFICATE.der ISSUER.der NAME FIELD DATA PORT: until the input ends.
    signer_path, key_path, certificate_path, issuer_path, who, where, data, number = sys.argv[1:]
    with open(certificate_path, "rb") as one, open(issuer_path, "rb") as two:
        Service(signer_path, key_path, one.read(), two.read(), who,
                [os.path.join(data, "certs", name) for name in ("tls.pem", "tls-key.pem")],
                os.path.join(data, "ca", "root.pem"), int(number), where, "127.0.0.1")
    print("ready", flush=True)
    sys.stdin.read()
