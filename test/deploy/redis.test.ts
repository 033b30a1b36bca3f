import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eventually, redisBinary, temporaryFolder } from '../queue/support.ts';
import { yamlOf } from './files.ts';

const PASSWORD = 'opensesame17';

const shellLine = z.tuple([z.literal('sh'), z.literal('-c'), z.string()]);
const compose = z
  .object({ services: z.object({ redis: z.object({ command: shellLine }) }) })
  .transform(({ services }) => services.redis.command[2].replaceAll('$$', '$'))
  .parse(yamlOf('deploy/compose.yaml')[0]);
const pod = z.object({
  kind: z.literal('StatefulSet'),
  spec: z.object({
    template: z.object({
      spec: z.object({
        containers: z.tuple([z.object({ command: shellLine })]),
        volumes: z.array(z.looseObject({ name: z.string(), emptyDir: z.unknown().optional() })),
      }),
    }),
  }),
});
const pods = yamlOf('deploy/kubernetes/redis.yaml').flatMap(
  (object) => pod.safeParse(object).data?.spec.template.spec ?? [],
);
const kubernetes = pods.map(({ containers: [{ command }] }) => command[2]).join();

interface Running {
  readonly pid: number;
  readonly said: () => string;
  /** How it ended: the exit code, or the signal. */
  readonly ended: Promise<unknown>;
}

describe.each([
  ['Compose', compose],
  ['Kubernetes', kubernetes],
])('the shell line that starts Redis: %s', (_, line) => {
  let folder: string;
  let running: Running[] = [];
  let clients: Redis[] = [];

  beforeEach(() => {
    folder = temporaryFolder();
    for (const name of ['tmp', 'data', 'bin']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'redis_password'), `${PASSWORD}\n`);
    // It takes the server by its name; here the binary may have another.
    if (isAbsolute(redisBinary)) symlinkSync(redisBinary, join(folder, 'bin', 'redis-server'));
  });
  afterEach(async () => {
    for (const client of clients) client.disconnect();
    for (const { pid, ended } of running) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
      await ended;
    }
    [running, clients] = [[], []];
    rmSync(folder, { recursive: true });
  });

  const socket = (): string => join(folder, 'socket');

  async function start(): Promise<Running> {
    const paths = /\/run\/secrets\/[\w/]*redis_password|\/tmp(?=\/)|(?<= )\/data\b/g;
    const here = line.replace(paths, (path) => join(folder, path.split('/').at(-1) ?? ''));
    expect(line.match(paths)).toHaveLength(4);
    const child = spawn('sh', ['-c', `${here} --port 0 --unixsocket ${socket()}`], {
      env: { PATH: `${join(folder, 'bin')}:${process.env.PATH}` },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    }
    const ended = once(child, 'close').then(([code, signal]) => code ?? signal);
    if (child.pid === undefined) throw new Error('sh did not start');
    const part = { pid: child.pid, said: () => said, ended };
    running.push(part);
    await eventually(() => said.includes('eady to accept connections') || child.exitCode !== null);
    return part;
  }

  function client(password?: string): Redis {
    const redis = new Redis({ path: socket(), ...(password ? { password } : {}), retryStrategy: () => null });
    redis.on('error', () => undefined);
    clients.push(redis);
    return redis;
  }

  it('lets in whoever has the password alone, and shows it to nobody', async () => {
    const { pid } = await start();
    expect(await client(PASSWORD).ping()).toBe('PONG');
    await expect(client().ping()).rejects.toThrow(/NOAUTH/);
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(PASSWORD);
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain(PASSWORD);
    expect(statSync(join(folder, 'tmp', 'redis.conf')).mode & 0o777).toBe(0o600);
  });

  it('ends it by the signal that its shell is sent, with all that it was told in its log', async () => {
    const first = await start();
    const writer = client(PASSWORD);
    await writer.set('painting', 'half done');
    process.kill(first.pid, 'SIGTERM');
    expect(await first.ended).toBe(0);
    expect(first.said()).toContain('Redis is now ready to exit');
    await start();
    expect(await client(PASSWORD).get('painting')).toBe('half done');
  });

  it('does not start without a password', async () => {
    writeFileSync(join(folder, 'redis_password'), '');
    const { ended, said } = await start();
    expect(await ended).toBe(1);
    expect(said()).toContain('requirepass');
  });
});

it('the password’s file is nowhere but in memory', () => {
  const volumes = pods.flatMap((spec) => spec.volumes);
  expect(volumes.find(({ name }) => name === 'tmp')?.emptyDir).toMatchObject({ medium: 'Memory' });
});
