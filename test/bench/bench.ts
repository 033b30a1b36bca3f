import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { benchJob } from './job.ts';
import { benchLine } from './many.ts';
import { benchLongLife, benchPosters } from './memory.ts';
import { benchNetworks } from './networks.ts';
import { type Baseline, type Figure, line, missed, slower } from './report.ts';
import { benchTraining } from './training.ts';

/*
 * Speed and memory. Ratios to what the machine can do at best hold on any machine; what is told in seconds belongs to this
 * one. Run by `npm run bench`, which tells how.
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    threads: { type: 'string', default: '1' },
    save: { type: 'boolean', default: false },
  },
});
const models = resolve('models');
const threads = Number(values.threads);
const baselineFile = join('test', 'bench', 'baseline.json');

const parts: Readonly<Record<string, () => Promise<Figure[]>>> = {
  networks: () => benchNetworks(models, threads),
  training: () => benchTraining(Math.min(2, availableParallelism())),
  job: () => benchJob(models, threads),
  line: () => benchLine(models),
  posters: () => benchPosters(models),
  life: () => benchLongLife(models),
};
const unknown = positionals.filter((name) => !(name in parts));
if (unknown.length > 0 || !Number.isInteger(threads) || threads < 1) {
  console.error(
    `There is no part “${unknown.join(', ')}”, or no such number of threads. Parts: ${Object.keys(parts).join(', ')}.`,
  );
  process.exit(2);
}

const baseline: Baseline = await readBaseline();
const figures: Figure[] = [];
for (const [name, measure] of Object.entries(parts)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  for (const figure of await measure()) {
    figures.push(figure);
    if (!values.json) console.log(line(figure, baseline));
  }
}
if (values.json) console.log(JSON.stringify({ machine: machine(), threads, figures }, null, 2));
else
  console.log(`Measured on ${machine()}, ${threads} ${threads === 1 ? 'thread' : 'threads'} to a network.`);
if (values.save) {
  const ratios = figures
    .filter(({ unit }) => unit === 'ratio')
    .map(({ name, value }) => [name, Number(value.toPrecision(3))]);
  await writeFile(
    baselineFile,
    `${JSON.stringify({ ...baseline, ...Object.fromEntries(ratios) }, null, 2)}\n`,
  );
}
process.exitCode = figures.some((figure) => missed(figure) || slower(figure, baseline) !== undefined) ? 1 : 0;

async function readBaseline(): Promise<Baseline> {
  return JSON.parse(await readFile(baselineFile, 'utf8'));
}

function machine(): string {
  const [first] = cpus();
  return `${cpus().length} cores of ${first?.model ?? 'an unknown processor'}, Node ${process.version}`;
}
