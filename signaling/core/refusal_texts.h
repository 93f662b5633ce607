/* The door's refusals, included by refusal_text.h and refusal_text.c with X defined: name, HTTP
 * status, stable code, and what to do next in Vietnamese and English. */
/* clang-format off */
X(BAD_REQUEST, 400, "request.malformed",
  "Yêu cầu gửi lên không đúng định dạng. Đề nghị tải lại trang và thử lại.",
  "The request is not in the expected form. Please reload the page and try again.")
X(BAD_JSON, 400, "request.not_json",
  "Nội dung gửi lên không phải là JSON hợp lệ.",
  "The request's body is not valid JSON.")
X(UNKNOWN_MEMBER, 400, "request.unknown_member",
  "Nội dung gửi lên có thành phần không được biết đến.",
  "The request's body has a member that is not known.")
X(UNKNOWN_KIND, 400, "request.unknown_kind",
  "Không có loại lệnh này.",
  "There is no command of this kind.")
X(TOO_LARGE, 413, "request.too_large",
  "Nội dung gửi lên vượt quá kích thước cho phép.",
  "The request's body is larger than allowed.")
X(NEEDS_LENGTH, 411, "request.length_required",
  "Yêu cầu phải cho biết độ dài nội dung (Content-Length).",
  "The request must say how long its body is (Content-Length).")
X(WRONG_TYPE, 415, "request.wrong_type",
  "Loại nội dung gửi lên không được hỗ trợ ở đây.",
  "This kind of content is not taken here.")
X(NOT_FOUND, 404, "request.not_found",
  "Không có địa chỉ này trên máy chủ.",
  "There is nothing at this address.")
X(WRONG_METHOD, 405, "request.wrong_method",
  "Địa chỉ này không nhận phương thức vừa dùng.",
  "This address does not take that method.")
X(WRONG_ORIGIN, 403, "request.wrong_origin",
  "Yêu cầu đến từ một trang khác. Đề nghị mở trang của hệ thống này rồi thử lại.",
  "The request came from another site. Please open this system's own page and try again.")
X(WRONG_CSRF, 403, "request.wrong_csrf",
  "Phiên làm việc của trang đã cũ. Đề nghị tải lại trang rồi thử lại.",
  "This page's session is out of date. Please reload the page and try again.")
X(BAD_RANGE, 416, "request.bad_range",
  "Phần tệp được yêu cầu không tồn tại.",
  "The requested part of the file does not exist.")
X(NO_SESSION, 401, "session.none",
  "Đồng chí chưa đăng nhập hoặc phiên đã hết hạn. Đề nghị đăng nhập lại.",
  "You are not logged in, or your session has ended. Please log in again.")
X(LOGIN_WRONG, 401, "login.wrong",
  "Tên đăng nhập hoặc mật khẩu không đúng. Đề nghị kiểm tra và nhập lại.",
  "The user name or password is not right. Please check and try again.")
X(LOGIN_SLOW, 429, "login.slow_down",
  "Đã nhập sai nhiều lần. Đề nghị chờ một lát rồi thử lại.",
  "Too many wrong tries. Please wait a little and try again.")
X(BUSY, 503, "server.busy",
  "Máy chủ đang bận. Đề nghị thử lại sau ít giây.",
  "The server is busy. Please try again in a few seconds.")
X(AUTHORITY_BUSY, 503, "authority.busy",
  "Quá nhiều yêu cầu về chứng thư và dấu thời gian cùng lúc. Đề nghị thử lại sau ít giây.",
  "Too many requests about certificates and timestamps at once. Please try again in a few seconds.")
X(BROKEN, 500, "server.failed",
  "Máy chủ gặp lỗi và chưa thực hiện được yêu cầu. Đề nghị thử lại hoặc báo kỹ thuật.",
  "The server failed to do this. Please try again or tell the technician.")
X(NOT_INVITED, 403, "live.not_invited",
  "Đồng chí không có tên trong thành phần dự họp. Đề nghị liên hệ thư ký cuộc họp.",
  "You are not among those invited. Please contact the meeting's secretary.")
X(LIVE_SLOW, 503, "live.slow",
  "Đường truyền không theo kịp cuộc họp. Hệ thống đang kết nối lại.",
  "The connection could not keep up with the meeting. Reconnecting.")
X(LIVE_REPLACED, 409, "live.replaced",
  "Đồng chí đã vào cuộc họp từ một thiết bị khác; hình và tiếng chuyển sang thiết bị đó.",
  "You joined from another device; sound and picture have moved there.")
X(LIVE_EARLY, 409, "live.room_closed",
  "Phòng họp chưa mở hoặc đã đóng, nên chưa kết nối hình và tiếng.",
  "The room is not open, so sound and picture are not connected.")
X(LIVE_RESET, 503, "live.reset",
  "Dữ liệu cuộc họp vừa được đọc lại. Hệ thống đang kết nối lại.",
  "The meeting's data was just read anew. Reconnecting.")
X(MEDIA_GONE, 409, "live.media_lost",
  "Mất kết nối hình và tiếng. Hệ thống đang kết nối lại.",
  "Sound and picture were lost. Reconnecting.")
X(BAD_OFFER, 422, "live.bad_offer",
  "Trình duyệt gửi lời mời kết nối mà máy chủ không dùng được. Đề nghị cập nhật trình duyệt.",
  "The browser's offer cannot be used. Please update the browser.")
X(UPLOAD_GAP, 409, "upload.gap",
  "Phần tệp gửi lên không nối tiếp phần trước. Đề nghị gửi tiếp từ chỗ máy chủ đã nhận.",
  "This part does not continue what was received. Please continue from there.")
