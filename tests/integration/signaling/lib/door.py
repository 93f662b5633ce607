"""The server under test and its clients, with Python's standard library alone.

Server starts the real executable on free ports with a data folder of its own; Client logs in and
speaks HTTPS as a browser would; Live is a WebSocket (RFC 6455) on TLS."""

import base64
import http.client
import json
import os
import random
import re
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse

from contract import ROOT, Contract

CONTRACT = Contract()
PROVINCE = os.path.join(ROOT, "packaging", "demo", "province.json")
PASSWORD = json.load(open(PROVINCE, encoding="utf-8"))["password"]
PATIENCE = 30  # seconds: a bound for what should take milliseconds, also under sanitizers


def free_ports():
    """The first of two, for the door and its administrator: below those that connections get by
    themselves, so that nobody takes them while a test has its server stopped."""
    while True:
        first = random.randrange(10000, 30000, 2)
        with socket.socket() as door, socket.socket() as administrator:
            try:
                door.bind(("", first))
                administrator.bind(("", first + 1))
                return first
            except OSError:
                pass


class Server:
    def __init__(self, program, data=None, web=None, demo=PROVINCE, extra=""):
        self.program = program
        self.folder = tempfile.mkdtemp(prefix="door-")
        self.data = data or os.path.join(self.folder, "data")
        self.web = web or self._web()
        self.demo = demo
        self.config = os.path.join(self.folder, "test.conf")
        with open(self.config, "w", encoding="utf-8") as file:
            # Two workers that share each room: what relays hand over is tested too.
            file.write("[media]\nworkers = 2\nspread_percent = 0\nendpoints = 64\n"
                       "[meeting]\nleave_grace_seconds = 1\n" + extra)
        self.port = free_ports()
        self.start()

    def _web(self):
        """A client small enough to know every byte of."""
        folder = os.path.join(self.folder, "web")
        os.makedirs(os.path.join(folder, "assets"))
        with open(os.path.join(folder, "index.html"), "w", encoding="utf-8") as file:
            file.write("<!doctype html><title>Diên Hồng</title>")
        with open(os.path.join(folder, "assets", "app-1a2b.js"), "w", encoding="utf-8") as file:
            file.write("export {};\n")
        with open(os.path.join(folder, "assets", "app-1a2b.js.br"), "wb") as file:
            file.write(b"\x0b\x05\x80export {};\n\x03")
        return folder

    def start(self):
        program = [self.program] if isinstance(self.program, str) else self.program
        arguments = [*program, "serve", "--config", self.config, "--port", str(self.port),
                     "--data", self.data, "--web", self.web]
        if self.demo:
            arguments += ["--demo", self.demo]
        self.log = open(os.path.join(self.folder, "log"), "ab")
        self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=self.log)
        for line in self.process.stdout:
            word, _, rest = line.decode().strip().partition(" ")
            if word == "admin":
                self.admin_port = int(rest.rsplit(":", 1)[1])
            if word == "ready":
                self.port = int(rest.rsplit(":", 1)[1])
                return
        raise AssertionError("the server did not start:\n" + self.read_log())

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        """Ends it as an administrator would; gives its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def close(self):
        if self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def read_log(self):
        with open(os.path.join(self.folder, "log"), encoding="utf-8", errors="replace") as file:
            return file.read()

    def admin(self, path):
        """(status, text) of the administrator's port."""
        connection = http.client.HTTPConnection("127.0.0.1", self.admin_port, timeout=PATIENCE)
        connection.request("GET", path)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def metric(self, name, **labels):
        """One value of the metrics; its labels in the order of the page."""
        inside = ",".join(f'{key}="{value}"' for key, value in labels.items())
        wanted = name + ("{" + inside + "} " if labels else " ")
        for line in self.admin("/metrics")[1].splitlines():
            if line.startswith(wanted):
                return float(line[len(wanted):])
        raise AssertionError(f"no {wanted}")

    @property
    def origin(self):
        return f"https://localhost:{self.port}"

    def context(self):
        return ssl.create_default_context(cafile=os.path.join(self.data, "ca", "root.pem"))

    def connect(self, receive_bytes=None):
        plain = socket.socket()
        plain.settimeout(PATIENCE)
        if receive_bytes:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        plain.connect(("127.0.0.1", self.port))
        return self.context().wrap_socket(plain, server_hostname="localhost")

    def http(self):
        connection = http.client.HTTPSConnection("localhost", self.port, timeout=PATIENCE)
        # A bare system may have no /etc/hosts to find localhost in.
        connection.sock = self.connect()
        return connection

    def raw(self, data):
        """Sends bytes as they are and gives everything that comes until the end."""
        sock = self.connect()
        with sock:
            sock.settimeout(PATIENCE)
            try:
                sock.sendall(data)
                answer = b""
                while True:
                    part = sock.recv(65536)
                    if not part:
                        return answer
                    answer += part
                    if http_is_whole(answer):
                        return answer
            except (ConnectionError, ssl.SSLError):
                return b""


