import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { observe } from '../observing/support.ts';
import { textOf, yamlOf } from './files.ts';
import { readPromql } from './promql.ts';

const dashboard = z
  .object({
    panels: z.array(
      z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })).default([]) }),
    ),
  })
  .parse(JSON.parse(textOf('deploy/grafana/impasto.json')));
const rule = z.object({
  alert: z.string(),
  expr: z.string(),
  labels: z.object({ severity: z.enum(['page', 'warn']) }),
  annotations: z.object({ summary: z.string(), runbook: z.string() }),
});
const alerts = z
  .object({ groups: z.array(z.object({ rules: z.array(rule) })) })
  .parse(yamlOf('deploy/prometheus/alerts.yaml')[0])
  .groups.flatMap(({ rules }) => rules);

/** What Prometheus itself knows of each target, and adds to each series. */
const FOREIGN = 'up';
const FOREIGN_LABELS = ['instance', 'job', 'service'];

/** The metrics that the program exports, once everything has happened to it, with the labels of each. */
async function exported(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const depth = { waiting: 0, active: 0, delayed: 0, failed: 0 };
  const { metrics } = observe(undefined, {
    figures: async () => ({
      depths: new Map([['inference', depth]]),
      line: { waiting: 0, running: 0 },
      artefactBytes: 0,
      redisBytes: 0,
      redisLimitBytes: 0,
    }),
  });
  metrics.submitted('discord', 'starry-night', 'accepted');
  metrics.ended({ kind: 'intake', network: 'starry-night', end: 'done', seconds: 1, waitedSeconds: 1 });
  metrics.closed('discord', 'starry-night', 'answered', 1);
  metrics.provider('cpu', 'cpu');
  const labels = new Map<string, Set<string>>([[FOREIGN, new Set(FOREIGN_LABELS)]]);
  for (const line of (await metrics.text()).split('\n')) {
    const [, name, inner = ''] = /^([a-z_]\w*)(?:\{(.*)\})? /.exec(line) ?? [];
    if (name === undefined) continue;
    const own = labels.get(name) ?? new Set(FOREIGN_LABELS);
    for (const [, label = ''] of inner.matchAll(/(\w+)="/g)) own.add(label);
    labels.set(name, own);
  }
  return labels;
}

const panels = dashboard.panels.flatMap(({ title, targets }) =>
  targets.map(({ expr }) => [title, expr.replaceAll('$__rate_interval', '5m')] as const),
);
const rules = alerts.map(({ alert, expr }) => [alert, expr] as const);

describe('what the dashboard and the alerts ask for', () => {
  let known: ReadonlyMap<string, ReadonlySet<string>>;
  beforeAll(async () => {
    known = await exported();
  });

  it.each([...panels, ...rules])('is exported by the program: %s: %s', (_name, expression) => {
    const { selected, grouped } = readPromql(expression);
    expect(selected.length).toBeGreaterThan(0);
    for (const { metric, labels } of selected) {
      if (metric === FOREIGN) continue;
      expect([...known.keys()]).toContain(metric);
      expect([...(known.get(metric) ?? [])]).toEqual(expect.arrayContaining([...labels]));
    }
    const made = expression.includes('label_replace') ? ['platform'] : [];
    const all = new Set([...selected.flatMap(({ metric }) => [...(known.get(metric) ?? [])]), ...made]);
    expect([...all]).toEqual(expect.arrayContaining([...grouped]));
  });

  it('is looked at somewhere, all of the program’s own', () => {
    const asked = [...panels, ...rules].flatMap(([, expression]) => readPromql(expression).selected);
    const bases = new Set(asked.map(({ metric }) => metric.replace(/_(bucket|sum|count)$/, '')));
    const own = [...known.keys()]
      .filter((name) => name.startsWith('impasto_'))
      .map((name) => name.replace(/_(bucket|sum|count)$/, ''));
    expect([...new Set(own)].filter((name) => !bases.has(name))).toEqual([]);
  });
});

describe('an alert', () => {
  const manual = textOf('docs/operating.md');
  const tried = textOf('deploy/prometheus/alerts.test.yaml');

  it.each(alerts.map(({ alert, annotations }) => [alert, annotations.runbook]))(
    'has its section in the runbook, and figures that raise it: %s',
    (alert, runbook) => {
      expect(manual).toMatch(new RegExp(`^### ${alert}$`, 'm'));
      expect(runbook).toBe(`docs/operating.md#${alert.toLowerCase()}`);
      expect(tried).toMatch(new RegExp(`alertname: ${alert}\\s+exp_alerts:\\s+- exp_labels`));
    },
  );

  it('is what each section of the runbook is about', () => {
    const sections = [...manual.matchAll(/^### (Impasto\w+)$/gm)].map(([, name]) => name);
    expect(sections).toEqual(alerts.map(({ alert }) => alert));
  });
});
