"""Documents go up in parts, survive a broken line, and come down by ranges."""

import concurrent.futures
import hashlib
import io
import json
import os
import sys
import zipfile

sys.path.insert(0, __file__.rpartition("/")[0] + "/lib")
from door import Client, DoorTest, logged_in, query, run, wait_for  # noqa: E402


def small_pdf(pages=2, filler=0):
    """A correct PDF of empty pages; `filler` bytes of comment make it as large as wanted."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>",
               b"<</Type/Pages/Count %d/Kids[%s]>>" % (
                   pages, b" ".join(b"%d 0 R" % (3 + n) for n in range(pages)))]
    objects += [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"] * pages
    out, places = b"%PDF-1.7\n" + b"%" + b"x" * filler + b"\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return out


class Documents(DoorTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secretary = logged_in(cls.server, "thuky")
        chair = logged_in(cls.server, "chutich").user["id"]
        cls.id = cls.secretary.ask("POST", "/api/v1/meetings", json={
            "title": "Họp có tài liệu", "startAt": 1795000000000, "endAt": 1795003600000,
            "place": "Phòng 1", "chairId": chair,
            "secretaryId": cls.secretary.user["id"]}).json["id"]

    def put(self, upload, part, offset, size, client=None, **more):
        path = f"/api/v1/meetings/{self.id}/uploads/{upload}" + query(
            offset=offset, size=size, title="Báo cáo", **more)
        return (client or self.secretary).ask("PUT", path, body=part)

    def received(self, upload):
        return self.secretary.get(f"/api/v1/meetings/{self.id}/uploads/{upload}").json["received"]

    def test_a_document_in_parts_is_whole_again(self):
        pdf, upload = small_pdf(3, 9000), os.urandom(16).hex()
        self.assertEqual(self.received(upload), 0)
        first = self.put(upload, pdf[:4000], 0, len(pdf))
        self.assertEqual((first.status, first.json["received"]), (202, 4000))
        gap = self.put(upload, pdf[5000:], 5000, len(pdf))
        self.assertEqual((gap.status, gap.code), (409, "upload.gap"))
        self.assertEqual(self.received(upload), 4000)
        last = self.put(upload, pdf[4000:], 4000, len(pdf))
        self.assertEqual(last.status, 201, last.body)
        document = last.json["document"]
        self.assertEqual((document["pages"], document["size"]), (3, len(pdf)))
        self.assertEqual(document["sha256"], hashlib.sha256(pdf).hexdigest())
        self.read_back(document, pdf)

    def read_back(self, document, pdf):
        path = f"/api/v1/documents/{document['id']}/file"
        whole = self.secretary.get(path)
        self.assertEqual((whole.status, whole.body), (200, pdf))
        self.assertEqual(whole.headers["Content-Type"], "application/pdf")
        for asked, wanted in (("bytes=0-99", pdf[:100]), ("bytes=100-", pdf[100:]),
                              ("bytes=-50", pdf[-50:])):
            part = self.secretary.get(path, {"Range": asked})
            self.assertEqual((part.status, part.body), (206, wanted), asked)
            self.assertTrue(part.headers["Content-Range"].endswith(f"/{len(pdf)}"))
        beyond = self.secretary.get(path, {"Range": f"bytes={len(pdf)}-"})
        self.assertEqual(beyond.status, 416)
        known = self.secretary.get(path, {"If-None-Match": whole.headers["ETag"]})
        self.assertEqual(known.status, 304)
        stranger = logged_in(self.server, "xa01").get(path)
        self.assertEqual((stranger.status, stranger.code), (404, "document.unknown"))
        self.assertEqual(Client(self.server).get(path).status, 401)

    def test_a_line_that_breaks_in_mid_part_is_continued_where_it_broke(self):
        pdf, upload = small_pdf(1, 200000), os.urandom(16).hex()
        path = f"/api/v1/meetings/{self.id}/uploads/{upload}" + query(
            offset=0, size=len(pdf), title="Dở dang")
        head = (f"PUT {path} HTTP/1.1\r\nHost: localhost:{self.server.port}\r\n"
                f"Origin: {self.server.origin}\r\nX-CSRF: {self.secretary.csrf}\r\n"
                f"Cookie: __Host-session={self.secretary.cookie}\r\n"
                f"Content-Length: {len(pdf)}\r\n\r\n").encode()
        sock = self.server.connect()
        sock.sendall(head + pdf[:100000])
        # A connection that closes with something unread is reset, and may take along what the
        # server has not read yet: it has to have begun before the line breaks.
        wait_for("the first bytes", lambda: self.received(upload) > 0)
        sock.close()

        def goes_on():
            received = self.received(upload)
            self.assertLessEqual(received, 100000)
            return self.put(upload, pdf[received:], received, len(pdf))

        done = goes_on()
        while done.status == 409:  # the last of the broken line was still on its way
            done = goes_on()
        self.assertEqual(done.status, 201, done.body)
        self.assertEqual(done.json["document"]["sha256"], hashlib.sha256(pdf).hexdigest())

    def test_what_is_no_pdf_is_refused_with_the_reason(self):
        for file, code in ((b"PK\x03\x04" + bytes(500), "document.not_pdf"),
                           (b"%PDF-1.7\n" + b"no more", "document.not_pdf")):
            answer = self.put(os.urandom(16).hex(), file, 0, len(file))
            self.assertEqual((answer.status, answer.code), (422, code))
            self.assertTrue(answer.json["error"]["vi"])

    def test_too_large_is_refused_before_it_is_sent(self):
        answer = self.put(os.urandom(16).hex(), b"x", 0, 64 * 1024 * 1024 + 1)
        self.assertEqual((answer.status, answer.code), (413, "document.too_large"))
        part = self.put(os.urandom(16).hex(), bytes(4 * 1024 * 1024 + 1), 0, 5 * 1024 * 1024)
        self.assertEqual((part.status, part.code), (413, "request.too_large"))

    def test_only_the_secretary_adds_documents(self):
        chair = logged_in(self.server, "chutich")
        answer = self.put(os.urandom(16).hex(), b"x", 0, 1, client=chair)
        self.assertEqual(answer.status, 403)

    def test_an_upload_that_makes_no_sense_is_refused(self):
        upload = os.urandom(16).hex()
        for bad, offset, size in ((upload[:-1], 0, 1), ("g" * 32, 0, 1), (upload, 2, 1),
                                  (upload, 0, 0)):
            self.assertEqual(self.put(bad, b"x", offset, size).status, 400)
        self.assertEqual(self.put(upload, b"xy", 0, 1).status, 400)

    def test_a_strangers_file_is_judged_without_a_session(self):
        answer = Client(self.server).ask("POST", "/api/v1/verify", body=small_pdf(),
                                         headers={"Content-Type": "application/pdf"})
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual((answer.json["verdict"], answer.json["registered"]), ("unsigned", False))
        other = Client(self.server).ask("POST", "/api/v1/verify", body=b"not a file")
        self.assertIn(other.json.get("verdict", other.status), ("invalid", 422))

    def test_a_paper_or_package_over_the_bound_is_refused_with_the_way_out(self):
        head = (f"POST /api/v1/verify HTTP/1.1\r\nHost: localhost:{self.server.port}\r\n"
                f"Origin: {self.server.origin}\r\nContent-Length: {(64 << 20) + 1}\r\n\r\n")
        answer = self.server.raw(head.encode())
        self.assertIn(b" 413 ", answer.partition(b"\r\n")[0])
        self.assertIn(b'"verify.too_large"', answer)
        self.assertIn(b"dienhong verify", answer)

    def test_one_record_package_is_examined_at_a_time(self):
        """Each unpacks to 480 MB: the others come while the first is still being read."""
        zeros = bytes(60 << 20)
        files = [{"path": f"documents/{n:03}.pdf", "size": len(zeros),
                  "sha256": hashlib.sha256(zeros).hexdigest()} for n in range(8)]
        manifest = {"format": "dienhong-record-1", "meeting": "1", "code": "", "title": "",
                    "madeAt": 0, "head": {"seq": 1, "hash": "0" * 64}, "files": files}
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr("manifest.json", json.dumps(manifest))
            for file in files:
                archive.writestr(file["path"], zeros)
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(
                lambda _: Client(self.server).ask("POST", "/api/v1/verify",
                                                  body=packed.getvalue()), range(4)))
        told = {answer.status: answer.code if answer.status != 200 else answer.json["verdict"]
                for answer in answers}
        self.assertEqual(told, {200: "broken", 503: "server.busy"})

    def test_a_code_that_nothing_carries_is_unknown(self):
        answer = Client(self.server).get("/api/v1/verify/ABCDEFGHABCDEFGH")
        self.assertEqual((answer.status, answer.code), (404, "verify.unknown_code"))


if __name__ == "__main__":
    run()