X(UPLOAD_BUSY, 409, "upload.in_progress",
  "Tệp này đang được gửi lên từ một kết nối khác.",
  "This file is being uploaded by another connection.")
X(DOCUMENT_TOO_LARGE, 413, "document.too_large",
  "Tài liệu lớn hơn 64 MB. Đề nghị giảm dung lượng rồi tải lên lại.",
  "The document is larger than 64 MB. Please make it smaller and upload it again.")
X(DOCUMENT_UNREADABLE, 422, "document.not_readable",
  "Không đọc được tệp này trong thời gian cho phép. Đề nghị xuất lại tệp PDF rồi tải lên.",
  "This file could not be read in the time allowed. Please export the PDF again.")
X(NO_MINUTES_FILE, 404, "minutes.no_file",
  "Biên bản chưa được lập thành tệp.",
  "The minutes have not been made into a file yet.")
X(BAD_CSR, 422, "key.bad_request",
  "Yêu cầu cấp chứng thư số không hợp lệ.",
  "The certificate request is not valid.")
X(KEY_KNOWN, 409, "key.known",
  "Khóa này đã được đăng ký. Đề nghị tải lại trang Khóa ký của tôi.",
  "This key has been registered already. Please reload the page My signing key.")
X(NO_KEY, 404, "key.unknown",
  "Không tìm thấy chứng thư số này. Đề nghị tải lại trang.",
  "There is no such certificate. Please reload the page.")
X(KEY_REVOKED, 409, "key.revoked",
  "Chứng thư số này đã được thu hồi.",
  "This certificate has been revoked already.")
X(NOT_OFFICER, 403, "key.not_officer",
  "Chỉ cán bộ chứng thực hoặc quản trị hệ thống được xét duyệt khóa ký.",
  "Only a certification officer or an administrator decides about signing keys.")
X(OWN_REQUEST, 403, "key.own_request",
  "Không ai được tự duyệt khóa ký của mình. Đề nghị một cán bộ chứng thực khác xét duyệt.",
  "Nobody may approve their own key. Please ask another officer.")
X(NO_KEY_REQUEST, 404, "key.no_request",
  "Không tìm thấy yêu cầu cấp chứng thư số này. Đề nghị tải lại trang.",
  "There is no such request for a certificate. Please reload the page.")
X(KEY_DECIDED, 409, "key.already_decided",
  "Yêu cầu này đã được xử lý hoặc đã được thay bằng yêu cầu mới. Đề nghị tải lại trang.",
  "This request was decided or replaced meanwhile. Please reload the page.")
X(NEEDS_REASON, 400, "key.needs_reason",
  "Đề nghị ghi lý do (không quá 500 ký tự) để người có khóa biết.",
  "Please give a reason (at most 500 characters), so that the key's owner knows.")
X(VERIFY_TOO_LARGE, 413, "verify.too_large",
  "Trang này kiểm tra tệp không quá 64 MB. Gói hồ sơ lớn hơn: đề nghị kiểm tra trên máy tính bằng "
  "lệnh dienhong verify.",
  "This page verifies files of up to 64 MB. Please verify a larger record package on a computer, "
  "with the command dienhong verify.")
X(VERIFY_UNREADABLE, 422, "verify.not_readable",
  "Không đọc được tệp này trong thời gian cho phép, nên không kiểm tra được.",
  "This file could not be read in the time allowed, so it cannot be verified.")
X(NO_CODE, 404, "verify.unknown_code",
  "Không có văn bản nào mang mã này. Đề nghị kiểm tra lại mã in trên văn bản.",
  "No document has this code. Please check the code printed on it.")
X(NO_SEAT, 401, "seat.unknown",
  "Mã kết nối không đúng hoặc đã hết hạn.",
  "The seat token is not right or has ended.")
X(NOT_TECHNICIAN, 403, "line_test.not_technician",
  "Chỉ cán bộ kỹ thuật hoặc quản trị hệ thống được kiểm tra đường truyền.",
  "Only a technician or an administrator may run a line test.")
X(LINE_TEST_RUNNING, 409, "line_test.running",
  "Đang có một lượt kiểm tra đường truyền. Đề nghị chờ kết thúc hoặc dừng lượt đó trước.",
  "A line test is already running. Please wait for its end or stop it first.")
X(LINE_TEST_MEETINGS, 409, "line_test.meetings_first",
  "Các cuộc họp đang dùng quá nửa năng lực máy chủ. Đề nghị kiểm tra đường truyền sau cuộc họp.",
  "Meetings use more than half of this server. Please run the line test after them.")
X(LINE_TEST_LARGE, 409, "line_test.too_large",
  "Máy chủ không còn đủ chỗ cho số điểm kiểm tra này. Đề nghị giảm số điểm.",
  "The server has no room for that many seats beside its meetings. Please ask for fewer.")
X(LINE_TEST_UNKNOWN, 404, "line_test.unknown",
  "Không có lượt kiểm tra đường truyền này, hoặc mã kết nối không đúng.",
  "There is no such line test, or the token is not right.")
X(LINE_TEST_FULL, 409, "line_test.full",
  "Đã đủ số điểm đăng ký cho lượt kiểm tra này.",
  "All the seats announced for this line test are taken.")
X(LINE_TEST_OVER, 409, "line_test.over",
  "Lượt kiểm tra đường truyền đã kết thúc.",
  "The line test is over.")
X(LINE_TEST_NO_SENDER, 409, "line_test.no_sender",
  "Điểm phát này chưa kết nối hình và tiếng.",
  "That sender's sound and picture are not connected.")
/* clang-format on */
