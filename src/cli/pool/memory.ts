import { readFile } from 'node:fs/promises';
import { systemCode } from '../../errors.ts';

/**
 * The memory that processes hold, by their ids: what Linux says of each in `/proc`. One that has ended meanwhile is left
 * out; elsewhere than on Linux all are.
 */
export async function residentBytesOf(pids: readonly number[]): Promise<readonly number[]> {
  const held = await Promise.all(pids.map(residentBytes));
  return held.flatMap((bytes) => bytes ?? []);
}

async function residentBytes(pid: number): Promise<number | undefined> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(systemCode(error) ?? '')) return undefined;
    throw error;
  }
}
