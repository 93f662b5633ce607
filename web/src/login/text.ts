import { dictionary } from '../lib/i18n/language.svelte';

const vi = {
    title: 'Đăng nhập',
    login: 'Tên đăng nhập',
    password: 'Mật khẩu',
    submit: 'Đăng nhập',
    busy: 'Đang đăng nhập…',
    show: 'Hiện mật khẩu',
    about: 'Phòng họp trực tuyến và họp không giấy của tỉnh.',
};

const en: typeof vi = {
    title: 'Log in',
    login: 'User name',
    password: 'Password',
    submit: 'Log in',
    busy: 'Logging in…',
    show: 'Show the password',
    about: 'Video conferencing and paperless meetings for the province.',
};

export const text = dictionary(vi, en);
