import { answersOf, faultsOf, followPlan, repeatsOf, settled, slowestOf, toJudged } from './common.ts';
import { carryOut } from './crowd.ts';
import { planTroubles } from './faults.ts';
import { type Tolerance, trendOf } from './flat.ts';
import { judge } from './judge.ts';
import type { PhotoOf } from './photos.ts';
import { planKills, planRequests, TARGETS, type Target } from './plan.ts';
import type { Report } from './report.ts';
import { startSampler } from './samples.ts';
import type { Shown } from './side.ts';
import { type Town, UP_MS } from './town.ts';

/** People of each platform who wait at once. */
const LINES = 3;
const PAUSE_MS = 1_500;
const PATIENCE_MS = 300_000;
const TROUBLE_MS = 4_000;
const KILL_MS = 60_000;
const LOOK_MS = 3_000;
/** More than can be made in a minute. */
const A_MINUTE = 300;
const MIB = 1024 ** 2;

const MEMORY: Tolerance = { part: 0.15, more: 24 * MIB };
const HANDLES: Tolerance = { part: 0.1, more: 6 };
/** Of keys that never end: what is under way counts too. */
const ENDLESS: Tolerance = { part: 0.1, more: 15 };
/** Of all keys, for each request that was ever made: they end by their age, which is longer than the run. */
const EACH: Tolerance = { part: 0.1, more: 0.5 };

/** A steady flow of pictures while things go wrong: nothing is lost, and nothing grows. */
export async function soakSteadily(
  { house, sides, books, painter, styles, secrets, discord, slack }: Town,
  about: { readonly seed: number; readonly minutes: number; readonly photoOf: PhotoOf },
): Promise<Report> {
  const { seed, minutes, photoOf } = about;
  const requests = planRequests({
    seed: seed + 1,
    count: Math.ceil(minutes * A_MINUTE),
    styles,
    sides: [160, 480],
    pauseMs: PAUSE_MS,
  });
  const everywhere = (): readonly Shown[] => [...sides.discord.shown(), ...sides.slack.shown()];
  const stood = new Set(everywhere().map(({ where }) => where));
  const before = await books.count();
  const begun = Date.now();
  const on = (): boolean => Date.now() - begun < minutes * 60_000;
  let over = 0;
  const each: number[] = [];
  const endless: number[] = [];
  const besideArtefacts: number[] = [];
  const sampler = startSampler(house, LOOK_MS, async () => {
    // Redis may be gone just then.
    const count = await books.count().catch(() => undefined);
    if (count === undefined) return;
    endless.push(count.endless);
    const redis = sampler.samples.redis.at(-1);
    if (redis !== undefined) besideArtefacts.push(redis.residentBytes - count.artefactBytes);
    if (over > 0) each.push((count.keys - before.keys) / over);
  });
  let troubles = 0;
  let kills = 0;
  const troubled = followPlan(
    planTroubles(seed, TROUBLE_MS),
    ({ trouble }) => {
      troubles += 1;
      void trouble.happen(discord, slack);
    },
    on,
  );
  const killing = followPlan(
    planKills(seed, KILL_MS),
    ({ target, downMs }) => {
      if (house.kill(target, downMs)) kills += 1;
    },
    on,
  );
  const told = (): void => {
    over += 1;
  };
  const carried = await Promise.race([
    house.broken,
    carryOut(requests, { sides, photoOf, lines: LINES, patienceMs: PATIENCE_MS, told }, on),
  ]);
  await Promise.all([troubled, killing]);
  await sampler.stop();
  discord.fault.clear();
  slack.fault.clear();
  await house.up(UP_MS);
  const left = await settled(books);

  const shown = everywhere().filter(({ where }) => !stood.has(where));
  const verdict = await judge(await Promise.all(carried.map(toJudged)), shown, painter);
  const servedBy = (target: Target): number =>
    carried.filter(({ request }) => request.platform === target || target === 'worker' || target === 'redis')
      .length;
  const trends = [
    { name: 'memory of redis beside artefacts, MiB', ...trendOf(besideArtefacts, MEMORY), unit: MIB },
    ...TARGETS.filter((target) => target !== 'redis').map((target) => ({
      name: `memory of ${target}, MiB`,
      ...trendOf(
        sampler.samples[target].map(({ residentBytes }) => residentBytes),
        MEMORY,
      ),
      unit: MIB,
    })),
    ...TARGETS.map((target) => ({
      name: `handles of ${target}`,
      ...trendOf(
        sampler.samples[target].map(({ handles }) => handles),
        HANDLES,
      ),
      unit: 1,
    })),
    { name: 'keys without an end', ...trendOf(endless, ENDLESS), unit: 1 },
    { name: 'keys for each request', ...trendOf(each, EACH), unit: 1 },
  ];
  return {
    title: `${minutes} minutes of a steady flow, seed ${seed}`,
    figures: {
      ...(await answersOf(carried, verdict)),
      troubles,
      kills,
      'told twice by the platform': repeatsOf(carried),
      'slowest answer': slowestOf(carried),
      ...Object.fromEntries(
        TARGETS.map((target) => [
          `processor of ${target}`,
          `${Math.round((1000 * sampler.processorSeconds(target)) / Math.max(1, servedBy(target)))} ms for each of its requests`,
        ]),
      ),
      ...Object.fromEntries(
        trends.map(({ name, middle, last, unit }) => [
          name,
          `${short(middle / unit)} in the middle third, ${short(last / unit)} in the last`,
        ]),
      ),
    },
    misses: [
      ...(await faultsOf({ house, sides, books, secrets }, verdict, left)),
      ...trends.filter(({ flat }) => !flat).map(({ name }) => `${name}: it grows`),
    ],
  };
}

function short(value: number): string {
  return value.toFixed(value < 100 ? 1 : 0);
}
