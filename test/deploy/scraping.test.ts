import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { shardConfig } from '../../src/cli/bot/discord.ts';
import { readConfig } from '../../src/config.ts';
import { textOf, yamlOf } from './files.ts';

const relabelling = z.object({
  source_labels: z.array(z.string()),
  separator: z.string().optional(),
  regex: z.string().optional(),
  action: z.string().default('replace'),
  target_label: z.string().optional(),
});
const job = z.object({
  job_name: z.string(),
  dns_sd_configs: z
    .array(z.object({ names: z.array(z.string()), type: z.literal('A'), port: z.number() }))
    .optional(),
  kubernetes_sd_configs: z
    .array(z.object({ role: z.literal('pod'), namespaces: z.object({ names: z.array(z.string()) }) }))
    .optional(),
  static_configs: z
    .array(z.object({ targets: z.array(z.string()), labels: z.object({ service: z.string() }) }))
    .optional(),
  relabel_configs: z.array(relabelling).default([]),
});
const config = z.object({ rule_files: z.array(z.string()), scrape_configs: z.tuple([job]) });

const ways = ['prometheus', 'kubernetes', 'systemd'] as const;

function jobOf(way: (typeof ways)[number]): z.infer<typeof job> {
  return config.parse(yamlOf(`deploy/prometheus/${way}.yaml`)[0]).scrape_configs[0];
}

const names = ['discord', 'slack', 'worker'];
const imagePort = Number(/METRICS_PORT=(\d+)/.exec(textOf('deploy/Dockerfile'))?.[1]);

describe('what Prometheus must know', () => {
  it.each(ways)('names its job and its services as the alerts do: %s', (way) => {
    const file = config.parse(yamlOf(`deploy/prometheus/${way}.yaml`)[0]);
    expect(file.rule_files).toEqual(['alerts.yaml']);
    const { job_name: name, relabel_configs: rules, static_configs: fixed } = file.scrape_configs[0];
    expect(textOf('deploy/prometheus/alerts.yaml')).toContain(`up{job="${name}"} == 0`);
    const labelled = rules.some((rule) => rule.target_label === 'service');
    expect(labelled || fixed?.every(({ labels }) => labels.service !== '')).toBe(true);
  });

  it('is what runs under Compose, where each container of a service is found', () => {
    const services = z
      .object({ services: z.record(z.string(), z.unknown()) })
      .parse(yamlOf('deploy/compose.yaml')[0]).services;
    const [found] = jobOf('prometheus').dns_sd_configs ?? [];
    expect([...(found?.names ?? []), 'redis'].sort()).toEqual(Object.keys(services).sort());
    expect(found?.port).toBe(imagePort);
  });

  it('is each shard of Discord too, at its own port, once the lines about them count', () => {
    const text = textOf('deploy/prometheus/prometheus.yaml').replaceAll('# - {', '- {');
    const [, ...shards] = config.parse(parse(text)).scrape_configs[0].dns_sd_configs ?? [];
    const own = readConfig({ METRICS_PORT: String(imagePort) });
    const ports = [0, 1, 2].map(
      (shard) => shardConfig(own, { SHARDING_MANAGER: 'true', SHARDS: String(shard) }).metricsPort,
    );
    expect(shards).toEqual(ports.map((port) => ({ names: ['discord'], type: 'A', port })));
  });

  it('is what runs in Kubernetes, by the names of its ports', () => {
    const { kubernetes_sd_configs: found, relabel_configs: rules } = jobOf('kubernetes');
    const { namespace } = z
      .object({ namespace: z.string() })
      .parse(yamlOf('deploy/kubernetes/kustomization.yaml')[0]);
    expect(found?.map(({ namespaces }) => namespaces.names)).toEqual([[namespace]]);
    const [port = ''] = rules.flatMap(({ action, regex }) => (action === 'keep' ? [regex ?? ''] : []));
    // As Prometheus holds an expression to a whole label.
    const kept = new RegExp(`^(?:${port})$`);
    expect(kept.test('metrics-0')).toBe(true);
    for (const name of [...names, 'redis']) {
      const ports = podOf(name).spec.containers.flatMap((container) => container.ports);
      const seen = ports.filter(({ name }) => kept.test(name)).map(({ containerPort }) => containerPort);
      expect(seen, name).toEqual(name === 'redis' ? [] : [imagePort]);
    }
  });

  it('is what runs under systemd, with room above for Discord’s shards', () => {
    const ports = (jobOf('systemd').static_configs ?? []).map(
      ({ targets, labels }) => [labels.service, targets.join()] as const,
    );
    const portOf = (name: string): number =>
      Number(/METRICS_PORT=(\d+)/.exec(textOf(`deploy/systemd/impasto-${name}.service`))?.[1]);
    expect(Object.fromEntries(ports)).toEqual(
      Object.fromEntries(names.map((name) => [name, `127.0.0.1:${portOf(name)}`])),
    );
    expect(portOf('discord')).toBe(Math.max(...names.map(portOf)));
    expect(new Set(names.map(portOf)).size).toBe(3);
  });
});

const pod = z.object({
  metadata: z.object({ labels: z.record(z.string(), z.string()), annotations: z.unknown().optional() }),
  spec: z.object({
    enableServiceLinks: z.literal(false),
    containers: z.array(
      z.object({ ports: z.array(z.object({ name: z.string(), containerPort: z.number() })) }),
    ),
  }),
});
const workload = z.object({
  kind: z.enum(['Deployment', 'StatefulSet']),
  spec: z.object({ template: z.unknown() }),
});

/** Its pod, into which no Service writes settings. */
function podOf(name: string): z.infer<typeof pod> {
  const [found] = yamlOf(`deploy/kubernetes/${name}.yaml`).flatMap(
    (each) => workload.safeParse(each).data ?? [],
  );
  return pod.parse(found?.spec.template);
}

it('no pod asks to be read by another job as well, which would count all twice', () => {
  for (const name of names) expect(podOf(name).metadata.annotations).toBeUndefined();
});
