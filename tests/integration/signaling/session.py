"""Logging in, staying in, and who may change something."""

import json
import sys

sys.path.insert(0, __file__.rpartition("/")[0] + "/lib")
from door import Client, DoorTest, logged_in, run, wait_for  # noqa: E402


class Session(DoorTest):
    def test_nobody_is_logged_in_at_first(self):
        answer = Client(self.server).get("/api/v1/session")
        self.assertEqual((answer.status, answer.code), (401, "session.none"))

    def test_a_password_opens_a_session(self):
        client = Client(self.server)
        answer = client.log_in("thuky")
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.json["user"]["roles"], ["secretary"])
        for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
            self.assertIn(part, answer.headers["Set-Cookie"])
        self.assertEqual(client.get("/api/v1/session").json["csrf"], client.csrf)

    def test_a_wrong_password_and_an_unknown_name_are_told_alike(self):
        wrong = Client(self.server).log_in("xa90", "not this")
        unknown = Client(self.server).log_in("nobody-here", "not this")
        self.assertEqual((wrong.status, wrong.code), (401, "login.wrong"))
        self.assertEqual(wrong.body, unknown.body)

    def test_guessing_is_slowed_down_for_the_guesser_alone(self):
        codes = [Client(self.server).log_in("xa91", f"guess {n}").code for n in range(4)]
        self.assertEqual(codes[:3], ["login.wrong"] * 3)
        self.assertEqual(codes[3], "login.slow_down")
        slow = Client(self.server).log_in("xa91")
        self.assertEqual(slow.status, 429)
        self.assertGreaterEqual(int(slow.headers["Retry-After"]), 1)
        self.assertEqual(Client(self.server).log_in("xa92").status, 200)

    def test_a_change_needs_the_csrf_token(self):
        client = logged_in(self.server, "xa01")
        for token in (None, "", "x" * 43, client.csrf[:-1], client.csrf + "A"):
            answer = client.ask("DELETE", "/api/v1/session", headers={"X-CSRF": token})
            self.assertEqual((answer.status, answer.code), (403, "request.wrong_csrf"), token)
        self.assertEqual(client.get("/api/v1/session").status, 200)

    def test_a_change_from_another_site_is_refused(self):
        client = logged_in(self.server, "xa02")
        other = ("https://evil.example", None, "null", self.server.origin + ".evil.example",
                 self.server.origin.replace("https", "http"))
        for origin in other:
            answer = client.ask("DELETE", "/api/v1/session", headers={"Origin": origin})
            self.assertEqual((answer.status, answer.code), (403, "request.wrong_origin"), origin)
        login = client.ask("POST", "/api/v1/session", json={"login": "xa02", "password": "x"},
                           headers={"Origin": "https://evil.example"})
        self.assertEqual(login.code, "request.wrong_origin")

    def test_logging_out_ends_it(self):
        client = logged_in(self.server, "xa03")
        self.assertEqual(client.ask("DELETE", "/api/v1/session").status, 204)
        self.assertEqual(client.get("/api/v1/session").status, 401)

    def test_a_planted_second_cookie_is_no_session(self):
        client = logged_in(self.server, "xa04")
        cookie = f"__Host-session=planted; __Host-session={client.cookie}"
        answer = client.get("/api/v1/session", headers={"Cookie": cookie})
        self.assertEqual(answer.status, 401)

    def test_the_administrators_port_tells_how_it_is(self):
        self.assertEqual(self.server.admin("/livez"), (200, "alive\n"))
        self.assertEqual(self.server.admin("/readyz"), (200, "ready\n"))
        self.assertEqual(self.server.admin("/none")[0], 404)
        status, text = self.server.admin("/health")
        self.assertEqual((status, json.loads(text)["status"]), (200, "ok"))


class Restart(DoorTest):
    def test_a_killed_server_knows_its_sessions_again(self):
        client = logged_in(self.server, "chutich")
        wait_for("the session on disk", lambda: client.get("/api/v1/session").status == 200)
        client.command(client.meetings()[0]["id"], "start")  # whatever commits after the login
        self.server.stop()
        self.server.start()
        self.assertEqual(client.get("/api/v1/session").json["csrf"], client.csrf)


class Pages(DoorTest):
    def test_the_page_comes_with_its_safeguards(self):
        answer = Client(self.server).get("/")
        self.assertEqual(answer.status, 200)
        self.assertTrue(answer.headers["Content-Security-Policy"].startswith("default-src 'self'"))
        self.assertIn("frame-ancestors 'none'", answer.headers["Content-Security-Policy"])
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(answer.headers["Cache-Control"], "no-cache")

    def test_the_clients_own_paths_are_its_page(self):
        client = Client(self.server)
        page = client.get("/").body
        for path in ("/v/ABCDEFGHIJKLMNOP", "/meetings/12", "/login"):
            self.assertEqual(client.get(path).body, page, path)

    def test_what_is_not_there_is_not_found(self):
        client = Client(self.server)
        for path in ("/assets/none.js", "/api/v1/nothing", "/../../etc/passwd.js",
                     "/assets/..%2f..%2f..%2fetc%2fpasswd.js"):
            self.assertIn(client.get(path).status, (404, 403, 400), path)
        self.assertEqual(client.get("/../../etc/passwd").body, client.get("/").body)

    def test_a_hashed_file_is_packed_and_kept(self):
        client = Client(self.server)
        plain = client.get("/assets/app-1a2b.js")
        packed = client.get("/assets/app-1a2b.js", {"Accept-Encoding": "gzip, br"})
        self.assertIn("immutable", plain.headers["Cache-Control"])
        self.assertEqual(packed.headers["Content-Encoding"], "br")
        self.assertNotEqual(plain.body, packed.body)
        again = client.get("/assets/app-1a2b.js", {"If-None-Match": plain.headers["ETag"]})
        self.assertEqual((again.status, again.body), (304, b""))

    def test_a_head_has_no_body(self):
        answer = Client(self.server).ask("HEAD", "/")
        self.assertEqual((answer.status, answer.body), (200, b""))

    def test_the_directory_is_searched_without_marks(self):
        client = logged_in(self.server, "thuky")
        units = client.get("/api/v1/units?query=tran%20bien&limit=5").json["units"]
        self.assertEqual([unit["name"] for unit in units], ["Phường Trấn Biên"])
        users = client.get("/api/v1/users?role=leader").json["users"]
        self.assertEqual(len(users), 2)

    def test_pages_of_the_directory_follow_each_other(self):
        client = logged_in(self.server, "thuky")
        seen, after = [], ""
        while True:
            page = client.get(f"/api/v1/units?limit=40&after={after}").json
            seen += [unit["id"] for unit in page["units"]]
            if page["next"] is None:
                break
            after = page["next"]
        self.assertEqual(len(seen), 105)
        self.assertEqual(len(set(seen)), 105)
        self.assertEqual(client.get("/api/v1/units?limit=201").status, 400)


if __name__ == "__main__":
    run()
