"""A standard client's whole way: GStreamer's webrtcbin sends to a meeting by WHIP (RFC 9725) and
another one watches it by WHEP; every decoded frame and every sound counts. GStreamer offers only
AES128_CM_SHA1_80, so this also runs the media server's libsrtp2."""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

sys.path.insert(0, __file__.rpartition("/")[0] + "/lib")
from door import PATIENCE, Client, DoorTest, Live, logged_in, run  # noqa: E402

SENDS = """
    webrtcbin name=peer bundle-policy=max-bundle
    audiotestsrc is-live=true wave=ticks ! audioconvert ! opusenc ! rtpopuspay
        ! application/x-rtp,media=audio,encoding-name=OPUS,payload=111 ! peer.
    videotestsrc is-live=true ! video/x-raw,width=640,height=360,framerate=15/1
        ! vp8enc deadline=1 keyframe-max-dist=60 target-bitrate=400000
        ! rtpvp8pay picture-id-mode=15-bit
        ! application/x-rtp,media=video,encoding-name=VP8,payload=96 ! peer.
"""
RECEIVES = {
    "audio": "application/x-rtp,media=audio,encoding-name=OPUS,payload=111,clock-rate=48000",
    "video": "application/x-rtp,media=video,encoding-name=VP8,payload=96,clock-rate=90000",
}
DECODES = {
    "audio": "rtpopusdepay ! opusdec ! fakesink name=sink sync=false",
    "video": "rtpvp8depay ! vp8dec ! fakesink name=sink sync=false",
}
STATE = GstWebRTC.WebRTCPeerConnectionState


def turn_until(what, check):
    """Runs GLib's loop until check() gives something true."""
    context, late = GLib.MainContext.default(), []
    timer = GLib.timeout_add_seconds(PATIENCE, lambda: late.append(True) or GLib.SOURCE_REMOVE)
    ticker = GLib.timeout_add(50, lambda: GLib.SOURCE_CONTINUE)
    while not (result := check()):
        if late:
            raise AssertionError("waited in vain for " + what)
        context.iteration(True)
    GLib.source_remove(timer)
    GLib.source_remove(ticker)
    return result


class Peer:
    """One webrtcbin in a pipeline of its own."""

    def __init__(self, description):
        self.pipeline = Gst.Pipeline.new(None)
        self.pipeline.add(Gst.parse_bin_from_description(description, False))
        self.peer = self.pipeline.get_by_name("peer")
        self.decoded = {"audio": 0, "video": 0}
        self.peer.connect("pad-added", self._on_pad)

    def watch(self):
        for caps in RECEIVES.values():
            self.peer.emit("add-transceiver", GstWebRTC.WebRTCRTPTransceiverDirection.RECVONLY,
                           Gst.Caps.from_string(caps))
        return self

    def _on_pad(self, _, pad):
        if pad.direction != Gst.PadDirection.SRC:
            return
        kind = pad.get_current_caps().get_structure(0)["media"]
        tail = Gst.parse_bin_from_description(DECODES[kind], True)
        tail.get_by_name("sink").get_static_pad("sink").add_probe(
            Gst.PadProbeType.BUFFER, self._on_decoded, kind)
        self.peer.get_parent().add(tail)
        tail.sync_state_with_parent()
        pad.link(tail.get_static_pad("sink"))

    def _on_decoded(self, _pad, _info, kind):
        self.decoded[kind] += 1
        return Gst.PadProbeReturn.OK

    def offer(self):
        self.pipeline.set_state(Gst.State.PLAYING)
        promise = Gst.Promise.new()
        turn_until("transceivers", lambda: self.peer.emit("get-transceiver", 1) is not None)
        self.peer.emit("create-offer", None, promise)
        promise.wait()
        reply = promise.get_reply()  # kept: the offer lies within it
        self.peer.emit("set-local-description", reply.get_value("offer"), None)
        complete = GstWebRTC.WebRTCICEGatheringState.COMPLETE
        turn_until("candidates", lambda: self.peer.get_property("ice-gathering-state") == complete)
        return self.peer.get_property("local-description").sdp.as_text()

    def answered(self, sdp):
        _, message = GstSdp.SDPMessage.new_from_text(sdp)
        answer = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, message)
        self.peer.emit("set-remote-description", answer, None)
        turn_until("a connection",
                   lambda: self.peer.get_property("connection-state") == STATE.CONNECTED)

    def close(self):
        self.pipeline.set_state(Gst.State.NULL)


class WhipToWhep(DoorTest):
    def join(self, peer, client, use):
        answer = client.ask("POST", f"/api/v1/meetings/{self.meeting}/seat-tokens",
                            json={"use": use})
        seat = answer.json
        headers = {"Authorization": "Bearer " + seat["token"], "Origin": None,
                   "Content-Type": "application/sdp"}
        made = Client(self.server).ask("POST", "/" + seat["url"].split("/", 3)[3],
                                       body=peer.offer().encode(), headers=headers)
        self.assertEqual(made.status, 201, made.body)
        peer.answered(made.body.decode())
        return made.headers["Location"], headers["Authorization"]

    def enter(self, login):
        client = logged_in(self.server, login)
        live = Live(client, self.meeting)
        live.until("crowd")
        return client, live

    def test_a_standard_client_is_seen_and_heard_by_another(self):
        chair, chair_live = self.enter("chutich")
        viewer, viewer_live = self.enter("xa01")
        self.assertEqual(chair.command(self.meeting, "start").status, 200)
        sender, watcher = Peer(SENDS), Peer("webrtcbin name=peer bundle-policy=max-bundle").watch()
        try:
            where, bearer = self.join(sender, chair, "whip")
            self.join(watcher, viewer, "whep")
            turn_until("a second of sound", lambda: watcher.decoded["audio"] > 50)
            turn_until("two seconds of picture", lambda: watcher.decoded["video"] > 30)
            gone = Client(self.server).ask("DELETE", where, headers={"Authorization": bearer})
            self.assertEqual(gone.status, 200)
        finally:
            sender.close()
            watcher.close()
            chair_live.close()
            viewer_live.close()


if __name__ == "__main__":
    Gst.init(None)
    run()
