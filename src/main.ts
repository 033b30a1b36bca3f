#!/usr/bin/env node
import { createRequire } from 'node:module';
import { Command } from 'commander';
import { addBot } from './cli/bot/add-bot.ts';
import { addEvaluateStrips } from './cli/evaluate-strips.ts';
import { addEvaluateStyle } from './cli/evaluate-style.ts';
import { addEvaluateText } from './cli/evaluate-text.ts';
import { addEvaluateUpscale } from './cli/evaluate-upscale.ts';
import { explain } from './cli/explain.ts';
import { openPool } from './cli/house.ts';
import { addOptimise } from './cli/optimise.ts';
import type { Painter } from './cli/paint-file.ts';
import { startPlayground } from './cli/playground.ts';
import { addResults } from './cli/results.ts';
import { addSettings } from './cli/settings.ts';
import { untilStopped } from './cli/stop-signal.ts';
import { addStyles } from './cli/styles.ts';
import { addStylize } from './cli/stylize.ts';
import { addTrainStyle } from './cli/train.ts';
import { addTrainUpscale } from './cli/train-upscale.ts';
import { endUncaught } from './cli/uncaught.ts';
import { startAll } from './cli/up.ts';
import { addUpscale } from './cli/upscale.ts';
import { watched } from './cli/watch.ts';
import { startWorker } from './cli/worker.ts';
import { type Config, readConfig, secretsOf } from './config.ts';
import { createMask, type Mask } from './observing/mask.ts';

/** A person's own file, unlike a stranger's, may be as large as cameras make them. */
const OWN_FILE_MEGABYTES = 256;

/** Every command, on these settings. @param mask takes their secrets out of what is logged */
function createProgram(config: Config, mask: Mask): Command {
  const program = new Command('impasto')
    .description('Turns photos into paintings, in a chat and here.')
    .version(version())
    .configureOutput({
      outputError: (text, write) => write(`${inOneLine(text)} (--help tells what can be given)\n`),
    })
    .exitOverride();
  program
    .command('up')
    .description(
      'run everything on this machine: Redis, a worker, the playground, and the bots whose tokens are set',
    )
    .action(() =>
      untilStopped(async () => {
        const all = await watched('up', config, say, mask, (watch) =>
          startAll(config, process.env, say, watch),
        );
        say(`Impasto is at ${all.url} (Ctrl-C ends it)`);
        return all;
      }),
    );
  program
    .command('worker')
    .description('paint what the queue at REDIS_URL holds')
    .option('--provider <provider>', 'auto, cpu, cuda or webgpu, in place of the setting PROVIDER')
    .action(({ provider }: { readonly provider?: string }) =>
      untilStopped(async () => {
        const own = provider ? readConfig({ ...process.env, PROVIDER: provider }) : config;
        const worker = await watched('worker', own, say, mask, (watch) =>
          startWorker(own, process.env, say, watch),
        );
        say(`The worker waits for pictures: ${own.workers} at once, ${own.threads} threads each.`);
        return worker;
      }),
    );
  program
    .command('playground')
    .description('serve the playground, a chat thread in the browser, on the queue at REDIS_URL')
    .action(() =>
      untilStopped(async () => {
        const playground = await watched('playground', config, say, mask, (watch) =>
          startPlayground(config, process.env, say, watch),
        );
        say(`The playground is at ${playground.url} (Ctrl-C ends it)`);
        return playground;
      }),
    );
  addBot(program.command('bot').description('serve a chat platform'), config, process.env, say, mask);
  const own = {
    ...config,
    workers: 1,
    threads: config.workers * config.threads,
    pictureMegabytes: OWN_FILE_MEGABYTES,
  };
  addStylize(program, { ...own, openPainter: () => openPainter(own) });
  addUpscale(program, { ...own, openPainter: () => openPainter(own) });
  addOptimise(program, own);
  addStyles(program, config);
  const train = program.command('train').description('train a network');
  addTrainStyle(train, own);
  addTrainUpscale(train, own);
  const evaluate = program.command('evaluate').description('measure a network');
  addEvaluateStyle(evaluate, own);
  addEvaluateUpscale(evaluate, own);
  addEvaluateText(evaluate, own);
  addEvaluateStrips(evaluate, own);
  addResults(program, own);
  addSettings(program, process.env);
  return program;
}

function openPainter(config: Config): Painter {
  const pool = openPool(config, process.env, { children: 1, say });
  process.once('SIGINT', () => {
    void pool.close().finally(() => process.exit(130));
  });
  return {
    paint: (bytes, job, onProgress) => pool.paint(bytes, job, { onProgress }),
    close: () => pool.close(),
  };
}

function version(): string {
  const { version }: { readonly version: string } = createRequire(import.meta.url)('../package.json');
  return version;
}

/** What commander says of a mistake, which may take several lines, as one sentence. */
function inOneLine(text: string): string {
  const line = text
    .trim()
    .replace(/^error: /, '')
    .replaceAll(/\s+/g, ' ');
  return `${line.charAt(0).toUpperCase()}${line.slice(1)}`;
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

const mask = createMask([]);
const detailed = ['debug', 'trace'].includes(process.env.LOG_LEVEL ?? '');
endUncaught((error) => explain(error, say, mask, detailed));
try {
  // Who asks for help gets it, whatever is wrong with the settings.
  const help = process.argv
    .slice(2)
    .some((word) => ['help', '--help', '-h', '--version', '-V'].includes(word));
  const config = readConfig(help ? {} : process.env);
  for (const secret of secretsOf(config)) mask.hide(secret);
  await createProgram(config, mask).parseAsync();
} catch (error) {
  process.exitCode = explain(error, say, mask, detailed);
}
