import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Queue } from 'bullmq';
import { validate } from 'dockerfile-utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readConfig, settingRows } from '../../src/config.ts';
import { createJobs } from '../../src/queue/jobs.ts';
import { inferenceQueue } from '../../src/queue/queues.ts';
import { PREFIX } from '../../src/queue/redis.ts';
import { defaultSettings } from '../../src/queue/settings.ts';
import { aRequest } from '../queue/house.ts';
import { startTestRedis, type TestRedis } from '../queue/support.ts';
import { composeErrors } from './compose.ts';
import { textOf, yamlOf } from './files.ts';
import { strangersIn } from './kubernetes.ts';

const units = filesIn('deploy/systemd', '.service');
const manifests = filesIn('deploy/kubernetes', '.yaml').filter(
  (file) => !file.endsWith('kustomization.yaml'),
);
const dockerfile = textOf('deploy/Dockerfile');

const container = z.object({
  name: z.string(),
  args: z.array(z.string()).default([]),
  env: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
  securityContext: z.unknown(),
  resources: z.object({ limits: z.object({ memory: z.string() }) }),
});
const workload = z.object({
  kind: z.enum(['Deployment', 'StatefulSet']),
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    template: z.object({
      spec: z.object({
        automountServiceAccountToken: z.literal(false),
        securityContext: z.unknown(),
        containers: z.array(container),
        terminationGracePeriodSeconds: z.number().optional(),
        volumes: z.array(z.unknown()),
      }),
    }),
  }),
});
const objects = manifests.flatMap((file) => yamlOf(file).map((object) => ({ file, object })));
const workloads = objects.flatMap(({ object }) => workload.safeParse(object).data ?? []);
const kustomization = z
  .object({
    resources: z.array(z.string()),
    configMapGenerator: z.array(z.object({ literals: z.array(z.string()) })),
  })
  .parse(yamlOf('deploy/kubernetes/kustomization.yaml')[0]);
const shared = pairsOf(kustomization.configMapGenerator.flatMap(({ literals }) => literals));

const service = z.object({
  command: z.array(z.string()),
  environment: z.record(z.string(), z.string()).default({}),
  secrets: z.array(z.string()),
  read_only: z.literal(true),
  cap_drop: z.tuple([z.literal('ALL')]),
});
const compose = z
  .object({
    services: z.record(z.string(), service),
    secrets: z.record(z.string(), z.object({ file: z.string() })),
  })
  .parse(yamlOf('deploy/compose.yaml')[0]);

type Settings = Readonly<Record<string, string>>;

/** Every environment that one of our processes is given. */
const environments: readonly (readonly [where: string, settings: Settings])[] = [
  ['Dockerfile', pairsOf([...dockerfile.matchAll(/([A-Z_]+=[^\s\\]+)/g)].map(([, pair = '']) => pair))],
  ...Object.entries(compose.services).map(
    ([name, { environment }]) => [`compose ${name}`, environment] as const,
  ),
  ...units.map((file) => [file, unitSettings(textOf(file))] as const),
  ...workloads.flatMap(({ spec }) =>
    spec.template.spec.containers.map(
      ({ name, env }) =>
        [
          `kubernetes ${name}`,
          { ...shared, ...Object.fromEntries(env.map((each) => [each.name, each.value])) },
        ] as const,
    ),
  ),
];

