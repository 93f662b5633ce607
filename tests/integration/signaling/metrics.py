"""The metrics: their format, their names as docs/metrics.md gives them, and that they move."""

import os
import re
import sys

sys.path.insert(0, __file__.rpartition("/")[0] + "/lib")
from contract import ROOT  # noqa: E402
from door import DoorTest, Live, logged_in, offer, run, wait_for  # noqa: E402

SAMPLE = re.compile(r'^(dienhong_[a-z_]+)(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.]+$')


class Metrics(DoorTest):
    def page(self):
        status, text = self.server.admin("/metrics")
        self.assertEqual(status, 200)
        return text.splitlines()

    def names(self):
        names = set()
        for line in self.page():
            if not line.startswith("#"):
                self.assertRegex(line, SAMPLE)
                names.add(re.sub("_(bucket|sum|count)$", "", SAMPLE.match(line).group(1)))
        return names

    def test_every_name_is_in_the_documents_table_and_the_other_way_round(self):
        with open(os.path.join(ROOT, "docs", "metrics.md"), encoding="utf-8") as file:
            told = file.read()
        rows = [line for line in told.splitlines() if line.startswith("| `")]
        documented = set(re.findall(r"`(dienhong_[a-z_]+)", "\n".join(rows)))
        short = re.findall(r"`(dienhong_worker_[a-z]+)_packets_total[^`]*`, `…_([a-z_]+)`",
                           "\n".join(rows))
        documented |= {f"dienhong_worker_{rest}" for _, rest in short}
        with open(os.path.join(ROOT, "sfu", "core", "counters.h"), encoding="utf-8") as file:
            further = {f"dienhong_worker_{name}_total" for name in re.findall(r"X\((\w+)\)",
                                                                             file.read())}
        names = self.names()
        self.assertEqual(documented - names, set())
        self.assertEqual(names - documented - further, set())

    def test_every_name_has_its_type_and_comes_once(self):
        lines = self.page()
        types = [line.split()[2:] for line in lines if line.startswith("# TYPE ")]
        self.assertEqual(len(types), len({name for name, _ in types}))
        self.assertEqual({name for name, _ in types}, self.names())
        samples = [line.rpartition(" ")[0] for line in lines if not line.startswith("#")]
        self.assertEqual(len(samples), len(set(samples)))

    def test_a_join_is_counted(self):
        live = Live(logged_in(self.server, "xa01"), self.meeting)
        live.until("hello")
        before = self.server.metric("dienhong_joins_total")
        live.send({"type": "join", "sdp": offer(), "tiles": 12})
        live.until("joined")
        self.assertEqual(self.server.metric("dienhong_joins_total"), before + 1)
        self.assertEqual(self.server.metric("dienhong_media_endpoints", kind="meeting"), 1)
        endpoints = [self.server.metric("dienhong_worker_endpoints", worker=n) for n in (0, 1)]
        self.assertEqual(sum(endpoints), 1)
        self.assertGreater(self.server.metric("dienhong_join_seconds_total"), 0)
        self.assertGreater(self.server.metric("dienhong_live_sent_bytes_total"), 0)
        live.send({"type": "join", "sdp": "v=0", "tiles": 12})
        live.until("error")
        self.assertEqual(self.server.metric("dienhong_joins_refused_total"), 1)
        live.close()
        wait_for("the connection to be gone",
                 lambda: self.server.metric("dienhong_live_connections") == 0)

    def test_time_and_commits_go_on(self):
        self.assertGreater(self.server.metric("dienhong_worker_cpu_seconds_total", worker=1), 0)
        self.assertGreater(self.server.metric("dienhong_process_cpu_seconds_total"),
                           self.server.metric("dienhong_control_cpu_seconds_total"))
        self.assertGreater(self.server.metric("dienhong_process_resident_bytes"), 1 << 20)
        commits = self.server.metric("dienhong_store_commits_total")
        self.assertEqual(logged_in(self.server, "chutich").command(self.meeting, "cancel",
                                                                   reason="Thử").status, 200)
        self.assertGreater(self.server.metric("dienhong_store_commits_total"), commits)
        wait_for("the loop's lag to be measured", lambda: self.server.metric(
            "dienhong_control_lag_seconds_bucket", le="+Inf") > 0)


if __name__ == "__main__":
    run()
