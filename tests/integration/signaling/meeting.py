"""One meeting through the door: commands, what each connection is told, and who is present."""

import sys

sys.path.insert(0, __file__.rpartition("/")[0] + "/lib")
from door import Client, Closed, DoorTest, Live, logged_in, run, wait_for  # noqa: E402


def events_until(live, kind):
    """Every event up to the first of this kind."""
    seen = []
    while True:
        message = live.receive()
        if message["type"] == "event":
            seen.append(message)
            if message["kind"] == kind:
                return seen


class OneMeeting(DoorTest):
    def test_a_meeting_goes_its_way_and_everybody_hears_the_same(self):
        chair = logged_in(self.server, "chutich")
        commune = logged_in(self.server, "xa01")
        meeting = chair.meetings()[0]["id"]
        lives = [Live(chair, meeting), Live(commune, meeting)]
        hello = [live.receive() for live in lives]
        self.assertEqual([h["type"] for h in hello], ["hello", "hello"])
        for live in lives:
            live.until("may")
        wait_for("both present", lambda: sum(p["present"] for p in
                                             chair.snapshot(meeting)["participants"]) == 2)

        self.assertEqual(chair.command(meeting, "start").status, 200)
        me = commune.snapshot(meeting)["you"]["participantId"]
        self.assertEqual(commune.command(meeting, "floor.request").status, 200)
        self.assertEqual(chair.command(meeting, "floor.grant", participantId=me).status, 200)
        self.assertEqual(chair.snapshot(meeting)["floor"]["holder"], me)
        opened = chair.command(meeting, "vote.open", question="Thông qua phương án?")
        self.assertEqual(opened.status, 200)
        vote = chair.snapshot(meeting)["votes"][0]
        self.assertEqual((vote["state"], vote["agree"], vote["eligible"]), ("open", None, 2))
        for client, choice in ((chair, "agree"), (commune, "disagree")):
            answer = client.command(meeting, "vote.cast", voteId=vote["id"], choice=choice)
            self.assertEqual(answer.status, 200)
        twice = commune.command(meeting, "vote.cast", voteId=vote["id"], choice="agree")
        self.assertEqual((twice.status, twice.code), (409, "vote.already_cast"))
        self.assertEqual(chair.command(meeting, "vote.close", voteId=vote["id"]).status, 200)

        heard = [events_until(live, "vote.closed") for live in lives]
        numbers = [[event["seq"] for event in events] for events in heard]
        for own in numbers:
            self.assertEqual(own, list(range(own[0], own[0] + len(own))), "in order, without gaps")
        common = set(numbers[0]) & set(numbers[1])
        for number in common:
            first, second = ([e for e in events if e["seq"] == number][0] for events in heard)
            self.assertEqual(first, second)
        cast = [event["body"] for event in heard[0] if event["kind"] == "vote.cast"]
        self.assertFalse([body for body in cast if "choice" in body],
                         "a choice is nobody's business while the vote is open")

        page = chair.get(f"/api/v1/meetings/{meeting}/events?after={numbers[0][0] - 1}").json
        self.assertEqual([event["kind"] for event in page["events"]][:len(heard[0])],
                         [event["kind"] for event in heard[0]])
        for live in lives:
            live.close()

    def test_a_stranger_to_the_meeting_is_not_let_in(self):
        admin = logged_in(self.server, "quantri")
        live = Live(admin, self.meeting)
        self.assertEqual(live.status, 101)
        told = live.receive()
        self.assertEqual((told["type"], told["code"], told["fatal"]),
                         ("error", "live.not_invited", True))
        with self.assertRaises(Closed):
            live.receive()

    def test_nobody_joins_without_a_session(self):
        told = Live(Client(self.server), self.meeting).receive()
        self.assertEqual((told["code"], told["fatal"]), ("session.none", True))

    def test_another_sites_page_gets_no_socket(self):
        client = logged_in(self.server, "xa05")
        for origin in ("https://evil.example", "null", "http://localhost"):
            self.assertEqual(Live(client, self.meeting, origin=origin).status, 403, origin)

    def test_a_commune_may_not_do_the_chairs_work(self):
        commune = logged_in(self.server, "xa06")
        meeting = self.meeting
        answer = commune.command(meeting, "end")
        self.assertEqual(answer.status, 403)
        self.assertNotIn("end", commune.snapshot(meeting)["you"]["may"])

    def test_a_meeting_that_does_not_exist_is_not_found(self):
        client = logged_in(self.server, "xa07")
        for path in ("", "/events", "/minutes", "/minutes/file"):
            answer = client.get(f"/api/v1/meetings/123456789{path}")
            self.assertEqual((answer.status, answer.code), (404, "meeting.unknown"), path)

    def test_a_secretary_founds_a_meeting(self):
        secretary = logged_in(self.server, "thuky")
        chair = logged_in(self.server, "chutich").user["id"]
        plan = {"title": "Họp thử", "startAt": 1795000000000, "endAt": 1795003600000,
                "place": "Phòng 2", "chairId": chair, "secretaryId": secretary.user["id"]}
        made = secretary.ask("POST", "/api/v1/meetings", json=plan)
        self.assertEqual((made.status, made.json.get("state")), (201, "draft"), made.body)
        listed = [m["id"] for m in secretary.meetings()]
        self.assertIn(made.json["id"], listed)
        same = dict(plan, secretaryId=chair)
        self.assertEqual(secretary.ask("POST", "/api/v1/meetings", json=same).code,
                         "meeting.same_person")

    def test_who_closes_the_page_has_left(self):
        commune = logged_in(self.server, "xa08")
        meeting = self.meeting
        live = Live(commune, meeting)
        live.until("hello")

        def present():
            me = commune.snapshot(meeting)
            return [p for p in me["participants"]
                    if p["id"] == me["you"]["participantId"]][0]["present"]

        wait_for("entered", present)
        live.close(1000)
        wait_for("left", lambda: not present())

    def test_who_loses_the_line_left_when_it_broke_and_not_when_the_grace_was_over(self):
        commune = logged_in(self.server, "xa14")
        watcher = Live(logged_in(self.server, "xa15"), self.meeting)
        watcher.until("hello")
        live = Live(commune, self.meeting)
        live.until("event", kind="participant.entered")
        mine = commune.snapshot(self.meeting)["you"]["participantId"]
        live.sock.close()  # no goodbye
        left = watcher.until("event", kind="participant.left")
        while left["body"]["participantId"] != mine:
            left = watcher.until("event", kind="participant.left")
        # The grace time in these tests is one second.
        self.assertGreaterEqual(left["at"] - left["body"]["outAt"], 900)
        watcher.close(1000)

    def test_a_broken_line_that_comes_back_in_time_never_left(self):
        commune = logged_in(self.server, "xa09")
        meeting = self.meeting
        live = Live(commune, meeting)
        live.until("event", kind="participant.entered")
        live.sock.close()  # no goodbye
        again = Live(commune, meeting)
        again.until("hello")
        # Past the grace time of one second: an event of our own marks that it is over.
        other = logged_in(self.server, "xa10")
        marker = Live(other, meeting)
        marker.until("event", kind="participant.entered")
        marker.sock.close()
        again.until("event", kind="participant.left")
        me = commune.snapshot(meeting)
        mine = [p for p in me["participants"] if p["id"] == me["you"]["participantId"]][0]
        self.assertTrue(mine["present"])
        self.assertEqual(len(mine["spans"]), 1)
        again.close()


