import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSecret } from '../../src/cli/secret.ts';
import { temporaryFolder } from '../queue/support.ts';

describe('the secret', () => {
  let folder: string;
  let state: string;
  beforeEach(() => {
    folder = temporaryFolder();
    state = join(folder, 'state');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const file = (): string => join(state, 'secret');
  const unreadable = { code: 'secret-unreadable', data: { file: expect.stringMatching(/secret$/) } };

  it('is the one that is set, and then none is made', async () => {
    expect(await openSecret('correct horse battery', state)).toBe('correct horse battery');
    expect(await readdir(folder)).toEqual([]);
  });

  it('is made once, for this user alone', async () => {
    const secret = await openSecret(undefined, state);
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(await openSecret(undefined, state)).toBe(secret);
    expect(await readdir(state)).toEqual(['secret']);
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    expect((await stat(state)).mode & 0o777).toBe(0o700);
  });

  it('is the same for all who start at the same time', async () => {
    const opened = await Promise.all(Array.from({ length: 8 }, () => openSecret(undefined, state)));
    expect(new Set(opened).size).toBe(1);
    expect(await readdir(state)).toEqual(['secret']);
  });

  it('is made although a start with the same process id broke off', async () => {
    await mkdir(state);
    await writeFile(`${file()}.${process.pid}`, 'half');
    expect(await openSecret(undefined, state)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is closed to others where it was open to them', async () => {
    await mkdir(state);
    await writeFile(file(), 'correct horse battery\n', { mode: 0o644 });
    await chmod(file(), 0o644);
    expect(await openSecret(undefined, state)).toBe('correct horse battery');
    expect((await stat(file())).mode & 0o777).toBe(0o600);
  });

  it('is refused where it is too short, and left as it is', async () => {
    await mkdir(state);
    await writeFile(file(), 'short\n');
    await expect(openSecret(undefined, state)).rejects.toMatchObject(unreadable);
    expect(await readFile(file(), 'utf8')).toBe('short\n');
  });

  it('is refused where its folder can’t be read or made', async () => {
    await writeFile(state, 'a file where the folder should be');
    await expect(openSecret(undefined, state)).rejects.toMatchObject(unreadable);
    await rm(state);
    await mkdir(file(), { recursive: true });
    await expect(openSecret(undefined, state)).rejects.toMatchObject(unreadable);
  });
});
