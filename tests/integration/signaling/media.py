"""Joining with sound and picture: offers and answers by WebSocket, WHIP and WHEP."""

import sys

sys.path.insert(0, __file__.rpartition("/")[0] + "/lib")
from door import Client, Closed, DoorTest, Live, logged_in, offer, run  # noqa: E402


class Joining(DoorTest):
    def enter(self, login):
        live = Live(logged_in(self.server, login), self.meeting)
        live.until("hello")
        live.until("crowd")
        return live

    def test_an_offer_is_answered(self):
        live = self.enter("xa01")
        live.send({"type": "join", "sdp": offer(), "tiles": 12})
        joined = live.until("joined")
        self.assertTrue(joined["sdp"].startswith("v=0\r\n"))
        self.assertIn("a=ice-lite", joined["sdp"])
        self.assertIn("a=fingerprint:sha-256", joined["sdp"])
        live.send({"type": "watch", "tiles": [1, 2, 0], "stageHeight": 720, "screenHeight": 1080,
                   "tileHeight": 180})
        live.send({"type": "restart", "sdp": offer()})
        live.until("answer")
        live.close()

    def test_an_offer_that_is_none_is_refused_and_the_connection_stays(self):
        live = self.enter("xa02")
        whole = offer()
        for sdp in ("", "hello", "v=0\r\n", whole[:200], whole.replace("a=ice-ufrag", "a=x"),
                    whole.replace("a=fingerprint", "a=x")):
            live.send({"type": "join", "sdp": sdp, "tiles": 0})
            told = live.until("error")
            self.assertEqual((told["code"], told["fatal"]), ("live.bad_offer", False))
        live.send({"type": "ping", "n": 1})
        live.until("pong")
        live.send({"type": "restart", "sdp": whole})
        self.assertEqual(live.until("error")["code"], "live.media_lost")
        live.close()

    def test_the_newest_page_keeps_the_picture(self):
        first, second = self.enter("xa03"), None
        first.send({"type": "join", "sdp": offer(), "tiles": 0})
        resume = first.until("joined")["resume"]
        second = Live(logged_in(self.server, "xa03"), self.meeting)
        second.until("hello")
        second.send({"type": "join", "sdp": offer(), "tiles": 0})
        second.until("joined")
        told = first.until("error")
        self.assertEqual((told["code"], told["fatal"]), ("live.replaced", True))
        with self.assertRaises(Closed):
            first.receive()
        self.assertRegex(resume, "^[A-Za-z0-9_-]{43}$")
        second.close()

    def test_what_somebody_sends_is_shown_to_the_others_and_to_newcomers(self):
        first, other = Live(logged_in(self.server, "xa04"), self.meeting), self.enter("xa05")
        source = first.until("hello")["source"]
        watch = {"type": "watch", "tiles": [0, source], "stageHeight": 0, "screenHeight": 0,
                 "tileHeight": 180}
        other.send(watch)
        first.send({"type": "media", "microphone": True, "camera": False, "screen": False})
        told = other.until("media")
        self.assertEqual((told["source"], told["microphone"], told["camera"]),
                         (source, True, False))
        newcomer = self.enter("xa06")
        newcomer.send(watch)
        self.assertEqual(newcomer.until("media"), told)
        first.close()
        gone = other.until("media")
        self.assertEqual((gone["source"], gone["microphone"]), (source, False))
        for live in (other, newcomer):
            live.close()

    def test_whom_a_page_does_not_watch_it_is_not_told_about(self):
        first, other = self.enter("xa09"), self.enter("xa10")
        first.send({"type": "media", "microphone": True, "camera": True, "screen": False})
        first.send({"type": "ping", "n": 1})
        first.until("pong")
        last = self.enter("xa11")  # told to everybody at the same pace as what others send
        told = []
        while True:
            message = other.receive()
            told.append(message["type"])
            if message["type"] == "crowd":
                break
        self.assertNotIn("media", told)
        for live in (first, other, last):
            live.close()

    def test_messages_that_are_none_are_refused(self):
        live = self.enter("xa07")
        good = b'{"type":"watch","tiles":[1],"stageHeight":1,"screenHeight":2,"tileHeight":3}'
        bad = [good[:n] for n in range(0, len(good), 3)]
        bad += [b"[]", b"null", b'{"type":"dance"}', b'{"type":"ping","n":-1}',
                b'{"type":"ping","n":1,"more":1}', b'{"type":"ping","type":"ping","n":1}',
                b'{"type":"join","sdp":1,"tiles":0}', b'{"type":"join","sdp":"","tiles":49}',
                b'{"a":' * 40 + b"1" + b"}" * 40]
        for n, text in enumerate(bad):
            live.send_text(text)
            self.assertEqual(live.until("error")["fatal"], False, text)
            if n % 10 == 9:  # within what one connection may ask
                live.close()
                live = Live(logged_in(self.server, "xa07"), self.meeting)
                live.until("hello")
        live.close()

    def test_a_frame_over_its_bound_closes(self):
        live = self.enter("xa08")
        with self.assertRaises((Closed, OSError)):
            live.send_text(b'{"type":"join","sdp":"' + b"x" * 300000 + b'","tiles":0}')
            live.until("joined")


