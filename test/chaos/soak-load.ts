import { missesOf, secretsIn, settled, toJudged } from './common.ts';
import { judge } from './judge.ts';
import { askAtOnce, type LoadAsk, unfair } from './load.ts';
import type { PhotoOf } from './photos.ts';
import { planRequests, TARGETS, type Target } from './plan.ts';
import { clock, type Report, tally } from './report.ts';
import { startSampler } from './samples.ts';
import type { Town } from './town.ts';

/** What the processes may hold at most, children included. */
const MOST_MIB: Readonly<Record<Target, number>> = { discord: 768, slack: 768, worker: 1_536, redis: 768 };
const MIB = 1024 ** 2;
const PATIENCE_MS = 60_000;
const LOOK_MS = 1_000;
/** More than these are refused. */
export const MOST_OPEN = 700;
const REFUSAL = 'Too many pictures are waiting just now.';

/** Many at once on a small house: everybody is answered, or told at once that there is no room; in a fair order. */
export async function soakLoad(
  { house, sides, books, painter, styles, secrets }: Town,
  about: {
    readonly seed: number;
    readonly count: number;
    readonly people: number;
    readonly photoOf: PhotoOf;
  },
): Promise<Report> {
  const { seed, count, people, photoOf } = about;
  const style = styles.slice(0, 1);
  const plan = planRequests({ seed, count, styles: style, sides: [96, 158], pauseMs: 0 });
  const requests = plan.map((one) => ({ ...one, how: 'command' as const }));
  const sampler = startSampler(house, LOOK_MS);
  const { all, begun, standstillMs } = await askAtOnce(requests, {
    sides,
    photoOf,
    people,
    patienceMs: PATIENCE_MS,
  });
  const left = await settled(books);
  const took = Date.now() - begun;
  await sampler.stop();

  const heard = await Promise.all(all.map(({ ask }) => ask.acknowledged));
  const refused = all.filter(({ ask }) => ask.standing() === 'refused');
  const judged = await Promise.all(
    all
      .filter((one) => !refused.includes(one))
      .map(({ request, photo, ask }) => toJudged({ request, photo, asks: [ask] })),
  );
  const shown = [...sides.discord.shown(), ...sides.slack.shown()];
  const verdict = await judge(judged, shown, painter);
  const painted = all.flatMap(({ person, ask }) => {
    const at = ask.paintedAt();
    return at === undefined ? [] : [{ person, at }];
  });
  const order = unfair(painted);
  const peaks = new Map(TARGETS.map((target) => [target, peakOf(sampler.samples[target])] as const));
  const times = painted.map(({ at }) => at - begun).toSorted((a, b) => a - b);
  return {
    title: `${count} requests at once from ${people * 2} people, seed ${seed}`,
    figures: {
      painted: painted.length,
      refused: tally(refused.map(({ ask }) => ask.words())),
      'not acknowledged in time': heard.filter((one) => !one).length,
      'the platforms stood still for at most': `${standstillMs} ms`,
      'answered twice': verdict.twice.length,
      'without an answer': verdict.unanswered.length,
      'first pictures after another’s tenth': order.length,
      'everybody’s first picture after': clock(lastFirst(all, begun)),
      'half of the pictures after': clock(times[Math.floor(times.length / 2)] ?? 0),
      time: clock(took),
      ...Object.fromEntries(
        [...peaks].map(([target, bytes]) => [
          `most memory of ${target}`,
          `${Math.round(bytes / MIB)} MiB (at most ${MOST_MIB[target]})`,
        ]),
      ),
    },
    misses: [
      ...missesOf(verdict),
      ...all.flatMap(({ request }, at) =>
        heard[at] === true
          ? []
          : [`request ${request.nth} of ${request.platform} was not acknowledged in time`],
      ),
      ...refused
        .filter(({ ask }) => !ask.words().includes(REFUSAL))
        .map(({ ask }) => `refused otherwise than kindly: “${ask.words()}”`),
      ...order,
      ...left.map((miss) => `left in Redis: ${miss}`),
      ...[...peaks].flatMap(([target, bytes]) =>
        bytes > MOST_MIB[target] * MIB ? [`${target} held ${Math.round(bytes / MIB)} MiB`] : [],
      ),
      ...(await secretsIn({ house, secrets })),
      ...house.ended,
    ],
  };
}

function peakOf(samples: readonly { readonly residentBytes: number }[]): number {
  return Math.max(0, ...samples.map(({ residentBytes }) => residentBytes));
}

/** When the last of all people had their first picture. */
function lastFirst(all: readonly LoadAsk[], begun: number): number {
  const firsts = new Map<string, number>();
  for (const { person, ask } of all) {
    const at = ask.paintedAt();
    if (at !== undefined) firsts.set(person, Math.min(at, firsts.get(person) ?? at));
  }
  return Math.max(begun, ...firsts.values()) - begun;
}