def http_is_whole(answer):
    head, mark, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)^content-length:\s*(\d+)", head, re.M)
    return bool(mark) and length is not None and len(body) >= int(length.group(1))


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        return self.json["error"]["code"] if self.body else None


class Client:
    """One person at a browser; nobody until log_in()."""

    def __init__(self, server):
        self.server = server
        self.cookie = None
        self.csrf = None
        self.user = None

    def ask(self, method, path, body=None, headers=None, **kinds):
        """`json=` or bytes; Origin, Cookie and X-CSRF as a page of ours would send them,
        unless `headers` says otherwise (None leaves one out)."""
        sent = {"Origin": self.server.origin}
        if self.cookie:
            sent["Cookie"] = "__Host-session=" + self.cookie
        if self.csrf and method not in ("GET", "HEAD"):
            sent["X-CSRF"] = self.csrf
        if "json" in kinds:
            if kinds.get("judged", True):
                CONTRACT.check_request(method, path, kinds["json"])
            body = json.dumps(kinds["json"]).encode()
            sent["Content-Type"] = "application/json"
        sent.update(headers or {})
        connection = self.server.http()
        try:
            connection.request(method, path, body,
                               {k: v for k, v in sent.items() if v is not None})
            answer = Answer(connection.getresponse())
        finally:
            connection.close()
        if path.startswith("/api/") and answer.headers.get_content_type() == "application/json":
            CONTRACT.check_answer(method, path, answer.status, answer.json)
        return answer

    def get(self, path, headers=None):
        return self.ask("GET", path, headers=headers)

    def log_in(self, login, password=PASSWORD):
        answer = self.ask("POST", "/api/v1/session", json={"login": login, "password": password})
        if answer.status == 200:
            cookie = answer.headers["Set-Cookie"]
            self.cookie = re.match(r"__Host-session=([^;]+);", cookie).group(1)
            self.csrf = answer.json["csrf"]
            self.user = answer.json["user"]
        return answer

    def meetings(self):
        return self.get("/api/v1/meetings").json["meetings"]

    def command(self, meeting, kind, **members):
        return self.ask("POST", f"/api/v1/meetings/{meeting}/commands",
                        json={"kind": kind, **members})

    def snapshot(self, meeting):
        return self.get(f"/api/v1/meetings/{meeting}").json

    def roll(self, meeting, **arguments):
        """One page of the participants."""
        return self.get(f"/api/v1/meetings/{meeting}/participants{query(**arguments)}").json


def logged_in(server, login):
    client = Client(server)
    answer = client.log_in(login)
    assert answer.status == 200, (login, answer.status, answer.body)
    return client


class Closed(Exception):
    def __init__(self, code):
        super().__init__(f"closed with {code}")
        self.code = code


