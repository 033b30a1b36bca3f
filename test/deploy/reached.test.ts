import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readConfig, settingRows } from '../../src/config.ts';
import { composeErrors } from './compose.ts';
import { textOf, yamlOf } from './files.ts';
import { strangersIn } from './kubernetes.ts';

const { publicPort, slackPort } = readConfig({});
const known = new Set(settingRows({}).flatMap(({ variable, file }) => [variable, file ?? []].flat()));

/** What the image listens on, beside its metrics. */
const dockerfile = textOf('deploy/Dockerfile');

it('the image listens where its neighbours reach it, at the ports that it exposes', () => {
  expect(dockerfile).toMatch(/^ +HOST=0\.0\.0\.0 /m);
  const [, exposed = ''] = /^EXPOSE (.*)$/m.exec(dockerfile) ?? [];
  expect(exposed.split(' ').map(Number)).toEqual(expect.arrayContaining([publicPort, slackPort]));
});

const overlay = z.object({
  services: z.record(
    z.string(),
    z.object({
      environment: z.record(z.string(), z.string()),
      secrets: z.array(z.string()).default([]),
      ports: z.array(z.string()).default([]),
    }),
  ),
  secrets: z.record(z.string(), z.object({ file: z.string() })).default({}),
});

describe.each([
  ['links', publicPort],
  ['slack-http', slackPort],
])('what lays %s over the compose file', (name, port) => {
  const [file] = yamlOf(`deploy/compose.${name}.yaml`);
  const { services, secrets } = overlay.parse(file);

  it('fits the specification’s schema, and changes services that there are', () => {
    expect(composeErrors(file)).toBeNull();
    const base = z.object({ services: z.record(z.string(), z.unknown()) });
    const there = Object.keys(base.parse(yamlOf('deploy/compose.yaml')[0]).services);
    expect(there).toEqual(expect.arrayContaining(Object.keys(services)));
  });

  it('publishes the port to this machine alone, once', () => {
    const published = Object.values(services).flatMap(({ ports }) => ports);
    expect(published).toEqual([`127.0.0.1:${port}:${port}`]);
  });

  it('sets what there is to set, and hands over the secrets that it names', () => {
    for (const { environment, secrets: own } of Object.values(services)) {
      expect(Object.keys(environment).filter((each) => !known.has(each))).toEqual([]);
      const named = Object.entries(environment).flatMap(([each, value]) =>
        each.endsWith('_FILE') ? [value.replace('/run/secrets/', '')] : [],
      );
      expect(own).toEqual(named);
      for (const secret of own) expect(secrets).toHaveProperty(secret);
    }
  });
});

const service = z.object({
  spec: z.object({
    selector: z.record(z.string(), z.string()),
    ports: z.tuple([z.object({ targetPort: z.number() })]),
  }),
});
const bot = z.object({
  spec: z.object({
    template: z.object({ metadata: z.object({ labels: z.record(z.string(), z.string()) }) }),
  }),
});

describe('the components for Kubernetes', () => {
  it.each([
    ['links', publicPort, ['discord', 'slack']],
    ['slack-http', slackPort, ['slack']],
  ])('%s leads to the port and to the pods that serve it', (name, port, pods) => {
    const [object] = yamlOf(`deploy/kubernetes/${name}/service.yaml`);
    expect(strangersIn(object)).toEqual([]);
    const { selector, ports } = service.parse(object).spec;
    expect(ports[0].targetPort).toBe(port);
    const reached = ['discord', 'slack', 'worker', 'redis'].filter((each) =>
      yamlOf(`deploy/kubernetes/${each}.yaml`).some((one) => {
        const labels = bot.safeParse(one).data?.spec.template.metadata.labels;
        return labels && Object.entries(selector).every(([label, value]) => labels[label] === value);
      }),
    );
    expect(reached).toEqual(pods);
    expect(textOf('deploy/kubernetes/kustomization.yaml')).toContain(`#   - ${name}\n`);
  });

  it('slack-http gives the bot what it needs for HTTP, and takes away what it does not', () => {
    const variable = z.object({
      name: z.string(),
      value: z.string().optional(),
      $patch: z.string().optional(),
    });
    const item = z.object({ key: z.string(), path: z.string() });
    const patch = z.object({
      metadata: z.object({ name: z.literal('slack') }),
      spec: z.object({
        template: z.object({
          spec: z.object({
            containers: z.tuple([z.object({ name: z.literal('slack'), env: z.array(variable) })]),
            volumes: z.tuple([z.object({ secret: z.object({ items: z.array(item) }) })]),
          }),
        }),
      }),
    });
    const { containers, volumes } = patch.parse(yamlOf('deploy/kubernetes/slack-http/deployment.yaml')[0])
      .spec.template.spec;
    const { env } = containers[0];
    expect(env.filter(({ name }) => !known.has(name))).toEqual([]);
    expect(env).toContainEqual({ name: 'SLACK_TRANSPORT', value: 'http' });
    expect(env).toContainEqual({ name: 'SLACK_APP_TOKEN_FILE', $patch: 'delete' });
    const keys = volumes[0].secret.items.map(({ key }) => key);
    expect(keys.sort()).toEqual(['impasto_secret', 'redis_url', 'slack_bot_token', 'slack_signing_secret']);
    for (const { name, value = '' } of env.filter(({ name, $patch }) => name.endsWith('_FILE') && !$patch)) {
      expect(keys, name).toContain(value.replace('/run/secrets/impasto/', ''));
    }
  });
});

it('a collector of traces is reached by whoever sends them, and by nobody else', () => {
  const policy = z.object({
    metadata: z.object({ name: z.literal('collector') }),
    spec: z.object({
      podSelector: z.object({ matchExpressions: z.tuple([z.object({ values: z.array(z.string()) })]) }),
      egress: z.tuple([z.object({ ports: z.array(z.object({ port: z.number() })) })]),
    }),
  });
  const [found] = yamlOf('deploy/kubernetes/network.yaml').flatMap(
    (each) => policy.safeParse(each).data ?? [],
  );
  expect(found?.spec.podSelector.matchExpressions[0].values).toEqual(['worker', 'discord', 'slack']);
  expect(found?.spec.egress[0].ports).toEqual([{ port: 4318 }]);
});
