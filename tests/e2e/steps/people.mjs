// Coming in by the front door.

export async function logIn(tab, login, password, origin) {
  await tab.goto(`${origin}/login`);
  await tab.fill('Tên đăng nhập', login);
  await tab.fill('Mật khẩu', password);
  await tab.press('Đăng nhập', { whole: true });
  await tab.waitFor('the home page', () => location.pathname === '/');
}
