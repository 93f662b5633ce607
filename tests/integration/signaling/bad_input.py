"""Malformed, too large, cut off, out of order: a clear refusal, and nobody else is hurt."""

import json
import sys

sys.path.insert(0, __file__.rpartition("/")[0] + "/lib")
from door import CONTRACT, DoorTest, Live, logged_in, run  # noqa: E402


class BadInput(DoorTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chair = logged_in(cls.server, "chutich")
        cls.id = cls.chair.meetings()[0]["id"]

    def tearDown(self):
        self.assertEqual(self.chair.get("/api/v1/session").status, 200, "the server goes on")

    def post(self, body, kind="application/json", path="/commands"):
        return self.chair.ask("POST", f"/api/v1/meetings/{self.id}{path}", body=body,
                              headers={"Content-Type": kind})

    def test_every_truncation_of_a_command_is_refused(self):
        whole = '{"kind":"vote.open","question":"Đồng ý?"}'.encode()
        for size in range(len(whole)):
            answer = self.post(whole[:size])
            self.assertEqual((answer.status, answer.code), (400, "request.not_json"), whole[:size])

    def test_a_command_is_of_the_form_that_its_kind_has(self):
        wrong = [
            ({"kind": "nothing.such"}, 400), ({}, 400), ({"kind": 7}, 400),
            ({"kind": "submit", "more": 1}, 400), ({"kind": "vote.open"}, 400),
            ({"kind": "vote.open", "question": 1}, 400),
            ({"kind": "vote.cast", "voteId": 1, "choice": "agree"}, 400),
            ({"kind": "vote.cast", "voteId": "1", "choice": "maybe"}, 400),
            ({"kind": "vote.cast", "voteId": "-1", "choice": "agree"}, 400),
            ({"kind": "floor.grant", "participantId": "99999999999999999999"}, 400),
            ({"kind": "enter"}, 400), ({"kind": "minutes.sign"}, 400),
            ({"kind": "conclusion.add", "text": "x" * 4001}, 422),
        ]
        for command, status in wrong:
            answer = self.post(json.dumps(command).encode())
            self.assertEqual(answer.status, status, (command, answer.body))

    def test_json_that_is_too_deep_too_large_or_doubled_is_refused(self):
        deep = b'{"a":' * 17 + b"1" + b"}" * 17
        self.assertEqual(self.post(deep).status, 413)
        self.assertEqual(self.post(b"[" * 200000).status, 413)
        self.assertEqual(self.post(b'{"kind":"submit","kind":"end"}').status, 400)
        self.assertEqual(self.post(b'{"kind":"submit"} more').status, 400)
        self.assertEqual(self.post(b'{"kind":"\xff\xfe"}').status, 400)
        self.assertEqual(self.post(b'{"kind":"a\\u0000b"}').status, 400)
        large = self.post(b'{"kind":"' + b"x" * (256 * 1024) + b'"}')
        self.assertEqual((large.status, large.code), (413, "request.too_large"))

    def test_a_body_of_another_type_is_not_taken(self):
        for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
            answer = self.post(b'{"kind":"submit"}', kind=kind)
            self.assertEqual((answer.status, answer.code), (415, "request.wrong_type"))

    def test_a_wrong_method_and_a_wrong_path_are_told_apart(self):
        wrong = self.chair.ask("PUT", f"/api/v1/meetings/{self.id}/commands", body=b"{}")
        self.assertEqual((wrong.status, wrong.code), (405, "request.wrong_method"))
        for path in ("/api/v1/meetings/0", "/api/v1/meetings/x", "/api/v1/meetings/1/2",
                     "/api/v2/session", "/api/v1/meetings/99999999999999999999"):
            self.assertEqual(self.chair.get(path).status, 404, path)

    def test_raw_nonsense_is_answered_or_closed(self):
        host = f"Host: localhost:{self.server.port}\r\n".encode()
        nonsense = [
            b"\r\n\r\n", b"\x00" * 100, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
            b"GET / HTTP/1.1\r\n" + b"X" * 100000, b"BREW /pot HTTP/1.1\r\n" + host + b"\r\n",
            b"GET /" + b"a" * 20000 + b" HTTP/1.1\r\n" + host + b"\r\n",
            b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(2000)) + b"\r\n",
            b"GET /%00%ff%zz HTTP/1.1\r\n" + host + b"\r\n",
            b"GET http://other/ HTTP/1.1\r\n" + host + b"\r\n",
            b"POST /api/v1/session HTTP/1.1\r\n" + host + b"Content-Length: -5\r\n\r\n",
            b"POST /api/v1/session HTTP/1.1\r\n" + host
            + b"Content-Length: 99999999999999999999\r\n\r\n",
            b"POST /api/v1/session HTTP/1.1\r\n" + host + b"Content-Length: 5\r\n"
            + b"Content-Length: 6\r\n\r\nabcdef",
            b"POST /api/v1/session HTTP/1.1\r\n" + host
            + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
        ]
        for data in nonsense:
            sock = self.server.connect()
            try:
                sock.settimeout(2)
                sock.sendall(data)
                sock.recv(4096)
            except OSError:
                pass  # closed, or waiting for more until its time is over
            finally:
                sock.close()

    def test_a_body_without_a_length_is_refused(self):
        head = (f"POST /api/v1/session HTTP/1.1\r\nHost: localhost:{self.server.port}\r\n"
                f"Origin: {self.server.origin}\r\nContent-Type: application/json\r\n\r\n").encode()
        answer = self.server.raw(head)
        self.assertIn(b" 411 ", answer.split(b"\r\n")[0])

    def test_every_truncation_of_a_request_harms_nobody(self):
        whole = (f"POST /api/v1/session HTTP/1.1\r\nHost: localhost:{self.server.port}\r\n"
                 f"Origin: {self.server.origin}\r\nContent-Type: application/json\r\n"
                 "Content-Length: 34\r\n\r\n" '{"login":"chutich","password":"x"}').encode()
        for size in range(0, len(whole), 9):
            sock = self.server.connect()
            sock.sendall(whole[:size])
            sock.close()

    def test_a_frame_that_is_no_websocket_frame_closes_only_itself(self):
        other = Live(logged_in(self.server, "xa30"), self.id)
        other.until("hello")
        for data in (b"\xff" * 200, b"\x81\x85" + b"abc", b"\x88\x00", b"\x83\x80\x00\x00\x00\x00",
                     b"\x81\x05hello", b"\x82\x81\x00\x00\x00\x00a"):
            live = Live(self.chair, self.id)
            live.until("hello")
            live.sock.sendall(data)
            live.sock.close()
        other.send({"type": "ping", "n": 5})
        self.assertEqual(other.until("pong")["n"], 5)
        other.close()

    def test_many_requests_on_one_connection_are_answered_in_turn(self):
        sock = self.server.connect()
        get = (f"GET /api/v1/session HTTP/1.1\r\nHost: localhost:{self.server.port}\r\n"
               f"Cookie: __Host-session={self.chair.cookie}\r\n\r\n").encode()
        seen = b""
        for n in range(20):
            sock.sendall(get)
            while seen.count(b"HTTP/1.1 200") <= n or not seen.endswith(b"}}"):
                part = sock.recv(65536)
                self.assertTrue(part, "the connection stays")
                seen += part
        sock.close()

    def test_every_refusal_is_described(self):
        self.assertIn("Refusal", CONTRACT.whole["components"]["schemas"])
        answer = self.post(b"{")
        self.assertEqual(set(answer.json["error"]), {"code", "vi", "en"})


if __name__ == "__main__":
    run()
