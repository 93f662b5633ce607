// A key's fingerprint as words that two people can read to each other over the telephone: the first
// eight bytes of SHA-256 over the public key (SubjectPublicKeyInfo), each a word. The words differ
// even without their diacritics. They are the same in every language, since both sides must hear
// the same. Never change one: somebody may be comparing.

const WORDS = `
    bạc bàn băng bánh báo bắp bát bay bê bếp bi bia biển bình bò bơi bóng bột bưởi bướm bút
    cá cam cảng cành cao cát cầu cây chai chăn chanh chào chèo chim chợ chổi chuối chuông
    chuột cò cọc cơm cổng cột cua cúc củi cừu đá đầm đàn đào đất đậu dây dê đèn dép đĩa
    diều đinh đò dốc đồi đồng đũa đuốc đường ếch én gà gạch gạo gấu gậy ghế ghim giấy giếng
    gió gỗ gối gốm gừng gương hầm hang hành hạt hẹ hến hổ hoa hồng hộp hũ huệ hươu kèn kẹo
    khăn khay khế khỉ kho khóa khoai khói kiến kim kính lá lạc làng lê lều lợn lồng lúa
    lược lưới lươn mạ mai mận măng mây mè mèo mì mía mít mõ mộc môi mũ mưa mực muối muỗng
    mướp nai nấm nắng nến nghé ngô ngọc ngói ngựa nhà nhạc nhãn nhện nhím nho nồi nón núi
    nước nương ốc ổi ong ớt phà phấn phao phích phở phượng pin quả quần quạt quế quýt rắn
    rau rèm rìu rổ rơm rồng rùa rừng ruộng rượu sách sàn sao sáp sắt sen sếu sò sóc sông
    sữa sung suối sương tằm táo tàu tay tem tép tết thảm than thang thỏ thóc thư thúng
    thước thuyền tiền tím tổ tỏi tôm trà trai trăng trâu tre trống trúc trứng tủ túi tương
    vải vàng váy ve vẹt vịnh vịt vỏ voi vòng vườn xà xanh xe xích xoài xoan xôi xuân xuồng
    yến
`
    .trim()
    .split(/\s+/);

export const FINGERPRINT_WORDS = 8;

export function allWords(): readonly string[] {
    return WORDS;
}

/** `spki`: the hash in hexadecimal. */
export function fingerprintWords(spki: string): string[] {
    return Array.from({ length: FINGERPRINT_WORDS }, (_, i) => {
        const byte = Number.parseInt(spki.slice(2 * i, 2 * i + 2), 16);
        return WORDS[byte] ?? '?';
    });
}