describe('settings', () => {
  const known = new Set(settingRows({}).flatMap(({ variable, file }) => [variable, file ?? []].flat()));
  /** Node's own. */
  const foreign = new Set(['NODE_ENV']);

  it.each(environments)('of %s are the program’s, with values that it takes', (_where, settings) => {
    const names = Object.keys(settings).filter((name) => !foreign.has(name));
    expect(names.filter((name) => !known.has(name))).toEqual([]);
    const values = Object.entries(settings).filter(([name]) => !name.endsWith('_FILE') && name !== 'THREADS');
    expect(() => readConfig(Object.fromEntries(values))).not.toThrow();
  });

  it('give each bot all that it can’t start without', () => {
    const needs = {
      discord: ['DISCORD_TOKEN_FILE'],
      slack: ['SLACK_BOT_TOKEN_FILE', 'SLACK_APP_TOKEN_FILE'],
    };
    for (const [bot, own] of Object.entries(needs)) {
      const its = environments.filter(([where]) => where.includes(bot));
      expect(its).toHaveLength(3);
      for (const [, settings] of its) {
        const all = [...own, 'REDIS_URL_FILE', 'IMPASTO_SECRET_FILE'];
        expect(Object.keys(settings)).toEqual(expect.arrayContaining(all));
      }
    }
  });

  it('give the worker no token and no secret of the places', () => {
    const its = environments.filter(([where]) => where.includes('worker'));
    expect(its).toHaveLength(3);
    for (const [, settings] of its) {
      expect(Object.keys(settings).filter((name) => name.endsWith('_FILE'))).toEqual(['REDIS_URL_FILE']);
    }
  });
});

describe('the Dockerfile', () => {
  it('is one, and ends as a user who owns nothing of it', () => {
    expect(validate(dockerfile)).toEqual([]);
    expect(dockerfile.match(/^USER (.*)$/gm)).toEqual(['USER node']);
    expect(dockerfile.slice(dockerfile.lastIndexOf('FROM'))).not.toMatch(/--chown|npm /);
  });

  it('installs packages without running their scripts, as everybody does', async () => {
    const installs = dockerfile.match(/npm (?:ci|prune).*?(?=&&|$)/gm) ?? [];
    expect(installs).toHaveLength(2);
    for (const each of installs) expect(each).toContain('--ignore-scripts');
    const cwd = join(import.meta.dirname, '../..');
    const { stdout } = await promisify(execFile)('npm', ['config', 'get', 'ignore-scripts'], { cwd });
    expect(stdout.trim()).toBe('true');
  });

  it('copies nothing that .dockerignore keeps out', () => {
    const kept = textOf('.dockerignore')
      .match(/^!(.*)$/gm)
      ?.map((line) => line.slice(1).replace(/\/$/, ''));
    expect(kept).toEqual(
      expect.arrayContaining(['package.json', 'package-lock.json', '.npmrc', 'models', 'src']),
    );
    expect(kept?.filter((name) => !readdirSync(join(import.meta.dirname, '../..')).includes(name))).toEqual(
      [],
    );
  });
});

describe('the compose file', () => {
  it('fits the specification’s schema', () => {
    expect(composeErrors(yamlOf('deploy/compose.yaml')[0])).toBeNull();
  });

  it('hands each service the secrets that its settings name, and no others', () => {
    for (const { environment, secrets } of Object.values(compose.services)) {
      const named = Object.entries(environment).flatMap(([name, value]) =>
        name.endsWith('_FILE') ? [value.replace('/run/secrets/', '')] : [],
      );
      if (named.length > 0) expect([...secrets].sort()).toEqual(named.sort());
      for (const secret of secrets) expect(compose.secrets).toHaveProperty(secret);
    }
  });
});

describe('a systemd unit', () => {
  it.each(units)('knows each secret that its settings name: %s', (file) => {
    const unit = textOf(file);
    const loaded = [...unit.matchAll(/^LoadCredential=(\w+):/gm)].map(([, name]) => `%d/${name}`);
    const named = Object.entries(unitSettings(unit)).filter(([name]) => name.endsWith('_FILE'));
    expect(named.map(([, value]) => value).sort()).toEqual([...loaded].sort());
    expect(unit).toMatch(/^DynamicUser=yes$/m);
    expect(unit).toMatch(/^ProtectSystem=strict$/m);
    expect(unit).toMatch(/^NoNewPrivileges=yes$/m);
    // Else a child that takes too much would take its bot along.
    expect(unit).toMatch(/^OOMPolicy=continue$/m);
  });
});

