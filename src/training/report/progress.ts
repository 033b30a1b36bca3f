import { SingleBar } from 'cli-progress';
import type { Losses } from '../session-values.ts';

/** What progress is shown of, and where. */
export interface ProgressOptions {
  /** What is trained, to begin every line with. */
  readonly label: string;
  /** Steps in all. */
  readonly total: number;
  /** Steps done before, by an earlier run. */
  readonly done: number;
  /** Where to write: a bar on a terminal, lines anywhere else. */
  readonly stream: NodeJS.WriteStream;
  /** Seconds between lines where there is no terminal; 30 if left out. */
  readonly lineSeconds?: number;
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number;
}

/** Shows how far a training is, what is left and how the losses stand. */
export interface Progress {
  update(step: number, losses: Losses): void;
  /** Write a line of its own, a warning for one, without breaking the bar. */
  say(line: string): void;
  /** Leave the last state standing. */
  stop(): void;
}

/** Steps whose pace the time left is reckoned by: the machine's load changes over hours. */
const PACE_STEPS = 50;

/** A bar on a terminal; anywhere else a line now and then. */
export function createProgress(options: ProgressOptions): Progress {
  return options.stream.isTTY ? barProgress(options) : lineProgress(options);
}

/** Seconds as a person says them: `41 s`, `3 min 20 s`, `1 h 35 min`. */
export function toDuration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function barProgress(options: ProgressOptions): Progress {
  const { label, total, done, stream } = options;
  const pace = paceOf(options);
  const bar = new SingleBar({
    format: `${label} {bar} {value}/{total}, {left}{losses}`,
    stream,
    barsize: 20,
    barCompleteChar: '\u2588',
    barIncompleteChar: '\u2591',
    hideCursor: true,
    // Ctrl-C belongs to the training, which first saves what it has.
    gracefulExit: false,
  });
  bar.start(total, done, { left: 'starting', losses: '' });
  return {
    update: (step, losses) => bar.update(step, { left: pace(step), losses: `: ${toText(losses)}` }),
    say: (line) => {
      // The line takes the bar's place; the bar is drawn anew below it.
      stream.write(`\r\u001b[K${line}\n`);
      bar.render();
    },
    stop: () => bar.stop(),
  };
}

function lineProgress(options: ProgressOptions): Progress {
  const { label, total, stream, lineSeconds = 30, now = () => performance.now() } = options;
  const pace = paceOf(options);
  let written = Number.NEGATIVE_INFINITY;
  let pending: string | undefined;
  const write = (line: string): void => {
    stream.write(`${line}\n`);
    written = now();
    pending = undefined;
  };
  return {
    update: (step, losses) => {
      const percent = Math.floor((100 * step) / total);
      pending = `${label} ${step}/${total} (${percent} %), ${pace(step)}: ${toText(losses)}`;
      if (now() - written >= lineSeconds * 1000 || step === total) write(pending);
    },
    say: (line) => {
      stream.write(`${line}\n`);
    },
    stop: () => {
      if (pending !== undefined) write(pending);
    },
  };
}

/** What a step's line says of time: the steps' pace and what is left. */
function paceOf({ total, done, now = () => performance.now() }: ProgressOptions): (step: number) => string {
  const marks: { readonly step: number; readonly at: number }[] = [{ step: done, at: now() }];
  return (step) => {
    marks.push({ step, at: now() });
    if (marks.length > PACE_STEPS + 1) marks.shift();
    const [first, last] = [marks[0], marks.at(-1)];
    if (!first || !last || last.step === first.step) return 'starting';
    const seconds = (last.at - first.at) / 1000 / (last.step - first.step);
    return `${seconds.toPrecision(3)} s/step, ${toDuration(seconds * (total - step))} left`;
  };
}

function toText({ objective, ...terms }: Losses): string {
  const parts = Object.entries(terms).map(([term, value]) => `${toWords(term)} ${toShort(value)}`);
  return `objective ${toShort(objective)}${parts.length > 0 ? ` = ${parts.join(' + ')}` : ''}`;
}

/** `totalVariation` as a person writes it. */
export function toWords(term: string): string {
  return term.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function toShort(value: number): string {
  return new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 }).format(value);
}