class Live:
    """A live connection. Text frames only; control frames are answered."""

    answers = True  # whether it is there when asked

    def __init__(self, client, meeting, origin=None, receive_bytes=None):
        lines = [f"Origin: {origin or client.server.origin}"]
        if client.cookie:
            lines.append(f"Cookie: __Host-session={client.cookie}")
        self._open(client.server, f"meeting={meeting}", lines, receive_bytes)

    @classmethod
    def seat(cls, server, test, kind, token=None, lines=()):
        """A seat of a line test, by its token alone."""
        live = cls.__new__(cls)
        live._open(server, f"lineTest={test['id']}&seat={kind}",
                   [f"Authorization: Bearer {token or test['token']}", *lines], None)
        return live

    def _open(self, server, query, more, receive_bytes):
        self.server = server
        self.sock = self.server.connect(receive_bytes=receive_bytes)
        self.sock.settimeout(PATIENCE)
        self.buffer = b""
        self.lock = threading.Lock()
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET /api/v1/live?{query} HTTP/1.1",
                 f"Host: localhost:{self.server.port}",
                 "Upgrade: websocket", "Connection: Upgrade", f"Sec-WebSocket-Key: {key}",
                 "Sec-WebSocket-Version: 13", "Sec-WebSocket-Protocol: dienhong.v1", *more]
        self.sock.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        head = b""
        while b"\r\n\r\n" not in head:
            part = self.sock.recv(4096)
            if not part:
                break
            head += part
        head, _, self.buffer = head.partition(b"\r\n\r\n")
        self.status = int(head.split()[1]) if head else 0

    def _take(self, size):
        while len(self.buffer) < size:
            part = self.sock.recv(65536)
            if not part:
                raise Closed(0)
            self.buffer += part
        taken, self.buffer = self.buffer[:size], self.buffer[size:]
        return taken

    def _frame(self, opcode, payload):
        mask = os.urandom(4)
        size = len(payload)
        head = bytes([0x80 | opcode])
        if size < 126:
            head += bytes([0x80 | size])
        elif size < 65536:
            head += b"\xfe" + struct.pack(">H", size)
        else:
            head += b"\xff" + struct.pack(">Q", size)
        body = bytes(b ^ mask[n % 4] for n, b in enumerate(payload)) if size < 4096 else \
            (int.from_bytes(payload, "big") ^ int.from_bytes((mask * (size // 4 + 1))[:size], "big")
             ).to_bytes(size, "big")
        with self.lock:
            self.sock.sendall(head + mask + body)

    def send(self, message):
        """A message of the protocol."""
        CONTRACT.check_named("LiveClientMessage", message)
        self._frame(1, json.dumps(message).encode())

    def send_text(self, text):
        """Whatever these bytes are."""
        self._frame(1, text)

    def close(self, code=1000):
        try:
            self._frame(8, struct.pack(">H", code))
            while True:
                self.receive()
        except (Closed, OSError):
            pass
        self.sock.close()

    def _next(self):
        """The next frame's opcode and payload."""
        first, second = self._take(2)
        size = second & 0x7F
        if size == 126:
            size = struct.unpack(">H", self._take(2))[0]
        elif size == 127:
            size = struct.unpack(">Q", self._take(8))[0]
        payload = self._take(size)
        opcode = first & 0x0F
        if opcode == 8:
            raise Closed(struct.unpack(">H", payload[:2])[0] if len(payload) >= 2 else 1005)
        if opcode == 9 and self.answers:
            self._frame(10, payload)
        return opcode, payload

    def receive(self):
        """The next message; raises Closed at the end."""
        while True:
            opcode, payload = self._next()
            if opcode == 1:
                message = json.loads(payload)
                CONTRACT.check_named("LiveServerMessage", message)
                return message

    def await_ping(self):
        """Lets everything pass until the server asks whether anybody is there."""
        while self._next()[0] != 9:
            pass

    def until(self, of_type, /, **members):
        """The next message of this type whose members are these; what comes before is dropped."""
        while True:
            message = self.receive()
            if message["type"] == of_type and all(message.get(k) == v for k, v in members.items()):
                return message


def wait_for(what, check):
    """Until check() gives something true: for what no message announces."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        result = check()
        if result:
            return result
        time.sleep(0.02)
    raise AssertionError("waited in vain for " + what)


def offer(name="chromium_room"):
    """What a real browser offered, as the media server's own tests keep it."""
    with open(os.path.join(ROOT, "tests", "vectors", "sfu", name + ".sdp"), "rb") as file:
        return file.read().decode()


def run():
    """Runs the calling file's tests: `python3 FILE PROGRAM`; ends on "N passed, N failed"."""
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite)
    failed = len(result.failures) + len(result.errors)
    print(f"{max(result.testsRun - failed, 0)} passed, {failed} failed")
    sys.exit(failed > 0)


class DoorTest(unittest.TestCase):
    """One server for all tests of a class."""

    extra = ""

    @classmethod
    def setUpClass(cls):
        cls.server = Server(sys.argv[1], extra=cls.extra)

    @classmethod
    def tearDownClass(cls):
        status = cls.server.stop() if cls.server.process.poll() is None else "gone"
        log = cls.server.read_log()
        cls.server.close()
        if status != 0:
            raise AssertionError(f"the server ended with {status}:\n{log[-4000:]}")

    @property
    def meeting(self):
        return logged_in(self.server, "chutich").meetings()[0]["id"]


def query(**arguments):
    return "?" + urllib.parse.urlencode(arguments)
