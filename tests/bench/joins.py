"""What it costs when everybody joins one meeting at once: bytes and processor time of a join.

    python3 tests/bench/joins.py build/release/dienhong [people] [at once]

Starts the real server with a province of so many communes, plants a session for each of their
people (logging in is not measured: argon2 is slow by intent, and a morning's work), and lets them
come in as the client does: the meeting's snapshot, a page of the roll, the live connection, an
offer of media. All stay until the last has its answer and the crowd has been told. The clients are
Python on the same machine, so the time from first to last is theirs as much as the server's; the
server's own cost is its processor time, as its metrics tell it. Prints one JSON object."""

import asyncio
import base64
import hashlib
import json
import os
import re
import secrets
import sqlite3
import ssl
import struct
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "integration", "signaling", "lib"))
from door import PROVINCE, Server, logged_in, offer  # noqa: E402

COOKIE = "__Host-session"
SETTLE_SECONDS = 6  # for the crowd's last message, in a room whose pace is slow


def province(people, folder):
    """The demo province with so many communes, all of them invited."""
    with open(PROVINCE, encoding="utf-8") as file:
        whole = json.load(file)
    own = [user for user in whole["users"] if not user["login"].startswith("xa")]
    whole["units"] = [unit for unit in whole["units"] if unit["kind"] != "commune"]
    for n in range(people):
        key = f"xa{n}"
        whole["units"].append({"key": key, "name": f"Xã Trấn Biên {n}", "kind": "commune",
                               "parent": "tinh"})
        own.append({"login": key, "name": "Nguyễn Thị Thanh Mai", "unit": key, "roles": ["member"],
                    "position": "Phó Chủ tịch Ủy ban nhân dân xã"})
    whole["users"] = own
    for key, value in whole["meeting"].items():
        if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
            whole["meeting"][key] = [one for one in value if not re.match("xa[0-9]", one)]
    path = os.path.join(folder, "province.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(whole, file)
    return path


def plant_sessions(database, count):
    """A token each for the last `count` people."""
    tokens, now = [], int(time.time() * 1000)
    with sqlite3.connect(database) as store:
        users = [row[0] for row in store.execute(
            "SELECT id FROM user_account WHERE login LIKE 'xa%' ORDER BY id LIMIT ?", (count,))]
        for user in users:
            token = secrets.token_urlsafe(32)
            store.execute("INSERT INTO session (token_hash, user_id, created_at, expires_at, csrf)"
                          " VALUES (?, ?, ?, ?, ?)",
                          (hashlib.sha256(token.encode()).digest(), user, now, now + 3600000,
                           secrets.token_urlsafe(32)))
            tokens.append(token)
    return tokens


def masked(payload):
    mask = os.urandom(4)
    size = len(payload)
    key = int.from_bytes((mask * (size // 4 + 1))[:size], "big")
    head = b"\xfe" + struct.pack(">H", size) if 126 <= size < 65536 else bytes([0x80 | size])
    return b"\x81" + head + mask + (int.from_bytes(payload, "big") ^ key).to_bytes(size, "big")


class Person:
    def __init__(self, world, token):
        self.world = world
        self.cookie = f"Cookie: {COOKIE}={token}\r\n"
        self.bytes = {}
        self.messages = {}

    def count(self, kind, size):
        self.bytes[kind] = self.bytes.get(kind, 0) + size
        self.messages[kind] = self.messages.get(kind, 0) + 1

    async def connect(self):
        return await asyncio.open_connection("127.0.0.1", self.world.server.port, limit=1 << 20,
                                             ssl=self.world.tls, server_hostname="localhost")

    async def get(self, reader, writer, kind, path):
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{self.cookie}\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise AssertionError(head.split(b"\r\n")[0].decode())
        size = int(re.search(rb"(?i)content-length: *(\d+)", head).group(1))
        await reader.readexactly(size)
        self.count(kind, len(head) + size)

    async def frame(self, reader):
        _, size = await reader.readexactly(2)
        if size == 126:
            size = struct.unpack(">H", await reader.readexactly(2))[0]
        elif size == 127:
            size = struct.unpack(">Q", await reader.readexactly(8))[0]
        return await reader.readexactly(size)

    async def listen(self, reader, until=None):
        while True:
            payload = await self.frame(reader)
            if not payload.startswith(b"{"):
                continue
            kind = re.match(rb'\{"type":"([a-z]+)"', payload).group(1).decode()
            self.count(kind, len(payload))
            if kind == "error":
                raise AssertionError(payload.decode())
            if kind == until:
                return

    async def come(self):
        meeting = self.world.meeting
        reader, writer = await self.connect()
        await self.get(reader, writer, "snapshot", f"/api/v1/meetings/{meeting}")
        await self.get(reader, writer, "roll",
                       f"/api/v1/meetings/{meeting}/participants?present=true&limit=24")
        writer.close()
        self.reader, self.writer = await self.connect()
        key = base64.b64encode(os.urandom(16)).decode()
        self.writer.write((f"GET /api/v1/live?meeting={meeting} HTTP/1.1\r\n"
                           f"Host: localhost:{self.world.server.port}\r\n"
                           f"Origin: {self.world.server.origin}\r\n{self.cookie}"
                           "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                           f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
                           "Sec-WebSocket-Protocol: dienhong.v1\r\n\r\n").encode())
        await self.reader.readuntil(b"\r\n\r\n")
        await self.listen(self.reader, "hello")
        self.writer.write(masked(self.world.join))
        await self.listen(self.reader, "joined")
        self.writer.write(masked(b'{"type":"watch","tiles":[],"stageHeight":360,"screenHeight":360,'
                                 b'"tileHeight":0}'))
        self.writer.write(masked(b'{"type":"media","microphone":false,"camera":true,'
                                 b'"screen":false}'))


class World:
    METRICS = ("control_cpu_seconds_total", "process_cpu_seconds_total", "join_seconds_total",
               "live_sent_messages_total", "live_sent_bytes_total", "joins_total",
               "store_commits_total")

    def __init__(self, server, meeting, tokens):
        self.server, self.meeting = server, meeting
        self.tls = server.context()
        self.join = json.dumps({"type": "join", "sdp": offer(), "tiles": 12}).encode()
        self.people = [Person(self, token) for token in tokens]

    def counted(self):
        return {name: self.server.metric("dienhong_" + name) for name in self.METRICS}

    async def run(self, at_once):
        gate, times, listeners = asyncio.Semaphore(at_once), [], []

        async def one(person):
            async with gate:
                began = time.monotonic()
                await person.come()
                times.append(time.monotonic() - began)
            listeners.append(asyncio.ensure_future(person.listen(person.reader)))

        before, began = self.counted(), time.monotonic()
        await asyncio.gather(*(one(person) for person in self.people))
        seconds = time.monotonic() - began
        await asyncio.sleep(SETTLE_SECONDS)
        after = self.counted()
        rest = {"resident_bytes": self.server.metric("dienhong_process_resident_bytes"),
                "lag_over_100_ms": self.server.metric("dienhong_control_lag_seconds_count") -
                self.server.metric("dienhong_control_lag_seconds_bucket", le="0.1")}
        for listener in listeners:
            listener.cancel()
        await asyncio.gather(*listeners, return_exceptions=True)
        times.sort()
        return {**self.told(seconds, before, after), **rest, "seconds": round(seconds, 2),
                "join_p50_ms": round(times[len(times) // 2] * 1000),
                "join_p95_ms": round(times[len(times) * 95 // 100] * 1000)}

    def told(self, seconds, before, after):
        count = len(self.people)
        spent = {name: after[name] - before[name] for name in self.METRICS}
        kinds = sorted({kind for person in self.people for kind in person.bytes})
        last = self.people[-1]
        return {
            "people": count,
            "joins_a_second": round(count / seconds, 1),
            "control_us_a_join": round(spent["control_cpu_seconds_total"] / count * 1e6),
            "process_us_a_join": round(spent["process_cpu_seconds_total"] / count * 1e6),
            "offer_us_a_join": round(spent["join_seconds_total"] / count * 1e6),
            "messages_a_join": round(spent["live_sent_messages_total"] / count, 1),
            "bytes_by_kind": {kind: round(sum(person.bytes.get(kind, 0) for person in self.people)
                                          / count) for kind in kinds},
            "bytes_a_join": round(sum(sum(person.bytes.values()) for person in self.people)
                                  / count),
            "bytes_of_the_last": sum(last.bytes.values()),
            "commits": spent["store_commits_total"],
        }


def main(program, people=3400, at_once=64):
    with tempfile.TemporaryDirectory(prefix="joins-") as folder:
        server = Server(program, demo=province(people, folder),
                        extra="[media]\nendpoints = 4096\n")
        try:
            meeting = logged_in(server, "chutich").meetings()[0]["id"]
            server.stop()
            tokens = plant_sessions(os.path.join(server.data, "dienhong.db"), people)
            server.start()
            world = World(server, meeting, tokens)
            print(json.dumps(asyncio.run(world.run(at_once)), indent=1))
        finally:
            server.close()


if __name__ == "__main__":
    main(sys.argv[1], *(int(word) for word in sys.argv[2:]))
