#include "meeting/edge/paper/reason.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

static const struct paper_reason reasons[] = {
    /* Uploads. */
    {"document.not_pdf",
     "Tệp này không phải là PDF đọc được; hãy xuất lại văn bản ra PDF rồi tải lên.",
     "This file is not a readable PDF; export the document to PDF again and upload it."},
    {"document.encrypted", "Tệp PDF có mật khẩu hoặc bị mã hóa; hãy bỏ bảo vệ rồi tải lên lại.",
     "This PDF is protected by a password or encrypted; remove the protection and upload it "
     "again."},
    {"document.too_large", "Tệp lớn hơn mức cho phép 64 MB; hãy giảm dung lượng hoặc tách tệp.",
     "The file is larger than the 64 MB allowed; reduce its size or split it."},
    {"document.too_many_pages",
     "Tài liệu có quá nhiều trang (tối đa 5.000); hãy tách thành nhiều tệp.",
     "The document has too many pages (at most 5,000); split it into several files."},

    /* The file as a whole. */
    {"pdf.not_pdf", "Tệp không phải là PDF đọc được, nên không kiểm tra được.",
     "The file is not a readable PDF, so it cannot be verified."},
    {"pdf.too_large", "Tệp lớn hơn mức cho phép 64 MB.",
     "The file is larger than the 64 MB allowed."},
    {"pdf.unsigned", "Tệp không có chữ ký số nào.", "The file carries no digital signature."},
    {"pdf.structure",
     "Cấu trúc tệp không đúng như khi hệ thống lập ra: tệp bị hỏng, bị sửa hoặc do phần mềm khác "
     "tạo.",
     "The file is not built as this system builds it: it is damaged, was altered, or was made by "
     "other software."},
    {"pdf.trailing", "Cuối tệp bị thiếu hoặc bị thêm dữ liệu so với bản đã ký.",
     "Data is missing from or was added to the end of the signed file."},
    {"pdf.hidden", "Tệp chứa dữ liệu ẩn không thuộc nội dung nào của văn bản.",
     "The file contains hidden data that belongs to no part of the document."},
    {"pdf.active", "Tệp chứa mã lệnh, liên kết hoặc lớp ẩn mà biên bản không được có.",
     "The file contains scripts, links or layers, which minutes may not have."},
    {"pdf.form", "Các ô chữ ký hoặc chú thích trong tệp không đúng như khi hệ thống lập ra.",
     "The signature fields or annotations in the file are not those that this system makes."},

    {"pdf.damaged", "Tệp PDF bị hỏng hoặc bị cắt mất một phần, không đọc được nếu không sửa chữa.",
     "The PDF is damaged or a part of it is cut off: it cannot be read without repairing it."},

    /* Files by other software, which this program does not judge: not wrong, but not known. */
    {"unsupported.encrypted", "Không hỗ trợ: tệp bị mã hóa hoặc có mật khẩu bảo vệ.",
     "Not supported: the file is encrypted or protected by a password."},
    {"unsupported.irregular",
     "Không hỗ trợ: cấu trúc tệp không theo chuẩn, mỗi phần mềm có thể hiển thị một khác.",
     "Not supported: the file departs from the standard, so that programs may show it "
     "differently."},
    {"unsupported.large",
     "Không hỗ trợ: tệp quá lớn, có quá nhiều chữ ký hoặc quá nhiều lần lưu để kiểm tra.",
     "Not supported: the file is too large or has too many signatures or revisions to be "
     "verified."},
    {"unsupported.active",
     "Không hỗ trợ: tệp có mã lệnh, hành động tự động hoặc nội dung đa phương tiện có thể làm thay "
     "đổi nội dung hiển thị.",
     "Not supported: the file has scripts, actions or multimedia that may change what it shows."},
    {"unsupported.layers", "Không hỗ trợ: tệp có các lớp nội dung có thể ẩn hoặc hiện.",
     "Not supported: the file has layers that can be shown or hidden."},
    {"unsupported.xfa", "Không hỗ trợ: tệp có biểu mẫu động (XFA).",
     "Not supported: the file has a dynamic form (XFA)."},
    {"unsupported.external",
     "Không hỗ trợ: một phần nội dung nằm ngoài tệp, hoặc khi in ra thì khác khi xem.",
     "Not supported: a part of the content is outside the file, or prints other than it shows."},
    {"unsupported.dictionary",
     "Không hỗ trợ: thông tin chữ ký trong tệp không theo dạng thường dùng.",
     "Not supported: the signature is described in the file in an unusual way."},
    {"unsupported.pkcs7_sha1",
     "Không hỗ trợ: dạng chữ ký cũ adbe.pkcs7.sha1 dùng thuật toán SHA-1, không còn an toàn.",
     "Not supported: the old signature form adbe.pkcs7.sha1 relies on SHA-1, which is not safe any "
     "more."},
    {"unsupported.x509_rsa_sha1",
     "Không hỗ trợ: dạng chữ ký cũ adbe.x509.rsa_sha1 dùng thuật toán SHA-1, không còn an toàn.",
     "Not supported: the old signature form adbe.x509.rsa_sha1 relies on SHA-1, which is not safe "
     "any more."},
    {"unsupported.subfilter",
     "Không hỗ trợ: dạng chữ ký không phải là adbe.pkcs7.detached hoặc ETSI.CAdES.detached.",
     "Not supported: the signature is neither adbe.pkcs7.detached nor ETSI.CAdES.detached."},
    {"unsupported.cms", "Không hỗ trợ: cấu trúc hoặc thuật toán của chữ ký số chưa được hỗ trợ.",
     "Not supported: the signature data has a form or an algorithm that is not known here."},
    {"unsupported.weak",
     "Không hỗ trợ: chữ ký dùng thuật toán hoặc khóa yếu (SHA-1, MD5, RSA dưới 2048 bit), không "
     "còn "
     "chứng minh được điều gì.",
     "Not supported: the signature uses a weak algorithm or key (SHA-1, MD5, RSA below 2048 bits), "
     "which proves nothing today."},
    {"unsupported.timestamp",
     "Không hỗ trợ: dạng hoặc thuật toán của dấu thời gian chưa được hỗ trợ.",
     "Not supported: a timestamp has a form or an algorithm that is not known here."},
    {"unsupported.store", "Không hỗ trợ: không đọc được dữ liệu xác thực kèm theo tệp.",
     "Not supported: the validation data in the file cannot be read."},
    {"unsupported.ranges", "Không hỗ trợ: tệp có dữ liệu chữ ký không thuộc ô chữ ký nào.",
     "Not supported: the file holds signature data that belongs to no signature field."},
    {"unsupported.changed",
     "Không hỗ trợ: giữa các lần ký, tệp có thay đổi mà chương trình này không đánh giá được.",
     "Not supported: between its signatures the file was changed in a way that this program does "
     "not judge."},
    {"unsupported.picture",
     "Không hỗ trợ: hình của chữ ký ký sau quá lớn, có thể che nội dung đã ký trước đó.",
     "Not supported: the picture of a later signature is so large that it may hide what was signed "
     "before."},

    /* What changed between signatures. */
    {"revision.unsigned", "Tệp bị sửa sau khi ký: phần thêm vào cuối tệp không kèm chữ ký nào.",
     "The file was changed after signing: what was added at its end carries no signature."},
    {"revision.changed", "Nội dung văn bản bị sửa sau khi đã có chữ ký.",
     "The content of the document was changed after it had been signed."},
    {"revision.removed", "Một chữ ký đã có bị gỡ bỏ hoặc thay thế.",
     "An existing signature was removed or replaced."},
    {"revision.extra", "Lần ký này đưa thêm vào tệp những dữ liệu không thuộc về chữ ký.",
     "This signing added data to the file that does not belong to the signature."},
    {"revision.forbidden",
     "Một chữ ký đã khóa văn bản, không cho thay đổi, nhưng sau đó tệp vẫn được ký thêm.",
     "A signature had closed the document to all changes, but it was signed again afterwards."},
    {"revision.appearance", "Hình hiển thị của chữ ký không khớp với ô chữ ký.",
     "The visible picture of the signature does not fit its field."},

    {"revision.filling", "Số hoặc ngày đã điền không hiển thị đúng như giá trị của ô.",
     "The number or date filled in does not show what its field says."},
    {"revision.unsealed",
     "Số, ngày của văn bản đã được điền nhưng chưa có chữ ký số của cơ quan xác nhận.",
     "A number or date was filled in, but the agency's signature that vouches for it is missing."},

    /* One signature. */
    {"signature.dictionary", "Thông tin của chữ ký không đúng khuôn dạng (PAdES).",
     "The signature's dictionary is not of the PAdES form that we accept."},
    {"signature.range", "Phạm vi được ký không phủ đúng toàn bộ văn bản tại thời điểm ký.",
     "The signed range does not cover exactly the whole document as it was when signed."},
    {"signature.contents", "Giá trị chữ ký bị thiếu hoặc bị sửa.",
     "The signature value is missing or was altered."},
    {"cms.malformed", "Dữ liệu chữ ký số bị hỏng.", "The signature data is damaged."},
    {"cms.profile", "Chữ ký số dùng dạng hoặc thuật toán không được chấp nhận.",
     "The signature uses a form or algorithm that is not accepted."},
    {"cms.digest", "Nội dung tệp đã bị thay đổi sau khi ký.",
     "The content of the file was changed after it was signed."},
    {"cms.signature", "Chữ ký không khớp với chứng thư của người ký.",
     "The signature does not match the signer's certificate."},
    {"cms.certificate", "Chứng thư kèm theo không phải là chứng thư đã dùng để ký.",
     "The certificate in the file is not the one that was used to sign."},
    {"cms.unused", "Chữ ký kèm theo chứng thư thừa, không liên quan đến người ký.",
     "The signature carries a certificate that has nothing to do with the signer."},
    {"certificate.untrusted", "Chứng thư của người ký không do tổ chức được tin cậy cấp.",
     "The signer's certificate was not issued by an authority that is trusted here."},
    {"certificate.not_yet_valid", "Chứng thư của người ký chưa có hiệu lực tại thời điểm kiểm tra.",
     "The signer's certificate is not yet valid at the time of verification."},
    {"certificate.expired", "Chứng thư của người ký đã hết hạn tại thời điểm kiểm tra.",
     "The signer's certificate has expired at the time of verification."},
    {"certificate.usage", "Chứng thư này không được cấp để ký văn bản.",
     "This certificate was not issued for signing documents."},

    {"certificate.revoked", "Chứng thư của người ký đã bị thu hồi trước khi ký.",
     "The signer's certificate had been revoked before the signature was made."},

    /* Timestamps, and what proves that certificates held. */
    {"timestamp.invalid", "Dấu thời gian bị hỏng hoặc không đúng khuôn dạng được chấp nhận.",
     "A timestamp is damaged or not of the form that is accepted."},
    {"timestamp.other", "Dấu thời gian được cấp cho dữ liệu khác, không phải cho văn bản này.",
     "A timestamp was made for other data and not for this document."},
    {"timestamp.untrusted", "Dấu thời gian không do tổ chức được tin cậy cấp.",
     "A timestamp was not made by an authority that is trusted here."},
    {"timestamp.early", "Chứng thư của tổ chức cấp dấu thời gian chưa có hiệu lực vào lúc đó.",
     "The timestamp authority's certificate was not yet valid at that time."},
    {"timestamp.expired",
     "Dấu thời gian cuối cùng đã hết hạn mà không được gia hạn, nên không còn chứng minh được thời "
     "điểm ký.",
     "The last timestamp has expired without being renewed, so it no longer proves when the "
     "document was signed."},
    {"timestamp.usage", "Chứng thư đã cấp dấu thời gian không được cấp cho việc đó.",
     "The certificate that made the timestamp was not issued for that."},
    {"timestamp.revoked",
     "Chứng thư của tổ chức cấp dấu thời gian đã bị thu hồi trước thời điểm đóng dấu.",
     "The timestamp authority's certificate had been revoked before it made the timestamp."},
    {"archive.unused", "Dữ liệu xác thực kèm theo tệp có phần không liên quan đến chữ ký nào.",
     "The validation data in the file has a part that belongs to no signature."},

    /* Ourselves. */
    {"verify.failed", "Máy chủ không kiểm tra được tệp lúc này; hãy thử lại sau.",
     "The server could not verify the file just now; try again later."},
};

const struct paper_reason *paper_reason_find(const char *code)
{
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (strcmp(reasons[i].code, code) == 0)
            return &reasons[i];
    return NULL;
}

const struct paper_reason *paper_reason_of(const char *code)
{
    const struct paper_reason *reason = paper_reason_find(code);
    assert(reason);
    return reason;
}
