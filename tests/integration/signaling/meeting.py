"""One meeting through the door: commands, what each connection is told, and who is present."""

import sys

sys.path.insert(0, __file__.rpartition("/")[0] + "/lib")
from door import Client, Closed, DoorTest, Live, logged_in, run, wait_for  # noqa: E402


CROWD = ("participant.entered", "participant.left", "vote.cast")


def told_until(live, is_last):
    """What is told of the record up to the first message of which this is true."""
    seen = []
    while True:
        message = live.receive()
        if message["type"] in ("event", "crowd"):
            seen.append(message)
            if is_last(message):
                return seen


def first_of(said):
    return said["from"] if said["type"] == "crowd" else said["seq"]


def crowd_naming(live, participant, present):
    """The crowd in which this one is said to have come or gone."""
    while True:
        crowd = live.until("crowd")
        for one in crowd["participants"] or []:
            if (one["id"], one["present"]) == (participant, present):
                return crowd, one


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
        wait_for("both present", lambda: chair.snapshot(meeting)["counts"]["present"] == 2)

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
        # While it is open, everybody is told how many have voted, whatever waits with it.
        counted = [{"id": vote["id"], "cast": 2}]
        heard = [told_until(live, lambda said: said.get("votes") == counted) for live in lives]
        self.assertEqual(chair.command(meeting, "vote.close", voteId=vote["id"]).status, 200)

        for live, own in zip(lives, heard):
            own += told_until(live, lambda said: said.get("kind") == "vote.closed")
        for own in heard:
            for before, after in zip(own, own[1:]):
                self.assertEqual(first_of(after), before["seq"] + 1, "in order, without gaps")
        by_number = [{said["seq"]: said for said in own} for own in heard]
        for number in set(by_number[0]) & set(by_number[1]):
            self.assertEqual(by_number[0][number], by_number[1][number])
        self.assertNotIn("vote.cast", [said.get("kind") for said in heard[0]])
        granted = [said for said in heard[0] if said.get("kind") == "floor.granted"][0]
        self.assertEqual(granted["participant"]["id"], me)

        since = first_of(heard[0][0]) - 1
        page = chair.get(f"/api/v1/meetings/{meeting}/events?after={since}").json["events"]
        self.assertEqual([event["kind"] for event in page if event["kind"] not in CROWD],
                         [said["kind"] for said in heard[0] if said["type"] == "event"])
        cast = [event["body"] for event in page if event["kind"] == "vote.cast"]
        self.assertEqual(len(cast), 2)
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
        live.until("crowd")
        mine = commune.snapshot(self.meeting)["you"]["participantId"]
        live.sock.close()  # no goodbye
        crowd, one = crowd_naming(watcher, mine, present=False)
        events = commune.get(f"/api/v1/meetings/{self.meeting}/events?after={crowd['from'] - 1}")
        left = [event for event in events.json["events"] if event["kind"] == "participant.left"
                and event["body"]["participantId"] == mine][0]
        self.assertEqual(one["spans"][-1]["outAt"], left["body"]["outAt"])
        # The grace time in these tests is one second.
        self.assertGreaterEqual(left["at"] - left["body"]["outAt"], 900)
        watcher.close(1000)

    def test_a_broken_line_that_comes_back_in_time_never_left(self):
        commune = logged_in(self.server, "xa09")
        meeting = self.meeting
        live = Live(commune, meeting)
        live.until("crowd")
        live.sock.close()  # no goodbye
        again = Live(commune, meeting)
        again.until("hello")
        # Past the grace time of one second: an event of our own marks that it is over.
        other = logged_in(self.server, "xa10")
        marker = Live(other, meeting)
        hers = marker.until("hello")["participantId"]
        marker.until("crowd")
        marker.sock.close()
        crowd_naming(again, hers, present=False)
        me = commune.snapshot(meeting)
        mine = [p for p in me["participants"] if p["id"] == me["you"]["participantId"]][0]
        self.assertTrue(mine["present"])
        self.assertEqual(len(mine["spans"]), 1)
        again.close()


class TheRoll(DoorTest):
    def test_a_snapshot_names_whom_it_needs_and_counts_the_rest(self):
        commune = logged_in(self.server, "xa30")
        whole = commune.snapshot(self.meeting)
        named = [one["id"] for one in whole["participants"]]
        self.assertEqual(len(named), len(set(named)))
        self.assertIn(whole["you"]["participantId"], named)
        self.assertLess(len(named), 10)
        self.assertGreater(whole["counts"]["invited"], 98)

    def test_its_pages_follow_each_other(self):
        commune, seen, after = logged_in(self.server, "xa31"), [], 0
        while after is not None:
            page = commune.roll(self.meeting, limit=40, after=after)
            seen += [one["id"] for one in page["participants"]]
            after = page["next"]
        self.assertEqual(len(seen), commune.snapshot(self.meeting)["counts"]["invited"])
        self.assertEqual(len(seen), len(set(seen)))

    def test_it_is_searched_without_marks_and_by_presence(self):
        commune = logged_in(self.server, "xa32")
        live = Live(commune, self.meeting)
        mine = live.until("hello")["participantId"]
        crowd_naming(live, mine, present=True)
        here = commune.roll(self.meeting, present="true")["participants"]
        self.assertEqual([one["id"] for one in here], [mine])
        away = commune.roll(self.meeting, present="false", limit=200)["participants"]
        self.assertNotIn(mine, [one["id"] for one in away])
        found = commune.roll(self.meeting, query="tran  bien")["participants"]
        self.assertEqual({one["unit"] for one in found}, {"Phường Trấn Biên"})
        self.assertEqual(commune.roll(self.meeting, query="không có ai")["participants"], [])
        bad = commune.get(f"/api/v1/meetings/{self.meeting}/participants?present=maybe")
        self.assertEqual(bad.status, 400)
        live.close()

    def test_the_invited_units_are_a_list_of_their_own(self):
        commune = logged_in(self.server, "xa33")
        units = commune.get(f"/api/v1/meetings/{self.meeting}/units").json["units"]
        self.assertEqual(len(units), commune.snapshot(self.meeting)["counts"]["units"])

    def test_many_who_come_at_once_are_counted(self):
        watcher = Live(logged_in(self.server, "xa34"), self.meeting)
        watcher.until("hello")
        clients = [logged_in(self.server, f"xa{n}") for n in range(35, 55)]
        before = self.server.metric("dienhong_live_sent_messages_total")
        lives = [Live(client, self.meeting) for client in clients]
        while watcher.until("crowd")["present"] < 21:
            pass
        told = self.server.metric("dienhong_live_sent_messages_total") - before
        self.assertLess(told, 20 * 20, "not everybody about everybody")
        for live in lives:
            live.close()


class Killed(DoorTest):
    def test_after_a_kill_the_record_is_whole_and_pages_come_back_by_themselves(self):
        chair = logged_in(self.server, "chutich")
        meeting = chair.meetings()[0]["id"]
        live = Live(chair, meeting)
        live.until("crowd")
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
        quick.until("crowd")
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
