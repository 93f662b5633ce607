"""Line tests: who may start one, its seats, its stage, and its end; nothing of it is recorded."""

import sys

sys.path.insert(0, __file__.rpartition("/")[0] + "/lib")
from door import Client, Closed, DoorTest, Live, logged_in, offer, run, wait_for  # noqa: E402


class LineTest(DoorTest):
    def setUp(self):
        self.technician = logged_in(self.server, "kythuat")

    def start(self, receivers=3, senders=2):
        answer = self.technician.ask("POST", "/api/v1/line-tests",
                                     json={"receivers": receivers, "senders": senders})
        self.assertEqual(answer.status, 201, answer.body)
        self.addCleanup(self.end, answer.json)
        return answer.json

    def end(self, test):
        return self.technician.ask("DELETE", f"/api/v1/line-tests/{test['id']}")

    def look(self, test):
        return self.technician.get(f"/api/v1/line-tests/{test['id']}").json

    def seat(self, test, kind):
        live = Live.seat(self.server, test, kind)
        return live, live.until("hello")

    def joined(self, test, kind):
        live, hello = self.seat(test, kind)
        live.send({"type": "join", "sdp": offer(), "tiles": 12})
        self.assertIn("a=ice-lite", live.until("joined")["sdp"])
        return live, hello

    def refused(self, live):
        told = live.receive()
        self.assertEqual((told["type"], told["fatal"]), ("error", True))
        with self.assertRaises(Closed):
            live.receive()
        return told["code"]

    def test_seats_join_as_a_browser_does(self):
        test = self.start()
        senders = [self.joined(test, "sender") for _ in range(2)]
        receiver, hello = self.joined(test, "receiver")
        self.assertEqual([said["source"] for _, said in senders], [1, 2])
        self.assertEqual((hello["source"], hello["seq"]), (0, 0))
        counts = self.look(test)
        self.assertEqual((counts["open"], counts["joined"], counts["connected"]), (3, 3, 0))
        receiver.send({"type": "watch", "tiles": [1, 2], "stageHeight": 720, "screenHeight": 0,
                       "tileHeight": 180})
        receiver.send({"type": "restart", "sdp": offer()})
        receiver.until("answer")
        for live in (senders[0][0], senders[1][0], receiver):
            live.close()
        wait_for("all seats closed", lambda: self.look(test)["open"] == 0)

    def test_the_stage_goes_to_the_first_sender_and_then_where_it_is_ordered(self):
        test = self.start()
        receiver, _ = self.joined(test, "receiver")
        self.assertEqual(self.look(test)["stage"], 0)
        senders = [self.joined(test, "sender")[0]]
        self.assertEqual(self.look(test)["stage"], 1)
        receiver.send({"type": "stage", "source": 2})
        self.assertEqual(receiver.until("error")["code"], "line_test.no_sender")
        senders.append(self.joined(test, "sender")[0])
        receiver.send({"type": "stage", "source": 2})
        wait_for("the stage's switch", lambda: self.look(test)["stage"] == 2)
        for live in senders:
            live.close()

    def test_a_senders_number_comes_back_with_its_seat(self):
        test = self.start(senders=1)
        first, hello = self.seat(test, "sender")
        self.assertEqual(self.refused(Live.seat(self.server, test, "sender")), "line_test.full")
        first.close()
        wait_for("the seat to be free", lambda: self.look(test)["open"] == 0)
        self.assertEqual(self.seat(test, "sender")[1]["source"], hello["source"])

    def test_without_its_token_nobody_gets_a_seat(self):
        test = self.start()
        wrong = Live.seat(self.server, test, "sender", token="x" * 43)
        self.assertEqual(self.refused(wrong), "line_test.unknown")
        wrong = Live.seat(self.server, {**test, "id": "12345"}, "sender")
        self.assertEqual(self.refused(wrong), "line_test.unknown")
        evil = Live.seat(self.server, test, "sender", lines=["Origin: https://evil.example"])
        self.assertEqual(evil.status, 403)

    def test_a_seat_is_no_way_into_a_meeting(self):
        test = self.start()
        live, _ = self.seat(test, "receiver")
        live.send({"type": "ping", "n": 1})
        live.until("pong")
        answer = Client(self.server).ask("GET", f"/api/v1/meetings/{self.meeting}", headers={
            "Authorization": f"Bearer {test['token']}"})
        self.assertEqual(answer.status, 401)

    def test_only_a_technician_or_an_administrator_starts_one(self):
        for login in ("chutich", "thuky", "xa01"):
            client = logged_in(self.server, login)
            answer = client.ask("POST", "/api/v1/line-tests", json={"receivers": 1, "senders": 1})
            self.assertEqual((answer.status, answer.code), (403, "line_test.not_technician"))
        test = self.start()
        for method in ("GET", "DELETE"):
            answer = client.ask(method, f"/api/v1/line-tests/{test['id']}")
            self.assertEqual(answer.status, 403)

    def test_one_runs_at_a_time_and_its_size_is_bounded(self):
        malformed, too_large = "request.malformed", "line_test.too_large"  # 128 endpoints here
        for receivers, senders, code in ((4097, 1, malformed), (1, 0, malformed),
                                         (128, 1, too_large)):
            answer = self.technician.ask("POST", "/api/v1/line-tests", judged=False,
                                         json={"receivers": receivers, "senders": senders})
            self.assertEqual(answer.code, code)
        self.start()
        answer = self.technician.ask("POST", "/api/v1/line-tests",
                                     json={"receivers": 1, "senders": 1})
        self.assertEqual((answer.status, answer.code), (409, "line_test.running"))

    def test_its_end_is_told_to_every_seat(self):
        test = self.start()
        seats = [self.joined(test, "sender")[0], self.joined(test, "receiver")[0]]
        self.assertEqual(self.end(test).status, 204)
        for live in seats:
            told = live.until("error")
            self.assertEqual((told["code"], told["fatal"]), ("line_test.over", True))
            with self.assertRaises(Closed):
                live.receive()
        self.assertEqual(self.end(test).status, 404)
        wait_for("the workers to have forgotten it",
                 lambda: self.server.metric("dienhong_media_endpoints", kind="line_test") == 0)

    def test_nothing_of_it_comes_into_a_record(self):
        secretary = logged_in(self.server, "thuky")
        before = secretary.snapshot(self.meeting)["seq"]
        test = self.start()
        live, _ = self.joined(test, "sender")
        live.send({"type": "media", "microphone": True, "camera": True, "screen": False})
        live.send({"type": "stage", "source": 1})
        live.send({"type": "ping", "n": 1})
        live.until("pong")
        self.end(test)
        self.assertEqual(secretary.snapshot(self.meeting)["seq"], before)


class BesideMeetings(DoorTest):
    extra = "[media]\nendpoints = 2\n"  # four on two workers

    def test_meetings_come_first(self):
        technician = logged_in(self.server, "kythuat")
        ask = {"receivers": 0, "senders": 1}
        test = technician.ask("POST", "/api/v1/line-tests", json=ask).json
        seat = Live.seat(self.server, test, "sender")
        seat.until("hello")
        meeting, lives = self.meeting, []
        for login in ("xa01", "xa02", "xa03"):
            live = Live(logged_in(self.server, login), meeting)
            live.until("hello")
            live.send({"type": "join", "sdp": offer(), "tiles": 0})
            live.until("joined")
            lives.append(live)
        self.assertEqual(seat.until("error")["code"], "line_test.over")
        answer = technician.ask("POST", "/api/v1/line-tests", json=ask)
        self.assertEqual((answer.status, answer.code), (409, "line_test.meetings_first"))
        for live in lives:
            live.close()


if __name__ == "__main__":
    run()
