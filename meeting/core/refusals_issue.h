/* The refusals of the clerk's desk: the end of core/refusals.h, which says what an entry is. */
/* clang-format off */
X(NOT_RECALLED, ERR_WRONG_STATE, "minutes.not_recalled",
  "Biên bản đã ký. Muốn lập lại, đề nghị văn thư thu hồi văn bản đã cấp số trước.",
  "The minutes are signed. To write them anew, the clerk must recall the numbered paper first.")
X(ALREADY_NUMBERED, ERR_CONFLICT, "issue.already_numbered",
  "Văn bản này đã được cấp số.",
  "This paper has its number already.")
X(NOT_NUMBERED, ERR_WRONG_STATE, "issue.not_numbered",
  "Văn bản chưa được cấp số. Đề nghị cấp số trước.",
  "This paper has no number yet. Please number it first.")
X(NUMBER_NOT_WRITTEN, ERR_WRONG_STATE, "issue.number_not_written",
  "Số và ngày chưa được ghi vào tệp. Đề nghị chờ ít giây rồi đóng dấu.",
  "Number and date are not in the file yet. Please wait a moment before sealing.")
X(NOT_SEALED, ERR_WRONG_STATE, "issue.not_sealed",
  "Văn bản chưa được đóng dấu. Đề nghị đóng dấu trước khi phát hành.",
  "This paper is not sealed yet. Please seal it before it is distributed.")
X(ALREADY_SEALED, ERR_CONFLICT, "issue.already_sealed",
  "Văn bản này đã được đóng dấu.",
  "This paper has been sealed already.")
X(ALREADY_DISTRIBUTED, ERR_CONFLICT, "issue.already_distributed",
  "Văn bản này đã được phát hành.",
  "This paper has been distributed already.")
X(ISSUE_RECALLED, ERR_WRONG_STATE, "issue.recalled",
  "Văn bản này đã bị thu hồi.",
  "This paper has been recalled.")
X(NO_RECIPIENT, ERR_WRONG_STATE, "issue.no_recipient",
  "Văn bản chưa có nơi nhận nào. Đề nghị chọn đơn vị nhận.",
  "The paper has no recipient yet. Please choose the units that receive it.")
X(NO_ISSUE, ERR_UNKNOWN, "issue.unknown",
  "Không tìm thấy văn bản này, hoặc văn bản không gửi cho đơn vị của đồng chí.",
  "There is no such paper, or it was not sent to your unit.")
X(ALREADY_RECEIVED, ERR_CONFLICT, "issue.already_received",
  "Đơn vị của đồng chí đã xác nhận nhận văn bản này.",
  "Your unit has confirmed this paper already.")
X(NO_SEAL_DEVICE, ERR_UNSUPPORTED, "seal.no_device",
  "Máy chủ chưa có thiết bị chứa con dấu số, hoặc thiết bị chưa được cắm. Đề nghị báo quản trị.",
  "This server has no device with the agency's seal, or it is not plugged in. Please tell the "
  "administrator.")
X(PIN_WRONG, ERR_AUTH, "seal.pin_wrong",
  "Mã PIN của con dấu chưa đúng. Đề nghị kiểm tra lại; nhập sai nhiều lần sẽ bị khóa.",
  "The PIN of the seal is wrong. Please check it: several wrong ones lock the device.")
X(PIN_LOCKED, ERR_AUTH, "seal.pin_locked",
  "Thiết bị con dấu đã bị khóa do nhập sai PIN. Đề nghị liên hệ đơn vị quản lý thiết bị.",
  "The device is locked after wrong PINs. Please contact whoever administers it.")
X(PIN_REST, ERR_AUTH, "seal.pin_rest",
  "Mã PIN đã nhập sai nhiều lần. Đề nghị chờ 15 phút rồi thử lại để thiết bị không bị khóa.",
  "The PIN was wrong several times. Please wait 15 minutes, so that the device is not locked.")
X(SEAL_FAILED, ERR_IO, "seal.failed",
  "Chưa đóng dấu được. Văn bản vẫn giữ nguyên số; đề nghị thử lại hoặc báo quản trị.",
  "The paper could not be sealed. It keeps its number; please try again or tell the administrator.")
X(NOTHING_TO_WRITE, ERR_WRONG_STATE, "draft.nothing_to_write",
  "Chưa có nội dung để lập văn bản này: giấy mời cần có người được mời, thông báo cần có kết luận.",
  "There is nothing to write yet: an invitation needs people, a notice an ended meeting's "
  "conclusions.")
X(PACKAGE_TOO_LARGE, ERR_LIMIT, "package.too_large",
  "Hồ sơ quá lớn để đóng thành một gói. Đề nghị tải riêng từng tài liệu.",
  "The record is too large for one package. Please download the documents one by one.")
/* clang-format on */