class Killed(DoorTest):
    def test_after_a_kill_the_record_is_whole_and_pages_come_back_by_themselves(self):
        chair = logged_in(self.server, "chutich")
        meeting = chair.meetings()[0]["id"]
        live = Live(chair, meeting)
        live.until("event", kind="participant.entered")
        self.assertEqual(chair.command(meeting, "start").status, 200)
        before = chair.snapshot(meeting)
        self.server.kill()
        self.server.start()
        after = chair.snapshot(meeting)  # the session outlives the process
        self.assertEqual(after["state"], "live")
        self.assertEqual(after["startedAt"], before["startedAt"])
        again = Live(chair, meeting)
        self.assertGreaterEqual(again.until("hello")["seq"], before["seq"])
        self.assertEqual(chair.command(meeting, "pause").status, 200)
        again.until("event", kind="meeting.paused")
        again.close()


class Behind(DoorTest):
    def test_a_slow_reader_costs_the_others_nothing_and_misses_nothing(self):
        chair = logged_in(self.server, "chutich")
        meeting = chair.meetings()[0]["id"]
        slow = Live(logged_in(self.server, "xa11"), meeting, receive_bytes=2048)
        slow.until("hello")
        quick = Live(chair, meeting)
        quick.until("event", kind="participant.entered")
        self.assertEqual(chair.command(meeting, "start").status, 200)
        longest = "Kết luận. " * 270  # about 4 kB each: 160 kB, with a window of 2
        for n in range(40):
            self.assertEqual(chair.command(meeting, "conclusion.add",
                                           text=f"{n} {longest}").status, 200)
            told = quick.until("event", kind="conclusion.added")
            self.assertTrue(told["body"]["text"].startswith(f"{n} "))
        for n in range(40):
            told = slow.until("event", kind="conclusion.added")
            self.assertTrue(told["body"]["text"].startswith(f"{n} "))
        quick.close()
        slow.close()

    def test_who_asks_too_much_is_closed(self):
        live = Live(logged_in(self.server, "xa12"), self.meeting)
        with self.assertRaises((Closed, OSError)):
            for n in range(10000):
                live.send_text(b'{"type":"ping","n":1}')
                if n % 20 == 0:
                    live.until("pong")


if __name__ == "__main__":
    run()
