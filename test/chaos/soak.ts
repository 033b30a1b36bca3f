import { randomInt } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { parseArgs } from 'node:util';
import { keepSaid } from './common.ts';
import { openPhotos } from './photos.ts';
import { written } from './report.ts';
import { MOST_OPEN, soakLoad } from './soak-load.ts';
import { soakSteadily } from './soak-steady.ts';
import { openTown } from './town.ts';

/*
 * First everybody at once, then a steady flow while things go wrong: `npm run soak -- --minutes 30 [--seed S]`. Ends by 1
 * where somebody was left without an answer or had two, where the order was unfair, or where memory, handles or keys grow.
 */

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    requests: { type: 'string', default: '1000' },
    seed: { type: 'string' },
  },
});
const [minutes, requests] = [Number(values.minutes), Number(values.requests)];
const seed = Number(values.seed ?? randomInt(2 ** 31));
if (!(minutes >= 0) || !(requests >= 0) || !Number.isInteger(requests) || !Number.isInteger(seed))
  throw new Error('--minutes is a number; --requests and --seed are whole ones');

/** Of each platform. */
const PEOPLE = 50;

setMaxListeners(0);
console.log(`Soak: ${requests} requests at once, then ${minutes} minutes, seed ${seed}`);
const town = await openTown(PEOPLE, { MAX_OPEN_REQUESTS: String(MOST_OPEN) });
try {
  const photoOf = await openPhotos(seed);
  const reports = [];
  if (requests > 0) reports.push(await soakLoad(town, { seed, count: requests, people: PEOPLE, photoOf }));
  for (const report of reports) console.log(written(report));
  if (minutes > 0) {
    const steady = await soakSteadily(town, { seed, minutes, photoOf });
    console.log(written(steady));
    reports.push(steady);
  }
  const missed = reports.some(({ misses }) => misses.length > 0);
  if (missed) await keepSaid('soak', seed, town.house.said());
  process.exitCode = missed ? 1 : 0;
} finally {
  await town.close();
}
