"""A meeting of the demo province, held and ended: where its minutes begin."""

from door import DoorTest, Live, logged_in
from signer import Signer


class HeldTest(DoorTest):
    """The tests of a class share the meeting and run in the order of their names."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hold()

    @classmethod
    def hold(cls, *meanwhile):
        """With chair and secretary there; `meanwhile`: commands of the chair, kind and members."""
        cls.chair, cls.secretary = logged_in(cls.server, "chutich"), logged_in(cls.server, "thuky")
        cls.id = cls.chair.meetings()[0]["id"]
        lives = [Live(client, cls.id) for client in (cls.chair, cls.secretary)]
        for live in lives:
            live.until("crowd")
        for kind, members in (("start", {}), *meanwhile, ("end", {})):
            cls.do(cls.chair, kind, **members)
        for live in lives:
            live.close()

    @classmethod
    def do(cls, client, kind, **members):
        answer = client.command(cls.id, kind, **members)
        assert answer.status == 200, (kind, answer.status, answer.body)

    @classmethod
    def minutes(cls):
        return cls.secretary.get(f"/api/v1/meetings/{cls.id}/minutes").json

    @classmethod
    def finalise(cls):
        cls.do(cls.secretary, "minutes.finalise", revision=cls.minutes()["revision"])

    @classmethod
    def sign(cls):
        for client, field in ((cls.secretary, "secretary"), (cls.chair, "chair")):
            signer = Signer(client)
            prepared = signer.prepare(cls.id, field)
            assert prepared.status == 201, (field, prepared.body)
            signed = signer.sign(prepared.json)
            assert signed.status == 200, (field, signed.body)
