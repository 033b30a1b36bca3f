import { randomInt } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { parseArgs } from 'node:util';
import {
  answersOf,
  faultsOf,
  followPlan,
  keepSaid,
  repeatsOf,
  settled,
  slowestOf,
  toJudged,
} from './common.ts';
import { carryOut } from './crowd.ts';
import { judge } from './judge.ts';
import { openPhotos } from './photos.ts';
import { planKills, planRequests, type Target } from './plan.ts';
import { clock, written } from './report.ts';
import { openTown, type Town, UP_MS } from './town.ts';

/*
 * Power cuts at random moments while people ask for pictures: `npm run chaos -- --requests 500 [--seed S]`. Ends by 1 where
 * anything was lost, or answered twice.
 */

/** Between two power cuts, in the mean. */
const KILL_MS = 9_000;
/** People of each platform who wait at once. */
const LINES = 5;
const PAUSE_MS = 500;
const PATIENCE_MS = 300_000;
const TOLD_EVERY = 20;

const { values } = parseArgs({
  options: { requests: { type: 'string', default: '500' }, seed: { type: 'string' } },
});
const [count, seed] = [Number(values.requests), Number(values.seed ?? randomInt(2 ** 31))];
if (!Number.isInteger(count) || count < 1 || !Number.isInteger(seed))
  throw new Error('--requests and --seed are whole numbers');

setMaxListeners(0);
console.log(`Chaos: ${count} requests, seed ${seed}`);
const town = await openTown(LINES);
try {
  process.exitCode = (await run(town)) ? 0 : 1;
} finally {
  await town.close();
}

async function run({ house, sides, books, painter, styles, secrets }: Town): Promise<boolean> {
  const requests = planRequests({ seed, count, styles, sides: [100, 2_000], pauseMs: PAUSE_MS });
  const kills = new Map<Target, number>();
  let asking = true;
  const killing = followPlan(
    planKills(seed, KILL_MS),
    ({ target, downMs }) => {
      if (house.kill(target, downMs)) kills.set(target, (kills.get(target) ?? 0) + 1);
    },
    () => asking,
  );
  const begun = Date.now();
  let over = 0;
  const told = (): void => {
    over += 1;
    if (over % TOLD_EVERY === 0) console.log(`${over} of ${count} after ${clock(Date.now() - begun)}`);
  };
  const photoOf = await openPhotos(seed);
  const carried = await Promise.race([
    house.broken,
    carryOut(requests, { sides, photoOf, lines: LINES, patienceMs: PATIENCE_MS, told }),
  ]);
  asking = false;
  await killing;
  await house.up(UP_MS);
  const left = await settled(books);
  const took = Date.now() - begun;

  const shown = [...sides.discord.shown(), ...sides.slack.shown()];
  const verdict = await judge(await Promise.all(carried.map(toJudged)), shown, painter);
  const killed = (target: Target): number => kills.get(target) ?? 0;
  const misses = await faultsOf({ house, sides, books, secrets }, verdict, left);
  const report = {
    title: `Chaos, seed ${seed}`,
    figures: {
      ...(await answersOf(carried, verdict)),
      'kills of Discord’s bot': killed('discord'),
      'kills of Slack’s bot': killed('slack'),
      'kills of the worker': killed('worker'),
      'kills of Redis': killed('redis'),
      'starts that found no Redis': house.restarts(),
      'told twice by the platform': repeatsOf(carried),
      'artefacts, all with an end': await books.artefacts(),
      'left open or queued': left.length,
      time: clock(took),
      'slowest answer': slowestOf(carried),
    },
    misses,
  };
  console.log(written(report));
  if (misses.length > 0) await keepSaid('chaos', seed, house.said());
  return misses.length === 0;
}
