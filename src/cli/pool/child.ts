import { AsyncLocalStorage } from 'node:async_hooks';
import { constants, setPriority } from 'node:os';
import { z } from 'zod';
import { passwordsOf } from '../../config.ts';
import { type ImpastoError, UserError } from '../../errors.ts';
import { type Inspection, inspect as inspectPicture } from '../../images/decode.ts';
import { guardProcess } from '../../images/door.ts';
import type { Fitted } from '../../images/fit.ts';
import { recode as recodePicture } from '../../images/recode.ts';
import { loadCatalogue } from '../../inference/catalogue.ts';
import { createNetworks, type Networks } from '../../inference/network.ts';
import { type PaintedBytes, type PaintJob, paintBytes } from '../../inference/paint-bytes.ts';
import { place } from '../../inference/place.ts';
import type { Placement } from '../../inference/self-test.ts';
import { createLog } from '../../observing/log.ts';
import { createMask } from '../../observing/mask.ts';
import { createArtefacts } from '../../queue/artefacts.ts';
import type { Artefacts } from '../../queue/contract.ts';
import { silentLog } from '../../queue/log.ts';
import { answered, connect } from '../../queue/redis.ts';
import type { ArtefactInfo, Task } from '../../queue/request.ts';
import { endUncaught } from '../uncaught.ts';
import {
  type ChildAnswer,
  type ChildNews,
  type ChildSetup,
  type ChildTasks,
  SETUP_VARIABLE,
} from './messages.ts';

/*
 * The process in which strangers' bytes are decoded and networks run; the pool starts it and asks for its exports.
 * It keeps its sessions, gives way to whatever listens, and leaves Ctrl-C to its parent.
 */

const setup: ChildSetup = JSON.parse(process.env[SETUP_VARIABLE] ?? '');
delete process.env[SETUP_VARIABLE];
const log = createLog({
  level: 'fatal',
  mask: createMask(passwordsOf(setup.artefacts?.url ?? '')),
  scope: new AsyncLocalStorage(),
});
endUncaught((error) => {
  log.fatal({ err: error }, 'A process for pictures ends by a defect');
  return 1;
});
guardProcess(setup.threads);
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
process.on('SIGINT', () => undefined);
// Nobody is left to answer: the parent was killed, maybe before we listened.
process.on('disconnect', () => process.exit());
if (!process.connected) process.exit();

let jobs = 0;
let networks: Promise<Networks> | undefined;
let placement: Promise<Placement> | undefined;
const store = setup.artefacts && openStore(setup.artefacts);

/** A picture's bytes in, its painting's bytes out. */
export async function paint({ bytes, job }: ChildTasks['paint']): Promise<ChildAnswer<PaintedBytes>> {
  return answer(await paintBytes(await opened(), bytes, job, report, setup.limits));
}

const taskOptions = z.object({
  strength: z.number().default(1),
  keep_colors: z.boolean().default(false),
  detail: z.enum(['working', 'full']).default('working'),
});

const formatOptions = z.object({ animation: z.enum(['webp', 'gif']).default('webp') });

/** An artefact in, an artefact out. */
export async function paintArtefact({
  source,
  task,
}: ChildTasks['paintArtefact']): Promise<ChildAnswer<ArtefactInfo>> {
  if (!store) throw new TypeError('this child was not told where artefacts are');
  const opening = await opened();
  const job = jobOf(opening, task);
  const stored = await store.guarded(store.artefacts.get(source.hash));
  if (!stored) {
    throw new UserError('source-gone', 'The picture is no longer stored. Please send it again.');
  }
  const { bytes, ...about } = await paintBytes(opening, stored.bytes, job, report, setup.limits);
  return answer(await store.guarded(store.artefacts.put(bytes, about)));
}

/** What a task asks for, by what its network does. */
function jobOf(networks: Networks, { network, options }: Task): PaintJob {
  const { animation: animationFormat } = formatOptions.parse(options);
  if (networks.kindOf(network) === 'upscale')
    return { upscaler: network, megapixels: setup.upscaleMegapixels, animationFormat };
  const { strength, keep_colors: keepColors, detail } = taskOptions.parse(options);
  const { workingSize } = setup;
  return { style: network, options: { strength, keepColors, detail, workingSize }, animationFormat };
}

/** What a picture is, once all of it has been decoded. */
export async function inspect({ bytes }: ChildTasks['inspect']): Promise<ChildAnswer<Inspection>> {
  return answer(await inspectPicture(bytes, setup.limits));
}

/** A picture of ours in fewer bytes, where that can be. */
export async function recode({
  bytes,
  limit,
  formats,
}: ChildTasks['recode']): Promise<ChildAnswer<Fitted | undefined>> {
  return answer(await recodePicture(bytes, limit, formats));
}

/** Whether the provider can start here and be trusted; says so where another is taken instead. */
export async function tryProvider(): Promise<ChildAnswer<undefined>> {
  await placed();
  return answer(undefined);
}

function openStore({ url, ...options }: NonNullable<ChildSetup['artefacts']>): {
  readonly artefacts: Artefacts;
  guarded<T>(command: Promise<T>): Promise<T>;
} {
  // Its parent, on the same Redis, tells the log when it is away.
  const redis = connect(url, 'producer', silentLog);
  return { artefacts: createArtefacts(redis, options), guarded: (command) => answered(redis, command) };
}

async function opened(): Promise<Networks> {
  networks ??= openNetworks();
  networks.catch(() => {
    networks = undefined;
  });
  return networks;
}

async function openNetworks(): Promise<Networks> {
  const { models, providerFallback, threads } = setup;
  const { provider, precision } = await placed();
  const onFallback = (lost: ImpastoError): void => {
    tellFallback(lost);
    tell({ kind: 'placed', provider: 'cpu', precision: 'float32' });
  };
  return createNetworks({
    catalogue: await loadCatalogue(models),
    provider,
    precision,
    threads,
    ...(providerFallback ? { onFallback } : {}),
  });
}

/** Found out once in a process's life. */
async function placed(): Promise<Placement> {
  placement ??= findPlace();
  placement.catch(() => {
    placement = undefined;
  });
  return placement;
}

async function findPlace(): Promise<Placement> {
  const { models, provider, precision, providerFallback, threads } = setup;
  const found = await place({
    catalogue: await loadCatalogue(models),
    provider,
    precision,
    threads,
    ...(providerFallback ? { onFallback: tellFallback } : {}),
  });
  tell({ kind: 'placed', ...found });
  return found;
}

function tellFallback({ userMessage }: ImpastoError): void {
  tell({ kind: 'fallback', userMessage });
}

function report(fraction: number): void {
  tell({ kind: 'progress', fraction });
}

function tell(news: ChildNews): void {
  process.send?.(news);
}

function answer<T>(value: T): ChildAnswer<T> {
  jobs++;
  return { value, residentBytes: process.memoryUsage.rss(), jobs };
}
