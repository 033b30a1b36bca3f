import { writeFileSync } from 'node:fs';
import { page } from './table.ts';

writeFileSync(new URL('../../docs/bad-input.md', import.meta.url), page());
