"""Few descriptors: the server says what to do, and serves as many as fit."""

import os
import resource
import sys
import unittest

sys.path.insert(0, __file__.rpartition("/")[0] + "/lib")
from door import DoorTest, Live, Server, logged_in, run  # noqa: E402

WANTED = 8704
AS_ROOT = os.geteuid() == 0


class FewFiles(DoorTest):
    @classmethod
    def setUpClass(cls):
        few = ["/usr/bin/prlimit", "--nofile=520:520", sys.argv[1]]
        if AS_ROOT:  # who could raise the hard limit again
            few = ["/usr/bin/setpriv", "--bounding-set", "-sys_resource", *few]
        cls.server = Server(few)

    def test_it_says_what_to_do_and_takes_as_many_as_fit(self):
        self.assertIn(f"allowed=520 wanted={WANTED} connections=8", self.server.read_log())
        self.assertIn("raise LimitNOFILE=", self.server.read_log())
        client = logged_in(self.server, "xa01")
        meeting = self.meeting
        lives = [Live(client, meeting) for _ in range(8)]
        for live in lives:
            live.until("hello")
        told = Live(client, meeting).until("error")
        self.assertEqual((told["code"], told["fatal"]), ("server.busy", False))
        for live in lives:
            live.close()


class Enough(DoorTest):
    @unittest.skipUnless(AS_ROOT or resource.getrlimit(resource.RLIMIT_NOFILE)[1] >= WANTED,
                         "this system allows fewer")
    def test_the_limit_is_raised_at_start(self):
        self.assertGreaterEqual(self.server.metric("dienhong_process_open_files_limit"), WANTED)
        self.assertNotIn("door.files", self.server.read_log())


if __name__ == "__main__":
    run()
