// Where things lie.

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
export const BUILD = path.join(ROOT, 'build', 'e2e');
export const FIXTURES = path.join(ROOT, 'build', 'fixtures');
export const SCREENSHOTS = path.join(ROOT, 'build', 'screenshots');

export const fixture = (name) => path.join(FIXTURES, name);

for (const folder of [BUILD, SCREENSHOTS]) mkdirSync(folder, { recursive: true });
