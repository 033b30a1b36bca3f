import { readdirSync, readFileSync } from 'node:fs';

/** A process as proc(5) shows it. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly args: string;
  /** What it was started with. */
  readonly environment: string;
  /** The most memory that it ever held, in bytes; 0 once it has ended. */
  readonly peakBytes: number;
  /** The memory that it holds now, in bytes. */
  readonly residentBytes: number;
  /** What it has used of the processor so far, itself and in the kernel. */
  readonly processorSeconds: number;
  /** When it was started, in ticks since the machine was: with its number, no two processes have the same. */
  readonly startedTicks: number;
}

/** Of proc(5), on every Linux of today. */
const TICKS_PER_SECOND = 100;

/** Every process that may be looked at. */
export function processes(): readonly Process[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => look(Number(pid)) ?? []);
}

/** The processes that have `text` in their arguments or their environment. */
export function processesNaming(text: string): readonly Process[] {
  return processes().filter(({ args, environment }) => args.includes(text) || environment.includes(text));
}

/** A process and all that it started. */
export function family(pid: number): readonly Process[] {
  const all = processes();
  const below = (parent: number): readonly Process[] =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one, ...below(one.pid)]);
  return [...all.filter((one) => one.pid === pid), ...below(pid)];
}

function look(pid: number): Process | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    const number = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
    return {
      pid,
      parent: number('PPid'),
      args: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '),
      environment: readFileSync(`/proc/${pid}/environ`, 'utf8'),
      peakBytes: number('VmHWM') * 1024,
      residentBytes: number('VmRSS') * 1024,
      ...timesOf(pid),
    };
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** The fields utime, stime and starttime; the name before them stands in brackets, and may hold spaces. */
function timesOf(pid: number): Pick<Process, 'processorSeconds' | 'startedTicks'> {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (at: number): number => Number(fields[at]);
  return { processorSeconds: (field(11) + field(12)) / TICKS_PER_SECOND, startedTicks: field(19) };
}

/** It has ended while we looked, or is somebody else's. */
function isGone(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH', 'EACCES'].includes(String(error.code))
  );
}
