/* The refusals of the meeting: included by core/refusal.h and core/refusal.c with X defined. One
 * entry each: name, kind, stable code, and what to do next in Vietnamese and English. */
/* clang-format off */
X(NO_MEETING, ERR_UNKNOWN, "meeting.unknown",
  "Không tìm thấy cuộc họp này. Đề nghị kiểm tra lại đường dẫn hoặc giấy mời.",
  "There is no such meeting. Please check the link or the invitation.")
X(NO_RIGHT, ERR_FORBIDDEN, "action.forbidden",
  "Đồng chí không được phân quyền thực hiện việc này trong cuộc họp.",
  "You do not have the right to do this in the meeting.")
X(WRONG_PHASE, ERR_WRONG_STATE, "action.wrong_state",
  "Chưa thể thực hiện việc này ở bước hiện tại của cuộc họp.",
  "This cannot be done at the present stage of the meeting.")
X(BAD_TEXT, ERR_FORMAT, "request.bad_text",
  "Nội dung để trống hoặc có ký tự không hợp lệ. Đề nghị nhập lại.",
  "The text is empty or contains characters that are not allowed. Please enter it again.")
X(TOO_LONG, ERR_LIMIT, "request.too_long",
  "Nội dung vượt quá độ dài cho phép. Đề nghị rút gọn.",
  "The text is longer than allowed. Please shorten it.")
X(TOO_MANY, ERR_LIMIT, "request.too_many",
  "Số lượng vượt quá mức cho phép của hệ thống.",
  "There are more of these than the system allows.")
X(BUSY, ERR_FULL, "server.busy",
  "Máy chủ đang bận. Đề nghị thử lại sau ít giây.",
  "The server is busy. Please try again in a few seconds.")
X(NOT_KEPT, ERR_IO, "server.not_kept",
  "Máy chủ chưa ghi được thay đổi này. Đề nghị thử lại.",
  "The server could not keep this change. Please try again.")
X(BAD_TIMES, ERR_FORMAT, "meeting.bad_times",
  "Thời gian kết thúc phải sau thời gian bắt đầu.",
  "The meeting must end after it starts.")
X(NO_USER, ERR_UNKNOWN, "user.unknown",
  "Không tìm thấy người dùng được chọn. Đề nghị chọn lại trong danh bạ.",
  "A chosen user does not exist. Please choose again from the directory.")
X(NO_UNIT, ERR_UNKNOWN, "unit.unknown",
  "Không tìm thấy đơn vị được chọn, hoặc đơn vị chưa có cán bộ đầu mối. Đề nghị chọn lại.",
  "A chosen unit does not exist or has no official yet. Please choose again.")
X(SAME_PERSON, ERR_CONFLICT, "meeting.same_person",
  "Chủ tọa và thư ký phải là hai người khác nhau.",
  "Chair and secretary must be two different people.")
X(NO_AGENDA, ERR_UNKNOWN, "agenda.unknown",
  "Không tìm thấy nội dung này trong chương trình họp. Đề nghị tải lại trang.",
  "There is no such item on the agenda. Please reload the page.")
X(EMPTY_AGENDA, ERR_WRONG_STATE, "agenda.empty",
  "Chương trình họp chưa có nội dung nào. Đề nghị bổ sung trước khi trình.",
  "The agenda has no items yet. Please add some before submitting.")
X(AGENDA_OPEN, ERR_CONFLICT, "agenda.already_open",
  "Nội dung này đang được thảo luận.",
  "This item is already open.")
X(NO_DOCUMENT, ERR_UNKNOWN, "document.unknown",
  "Không tìm thấy tài liệu này. Đề nghị tải lại trang.",
  "There is no such document. Please reload the page.")
X(NO_PAGE, ERR_UNKNOWN, "document.no_such_page",
  "Tài liệu không có trang này.",
  "The document has no such page.")
X(NO_PARTICIPANT, ERR_UNKNOWN, "participant.unknown",
  "Người này không có trong danh sách dự họp.",
  "This person is not among the participants.")
X(NOT_PRESENT, ERR_WRONG_STATE, "participant.absent",
  "Việc này chỉ thực hiện được khi người tham gia đang có mặt.",
  "This needs the participant to be present.")
