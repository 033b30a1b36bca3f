import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findings, findingsIn } from '../secrecy.ts';
import type { Books } from './books.ts';
import type { Carried } from './crowd.ts';
import type { JudgedAsk, JudgedRequest, Verdict } from './judge.ts';
import type { PlannedRequest } from './plan.ts';
import { clock, type Report, tally } from './report.ts';
import type { Ask } from './side.ts';
import type { Town } from './town.ts';

/** How long everything may take to be over once nothing is asked or killed any more. */
const SETTLE_MS = 180_000;
const LOOK_MS = 500;

/** What is left in Redis once nothing changes any more, or after a while. */
export async function settled(books: Books): Promise<readonly string[]> {
  const end = Date.now() + SETTLE_MS;
  for (;;) {
    const left = await books.left();
    if (left.length === 0 || Date.now() > end) return left;
    await sleep(LOOK_MS);
  }
}

/** A plan carried out one step at a time, each its `afterMs` after the one before, until `on` says no. */
export async function followPlan<T extends { readonly afterMs: number }>(
  plan: Iterable<T>,
  step: (planned: T) => void,
  on: () => boolean,
): Promise<void> {
  for (const planned of plan) {
    const until = Date.now() + planned.afterMs;
    while (on() && Date.now() < until) await sleep(Math.min(LOOK_MS, until - Date.now()));
    if (!on()) return;
    step(planned);
  }
}

/** What the judge must know of a request, now. */
export async function toJudged({
  request,
  photo,
  asks,
}: Pick<Carried, 'request' | 'photo' | 'asks'>): Promise<JudgedRequest> {
  return {
    name: nameOf(request),
    photo,
    style: request.style,
    asks: await Promise.all(asks.map(toJudgedAsk)),
  };
}

async function toJudgedAsk(ask: Ask): Promise<JudgedAsk> {
  return {
    acknowledged: await ask.acknowledged,
    standing: ask.standing(),
    words: ask.words(),
    paintings: ask.paintings(),
  };
}

function nameOf({ nth, platform, how, style, width, height }: PlannedRequest): string {
  return `request ${nth} (${platform}, ${how}, ${style}, ${width} × ${height})`;
}

/** For how long artefacts are kept in a run. */
const ARTEFACT_SECONDS = 3_600;

/** What people asked, and what they were answered. */
export async function answersOf(
  carried: readonly Carried[],
  { answers, twice, unanswered, failed, wrong }: Verdict,
): Promise<Report['figures']> {
  const asks = carried.flatMap((one) => one.asks);
  const heard = await Promise.all(asks.map(({ acknowledged }) => acknowledged));
  const refused = asks.filter((ask) => ask.standing() === 'refused');
  return {
    requests: carried.length,
    'questions asked for them': asks.length,
    'of these, not acknowledged': heard.filter((one) => !one).length,
    'of these, not taken': tally(refused.map((ask) => ask.words())),
    answers,
    'answered twice': twice.length,
    unanswered: unanswered.length,
    'given up': failed.length,
    'wrong picture': wrong.length,
  };
}

/** How often platforms told of something twice. */
export function repeatsOf(carried: readonly Carried[]): number {
  return carried.reduce((sum, { repeats }) => sum + repeats, 0);
}

/** How long the slowest answer took. */
export function slowestOf(carried: readonly Carried[]): string {
  return clock(Math.max(0, ...carried.map(({ tookMs }) => tookMs ?? 0)));
}

/** All that is wrong once everything is over, whatever was asked. */
export async function faultsOf(
  { house, sides, books, secrets }: Pick<Town, 'house' | 'sides' | 'books' | 'secrets'>,
  verdict: Verdict,
  left: readonly string[],
): Promise<readonly string[]> {
  const artefacts = await books.faults(ARTEFACT_SECONDS);
  return [
    ...missesOf(verdict),
    ...left.map((miss) => `left in Redis: ${miss}`),
    ...artefacts.map((miss) => `artefacts: ${miss}`),
    ...(await secretsIn({ house, secrets })),
    ...house.ended,
    ...[...sides.discord.problems, ...sides.slack.problems].map(
      (miss) => `the platform would not take: ${miss}`,
    ),
  ];
}

/** Where a secret stands that nobody may read: in what the processes have said so far, and in all that Redis keeps. */
export async function secretsIn({
  house,
  secrets,
}: Pick<Town, 'house' | 'secrets'>): Promise<readonly string[]> {
  const told = findings({ 'what the processes said': house.said() }, secrets);
  return [...told, ...(await findingsIn(house.redisUrl(), secrets))].map((miss) => `a secret: ${miss}`);
}

/** All that a verdict has against the bot. */
export function missesOf({ twice, unanswered, failed, wrong }: Verdict): readonly string[] {
  return [
    ...twice.map((miss) => `answered twice: ${miss}`),
    ...unanswered.map((miss) => `unanswered: ${miss}`),
    ...failed.map((miss) => `given up: ${miss}`),
    ...wrong.map((miss) => `wrong picture: ${miss}`),
  ];
}

/** Keep what the processes have said, for whoever looks for the reason of a miss. */
export async function keepSaid(run: string, seed: number, said: string): Promise<void> {
  const file = join(tmpdir(), `impasto-${run}-${seed}.log`);
  await writeFile(file, said);
  console.error(`What the processes said stands in ${file}`);
}
