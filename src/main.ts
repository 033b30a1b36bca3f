#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { addEvaluateStyle } from './cli/evaluate.ts';
import { openPool } from './cli/house.ts';
import { startPlayground } from './cli/playground.ts';
import { addSettings } from './cli/settings.ts';
import { untilStopped } from './cli/stop-signal.ts';
import { addStyles } from './cli/styles.ts';
import { addStylize, type Painter } from './cli/stylize.ts';
import { addTrainStyle } from './cli/train.ts';
import { startAll } from './cli/up.ts';
import { startWorker } from './cli/worker.ts';
import { type Config, readConfig } from './config.ts';
import { ImpastoError, UserError } from './errors.ts';

const FAILED = 1;
const MISUSED = 2;

/** Every command, on these settings. */
function createProgram(config: Config): Command {
  const program = new Command('impasto')
    .description('Turns photos into paintings, in Discord, in Slack, in the browser and here.')
    .showHelpAfterError('(add --help for what can be given)')
    .exitOverride();
  program
    .command('up')
    .description('run everything on this machine: Redis, a worker and the playground')
    .action(() =>
      untilStopped(async () => {
        const all = await startAll(config, process.env, say);
        say(`Impasto is at ${all.url} (Ctrl-C ends it)`);
        return { close: all.close, ended: all.redis?.exited };
      }),
    );
  program
    .command('worker')
    .description('paint what the queue at REDIS_URL holds')
    .option('--provider <provider>', 'cpu, cuda or webgpu, in place of the setting PROVIDER')
    .action(({ provider }: { readonly provider?: string }) =>
      untilStopped(async () => {
        const own = provider ? readConfig({ ...process.env, PROVIDER: provider }) : config;
        const worker = await startWorker(own, process.env, say);
        say(`The worker waits for pictures: ${own.workers} at once, ${own.threads} threads each.`);
        return worker;
      }),
    );
  program
    .command('playground')
    .description('serve the playground, a chat thread in the browser, on the queue at REDIS_URL')
    .action(() =>
      untilStopped(async () => {
        const playground = await startPlayground(config, process.env, say);
        say(`The playground is at ${playground.url} (Ctrl-C ends it)`);
        return playground;
      }),
    );
  addStylize(program, { ...config, openPainter: () => openPainter(config) });
  addStyles(program, config);
  addTrainStyle(program.command('train').description('train a network'), config);
  addEvaluateStyle(program.command('evaluate').description('measure a network'), config);
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

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

/** The exit code for what went wrong, once it has been said. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : MISUSED;
  if (error instanceof ImpastoError) {
    say(error.userMessage);
    return error instanceof UserError ? MISUSED : FAILED;
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const detailed = ['debug', 'trace'].includes(process.env.LOG_LEVEL ?? '');
  say(`Something went wrong in Impasto itself: ${message}`);
  say(detailed ? (stack ?? '') : 'LOG_LEVEL=debug tells more.');
  return FAILED;
}

try {
  await createProgram(readConfig(process.env)).parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}