X(NOT_ENTERED, ERR_WRONG_STATE, "participant.not_entered",
  "Đồng chí cần vào phòng họp trước.",
  "Please enter the meeting first.")
X(HAS_FLOOR, ERR_CONFLICT, "floor.already_holder",
  "Người này đang phát biểu.",
  "This person already has the floor.")
X(ALREADY_ASKED, ERR_CONFLICT, "floor.already_requested",
  "Đồng chí đã đăng ký phát biểu. Đề nghị chờ chủ tọa mời.",
  "You have already asked for the floor. Please wait for the chair.")
X(NOT_ASKED, ERR_WRONG_STATE, "floor.not_requested",
  "Đồng chí chưa đăng ký phát biểu.",
  "You have not asked for the floor.")
X(NO_HOLDER, ERR_WRONG_STATE, "floor.nobody",
  "Hiện không có ai đang phát biểu.",
  "Nobody has the floor now.")
X(VOTE_RUNNING, ERR_CONFLICT, "vote.still_open",
  "Đang có một cuộc biểu quyết. Đề nghị kết thúc biểu quyết đó trước.",
  "A vote is still open. Please close it first.")
X(NO_VOTE_OPEN, ERR_WRONG_STATE, "vote.none_open",
  "Hiện không có cuộc biểu quyết nào đang mở.",
  "No vote is open now.")
X(NO_VOTE, ERR_UNKNOWN, "vote.unknown",
  "Không tìm thấy cuộc biểu quyết này. Đề nghị tải lại trang.",
  "There is no such vote. Please reload the page.")
X(VOTE_OVER, ERR_WRONG_STATE, "vote.closed",
  "Cuộc biểu quyết này đã kết thúc.",
  "This vote has been closed.")
X(NOT_ELIGIBLE, ERR_FORBIDDEN, "vote.not_eligible",
  "Đồng chí không có trong danh sách biểu quyết được chốt khi bắt đầu biểu quyết.",
  "You are not among those who were entitled to vote when this vote was opened.")
X(ALREADY_CAST, ERR_CONFLICT, "vote.already_cast",
  "Đồng chí đã biểu quyết.",
  "You have already voted.")
X(NOBODY_ELIGIBLE, ERR_WRONG_STATE, "vote.nobody_eligible",
  "Chưa có đại biểu có quyền biểu quyết nào có mặt.",
  "Nobody with a vote is present.")
X(NO_CONCLUSION, ERR_UNKNOWN, "conclusion.unknown",
  "Không tìm thấy kết luận này. Đề nghị tải lại trang.",
  "There is no such conclusion. Please reload the page.")
X(MINUTES_LOCKED, ERR_CONFLICT, "minutes.locked",
  "Người khác đang soạn biên bản. Đề nghị chờ hoặc tiếp quản việc soạn thảo.",
  "Somebody else is writing the minutes. Please wait, or take over.")
X(MINUTES_NOT_LOCKED, ERR_WRONG_STATE, "minutes.not_locked",
  "Đồng chí chưa nhận soạn biên bản, hoặc người khác đã tiếp quản. Đề nghị nhận soạn lại.",
  "You are not the one writing the minutes now. Please take the lock again.")
X(MINUTES_CONFLICT, ERR_CONFLICT, "minutes.conflict",
  "Biên bản đã có bản lưu mới hơn. Đề nghị tải bản mới rồi ghép nội dung của đồng chí.",
  "The minutes have been saved anew since. Please load them and merge your text.")
X(MINUTES_NOT_DRAFT, ERR_WRONG_STATE, "minutes.not_draft",
  "Biên bản đã được chốt. Muốn sửa, đề nghị mở lại biên bản.",
  "The minutes are final. To change them, please reopen them first.")
X(MINUTES_NOT_FINAL, ERR_WRONG_STATE, "minutes.not_final",
  "Biên bản chưa được chốt.",
  "The minutes are not final yet.")
X(WRONG_SIGNER, ERR_FORBIDDEN, "signing.wrong_person",
  "Ô ký này dành cho người khác.",
  "This signature field is for another person.")
