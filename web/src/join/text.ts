import type { DeviceTrouble } from '../media/devices';
import { dictionary } from '../lib/i18n/language.svelte';

const vi = {
    title: 'Vào họp',
    you: (name: string, unit: string) => `${name}, ${unit}`,
    preview: 'Hình của đồng chí',
    opening: 'Đang mở camera…',
    cameraOff: 'Camera đang tắt',
    camera: 'Camera',
    microphone: 'Micro',
    speaker: 'Loa',
    none: 'Không có',
    usual: 'Mặc định của máy',
    level: 'Mức âm thanh của micro',
    useCamera: 'Bật camera khi vào họp',
    useMicrophone: 'Mở micro khi được mời phát biểu',
    testSound: 'Nghe thử loa',
    enter: 'Vào họp',
    hint: 'Vào họp là nghe được ngay; không cần thử thiết bị trước.',
    notYet: 'Phòng họp chưa mở hoặc đồng chí không có trong danh sách mời.',
    troubles: {
        denied: 'Trình duyệt chưa được phép dùng camera và micro. Bấm vào biểu tượng ổ khóa cạnh địa chỉ trang để cho phép. Đồng chí vẫn vào họp và nghe được.',
        missing: 'Không tìm thấy camera hoặc micro. Đồng chí vẫn vào họp và nghe được.',
        busy: 'Camera hoặc micro đang bị phần mềm khác dùng. Đóng phần mềm đó rồi chọn lại thiết bị.',
    } satisfies Record<DeviceTrouble, string>,
};

const en: typeof vi = {
    title: 'Join the meeting',
    you: (name: string, unit: string) => `${name}, ${unit}`,
    preview: 'Your picture',
    opening: 'Opening the camera…',
    cameraOff: 'The camera is off',
    camera: 'Camera',
    microphone: 'Microphone',
    speaker: 'Speaker',
    none: 'None',
    usual: 'The computer’s usual one',
    level: 'Microphone level',
    useCamera: 'Camera on when joining',
    useMicrophone: 'Open the microphone when I am given the floor',
    testSound: 'Test the speaker',
    enter: 'Join the meeting',
    hint: 'You hear at once after joining; nothing has to be tested first.',
    notYet: 'The room is not open yet, or you are not on the list of invited people.',
    troubles: {
        denied: 'The browser may not use camera and microphone. Click the lock beside the address to allow it. You can join and listen all the same.',
        missing: 'No camera or microphone was found. You can join and listen all the same.',
        busy: 'Another program uses the camera or microphone. Close it, then choose the device again.',
    },
};

export const text = dictionary(vi, en);