class Over(DoorTest):
    def test_when_the_meeting_ends_sound_and_picture_end(self):
        chair = logged_in(self.server, "chutich")
        live = Live(chair, self.meeting)
        live.until("crowd")
        live.send({"type": "join", "sdp": offer(), "tiles": 0})
        live.until("joined")
        for kind in ("start", "end"):
            self.assertEqual(chair.command(self.meeting, kind).status, 200)
        live.until("event", kind="meeting.ended")
        live.send({"type": "restart", "sdp": offer()})
        self.assertEqual(live.until("error")["code"], "live.media_lost")
        live.send({"type": "join", "sdp": offer(), "tiles": 0})
        self.assertEqual(live.until("error")["code"], "live.room_closed")
        live.close()


class StandardClients(DoorTest):
    def seat(self, login, use):
        client = logged_in(self.server, login)
        live = Live(client, self.meeting)  # opens the room
        live.until("crowd")
        live.close()
        answer = client.ask("POST", f"/api/v1/meetings/{self.meeting}/seat-tokens",
                            json={"use": use})
        self.assertEqual(answer.status, 201)
        return answer.json

    def post(self, seat, sdp, token=None, kind="application/sdp"):
        path = "/" + seat["url"].split("/", 3)[3]
        headers = {"Authorization": "Bearer " + (token or seat["token"]), "Content-Type": kind,
                   "Origin": None}
        return Client(self.server).ask("POST", path, body=sdp.encode(), headers=headers)

    def test_whip_sends_and_is_taken_back(self):
        seat = self.seat("xa20", "whip")
        made = self.post(seat, offer("gstreamer_send"))
        self.assertEqual((made.status, made.headers["Content-Type"]), (201, "application/sdp"))
        self.assertIn(b"a=recvonly", made.body)
        where, bearer = made.headers["Location"], {"Authorization": "Bearer " + seat["token"]}
        gone = Client(self.server).ask("DELETE", where, headers=bearer)
        self.assertEqual(gone.status, 200)
        self.assertEqual(Client(self.server).ask("DELETE", where, headers=bearer).status, 404)

    def test_whep_watches(self):
        made = self.post(self.seat("xa21", "whep"), offer("gstreamer_recv"))
        self.assertEqual(made.status, 201)
        self.assertIn(b"a=sendonly", made.body)

    def test_a_seat_is_for_its_use_alone(self):
        seat = self.seat("xa22", "whep")
        wrong = dict(seat, url=seat["url"].replace("/whep/", "/whip/"))
        self.assertEqual(self.post(wrong, offer("gstreamer_send")).code, "seat.unknown")
        self.assertEqual(self.post(seat, offer("gstreamer_recv"), token="x" * 43).status, 401)
        self.assertEqual(self.post(seat, offer("gstreamer_recv"), kind="text/plain").status, 415)
        self.assertEqual(self.post(seat, "v=0\r\n").code, "live.bad_offer")

    def test_options_says_what_is_taken(self):
        answer = Client(self.server).ask("OPTIONS", f"/whip/{self.meeting}")
        self.assertEqual((answer.status, answer.headers["Accept-Post"]), (204, "application/sdp"))


if __name__ == "__main__":
    run()
