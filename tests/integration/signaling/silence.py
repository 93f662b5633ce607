"""Who says nothing is asked whether they are still there."""

import sys

sys.path.insert(0, __file__.rpartition("/")[0] + "/lib")
from door import Closed, DoorTest, Live, logged_in, run  # noqa: E402

PATIENCE = 60  # the server asks after 15 s and lets go after 30 s


class Silence(DoorTest):
    def open(self):
        live = Live(logged_in(self.server, "xa01"), self.meeting)
        live.until("hello")
        live.sock.settimeout(PATIENCE)
        return live

    def test_who_answers_stays_and_who_does_not_is_let_go(self):
        there, gone = self.open(), self.open()
        gone.answers = False
        there.await_ping()
        there.await_ping()  # the first answer was heard: else the connection would have ended
        gone.await_ping()
        with self.assertRaises(Closed):
            gone.await_ping()
        there.close()


if __name__ == "__main__":
    run()
