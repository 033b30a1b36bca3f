import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createProgress, type Progress, toDuration } from '../../src/training/report/progress.ts';

const losses = { objective: 1_080_000, feature: 700_000, style: 350_400, totalVariation: 29_600 };

/** A progress on a stream that is or is not a terminal, with a clock to be set, and what it has written. */
function open(
  isTTY: boolean,
  done = 0,
): { progress: Progress; text: () => string; wait: (seconds: number) => void } {
  const pipe = new PassThrough();
  const stream = Object.assign(pipe, { isTTY, columns: 200, rows: 40, fd: 99 });
  let [written, clock] = ['', 0];
  pipe.on('data', (piece: Buffer) => {
    written += piece.toString();
  });
  const progress = createProgress({
    label: 'starry-night',
    total: 1000,
    done,
    // The only members of a terminal that are called; a real one cannot be had in a test.
    stream: stream as unknown as NodeJS.WriteStream,
    now: () => clock,
  });
  return {
    progress,
    text: () => written,
    wait: (seconds) => {
      clock += seconds * 1000;
    },
  };
}

describe('without a terminal', () => {
  it('is a line now and then, with the losses, the pace and what is left', () => {
    const { progress, text, wait } = open(false);
    for (let step = 1; step <= 100; step++) {
      wait(1.5);
      progress.update(step, losses);
    }
    const lines = text().trimEnd().split('\n');
    expect(lines.length).toBe(5);
    expect(lines[1]).toBe(
      'starry-night 21/1000 (2 %), 1.50 s/step, 24 min 29 s left: ' +
        'objective 1.08M = feature 700K + style 350K + total variation 29.6K',
    );
    progress.stop();
    expect(text()).toContain('starry-night 100/1000 (10 %)');
    expect(text()).not.toContain('\u001b');
  });

  it('reckons by the steps of this run, and by the last of them', () => {
    const { progress, text, wait } = open(false, 800);
    for (let step = 801; step <= 900; step++) {
      wait(step <= 840 ? 100 : 2);
      progress.update(step, losses);
    }
    progress.stop();
    expect(text()).toContain('801/1000 (80 %), 100 s/step, 5 h 32 min left');
    expect(text().trimEnd().split('\n').at(-1)).toContain('900/1000 (90 %), 2.00 s/step, 3 min 20 s left');
  });

  it('ends with the last step, once', () => {
    const { progress, text } = open(false, 998);
    progress.update(999, losses);
    progress.update(1000, losses);
    progress.stop();
    expect(text().match(/1000\/1000 \(100 %\)/g)?.length).toBe(1);
  });

  it('passes warnings on', () => {
    const { progress, text } = open(false);
    progress.say('a.jpg is damaged');
    expect(text()).toBe('a.jpg is damaged\n');
  });
});

describe('on a terminal', () => {
  it('is a bar with the same facts, and a warning does not break it', () => {
    const { progress, text, wait } = open(true);
    wait(2);
    progress.update(250, losses);
    progress.say('a.jpg is damaged');
    progress.stop();
    expect(text()).toContain('█████░░░░░░░░░░░░░░░ 250/1000, 0.00800 s/step, 6 s left: objective 1.08M');
    expect(text()).toContain('a.jpg is damaged\n');
  });
});

it.each([
  [0, '0 s'],
  [59.4, '59 s'],
  [59.6, '1 min 0 s'],
  [200, '3 min 20 s'],
  [3599.7, '1 h 0 min'],
  [5700, '1 h 35 min'],
  [7199, '2 h 0 min'],
  [90_000, '25 h 0 min'],
])('%d seconds are %s', (seconds, words) => {
  expect(toDuration(seconds)).toBe(words);
});