X(SECRETARY_FIRST, ERR_WRONG_STATE, "signing.secretary_first",
  "Thư ký ký trước, chủ tọa ký sau. Đề nghị chờ thư ký ký biên bản.",
  "The secretary signs before the chair. Please wait for the secretary's signature.")
X(ALREADY_SIGNED, ERR_CONFLICT, "signing.already_signed",
  "Đồng chí đã ký biên bản này.",
  "You have already signed these minutes.")
X(NO_CERTIFICATE, ERR_UNKNOWN, "signing.unknown_certificate",
  "Chứng thư số này không phải của đồng chí hoặc đã hết hạn. Đề nghị đăng ký lại khóa ký.",
  "This is not a valid certificate of yours. Please register your signing key again.")
X(NO_SIGNING, ERR_UNKNOWN, "signing.unknown",
  "Lượt ký này không tồn tại hoặc đã hết hạn. Đề nghị ký lại từ đầu.",
  "This signing does not exist or has expired. Please start signing again.")
X(SIGNING_STALE, ERR_STALE, "signing.stale",
  "Biên bản đã thay đổi sau khi chuẩn bị ký. Đề nghị ký lại trên bản mới.",
  "The minutes have changed since this signing was prepared. Please sign the new file.")
X(WRONG_KEY, ERR_AUTH, "signing.wrong_key",
  "Chữ ký không khớp với chứng thư số và tệp đã chuẩn bị. Đề nghị kiểm tra khóa và ký lại.",
  "The signature does not fit the chosen certificate and the prepared file. Please sign again.")
X(WRONG_BYTES, ERR_AUTH, "signing.wrong_bytes",
  "Tệp đã ký không đúng với tệp máy chủ chuẩn bị. Đề nghị ký lại.",
  "What was signed is not the file that was prepared. Please sign again.")
X(RETURNED_OTHER, ERR_AUTH, "signing.returned_other_file",
  "Tệp trả về không bắt đầu bằng đúng tệp máy chủ đã đưa ra, nên không nhận. Đề nghị ký lại.",
  "The returned file does not begin with exactly the file that was handed out. Please sign again.")
X(RETURNED_NOT_SIGNED, ERR_AUTH, "signing.returned_not_signed",
  "Tệp trả về không có thêm đúng một chữ ký hợp lệ trong ô ký của đồng chí, nên không nhận.",
  "The returned file does not have exactly one more valid signature, in your field.")
X(NOT_LAID_OUT, ERR_IO, "minutes.not_laid_out",
  "Máy chủ chưa tạo được tệp PDF của biên bản. Đề nghị thử lại.",
  "The PDF of the minutes could not be made. Please try again.")
X(UNPRINTABLE, ERR_FORMAT, "minutes.unprintable_letter",
  "Biên bản có ký tự không in được (như biểu tượng cảm xúc). Đề nghị xóa ký tự đó rồi thử lại.",
  "The minutes hold a character that cannot be printed (such as an emoji). Please remove it.")
X(FILE_LOST, ERR_IO, "document.not_stored",
  "Máy chủ chưa lưu được tệp. Đề nghị tải lên lại.",
  "The file could not be stored. Please upload it again.")
X(NOT_PDF, ERR_FORMAT, "document.not_pdf",
  "Tệp này không phải PDF hợp lệ. Đề nghị xuất lại thành PDF rồi tải lên.",
  "This file is not a valid PDF. Please export it as PDF and upload it again.")
X(ENCRYPTED, ERR_UNSUPPORTED, "document.encrypted",
  "Tệp PDF đang đặt mật khẩu hoặc bị mã hóa. Đề nghị gỡ bảo vệ rồi tải lên lại.",
  "This PDF is encrypted or protected by a password. Please remove that and upload it again.")
X(DOCUMENT_TOO_LARGE, ERR_LIMIT, "document.too_large",
  "Tệp lớn hơn 64 MB. Đề nghị giảm dung lượng hoặc chia thành nhiều tệp.",
  "The file is larger than 64 MB. Please make it smaller or split it.")
X(TOO_MANY_PAGES, ERR_LIMIT, "document.too_many_pages",
  "Tệp có quá nhiều trang. Đề nghị chia thành nhiều tệp.",
  "The file has too many pages. Please split it.")
#include "meeting/core/refusals_issue.h"
/* clang-format on */