describe('the Kubernetes manifests', () => {
  it.each(objects)(
    'fit the published schemas, and hold nothing that those don’t know: $file',
    ({ object }) => {
      expect(strangersIn(object)).toEqual([]);
    },
  );

  it('are held to the schemas so that a slip is seen', () => {
    const slip = JSON.parse(JSON.stringify(objects.find(({ file }) => file.endsWith('worker.yaml'))?.object));
    slip.spec.template.spec.containers[0].imagePullPolic = 'Always';
    expect(strangersIn(slip)).toEqual(['Deployment.spec.template.spec.containers.0.imagePullPolic']);
    slip.spec.template.spec.containers[0].image = 3;
    expect(() => strangersIn(slip)).toThrow(/image/);
  });

  it('are all named by the kustomization', () => {
    const own = manifests.map((file) => file.replace('deploy/kubernetes/', ''));
    expect([...kustomization.resources].sort()).toEqual(own.sort());
  });

  it('run nothing as root, nor let anything write where it should not', () => {
    expect(workloads.map(({ metadata }) => metadata.name).sort()).toEqual([
      'discord',
      'redis',
      'slack',
      'worker',
    ]);
    for (const { spec } of workloads) {
      const pod = spec.template.spec;
      expect(pod.securityContext).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      for (const { securityContext } of pod.containers) {
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
      }
    }
  });
});

describe('the queue’s depth', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startTestRedis();
  });
  afterAll(() => redis.close());

  it('is read where it is', async () => {
    const connection = redis.connect();
    const queue = new Queue(inferenceQueue, { connection, prefix: PREFIX });
    const jobs = createJobs(connection, redis.log, defaultSettings);
    const source = { hash: 'a', contentType: 'image/png', bytes: 1, width: 1, height: 1 };
    await jobs.ensureInference('inference-1', source, aRequest());
    await jobs.close();
    const lists = [...textOf('deploy/kubernetes/scaling.yaml').matchAll(/listName: '(.*)'/g)].map(
      ([, name]) => name,
    );
    expect(lists).toEqual([queue.toKey('prioritized'), queue.toKey('active')]);
    expect(await connection.zcard(queue.toKey('prioritized'))).toBe(1);
    await queue.close();
  });
});

it('every Redis keeps its log, and throws nothing out', () => {
  for (const file of ['deploy/compose.yaml', 'deploy/kubernetes/redis.yaml', 'deploy/systemd/redis.conf']) {
    const words = textOf(file).replaceAll('--', '').replaceAll(/\s+/g, ' ');
    expect(words).toContain('appendonly yes');
    expect(words).toContain('appendfsync everysec');
    expect(words).toContain('maxmemory-policy noeviction');
  }
});

it('every process is started as a command that there is', () => {
  const started = [
    ...units.map((file) => /dist\/main\.js (.*)$/m.exec(textOf(file))?.[1]),
    ...Object.entries(compose.services).flatMap(([name, { command }]) =>
      name === 'redis' ? [] : command.join(' '),
    ),
    ...workloads.flatMap(({ spec }) =>
      spec.template.spec.containers.flatMap(({ name, args }) => (name === 'redis' ? [] : args.join(' '))),
    ),
  ];
  expect(started).toHaveLength(9);
  expect(new Set(started)).toEqual(new Set(['worker', 'bot discord', 'bot slack']));
});

function filesIn(folder: string, ending: string): readonly string[] {
  const names = readdirSync(join(import.meta.dirname, '../..', folder)).filter((name) =>
    name.endsWith(ending),
  );
  return names.map((name) => `${folder}/${name}`);
}

function unitSettings(unit: string): Settings {
  return pairsOf([...unit.matchAll(/^Environment=(.*)$/gm)].flatMap(([, line = '']) => line.split(' ')));
}

function pairsOf(assignments: readonly string[]): Settings {
  return Object.fromEntries(
    assignments.map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]),
  );
}
