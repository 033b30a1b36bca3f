import { z } from 'zod';
import { textOf, yamlOf } from './files.ts';

export type Bot = 'discord' | 'slack';

/** What a bot is given of a machine's memory, in bytes. */
export interface MemoryLimit {
  /** Which of the manifests says so. */
  readonly where: string;
  /** For the bot and its child together. */
  readonly bytes: number;
  /** A child that holds more after a picture is replaced. */
  readonly childBytes: number;
}

const megabytes = z.coerce.number().int().positive();
const composed = z.object({
  mem_limit: z.string(),
  environment: z.looseObject({ CHILD_MEGABYTES: megabytes }),
});
const container = z.object({
  env: z.array(z.looseObject({ name: z.string() })),
  resources: z.object({ limits: z.object({ memory: z.string() }) }),
});
const deployment = z.object({
  spec: z.object({ template: z.object({ spec: z.object({ containers: z.tuple([container]) }) }) }),
});

/** What each way of shipping gives a bot. @throws where one gives it no limit, or its child none */
export function memoryLimits(bot: Bot): readonly MemoryLimit[] {
  const compose = z
    .object({ services: z.record(z.string(), z.unknown()) })
    .parse(yamlOf('deploy/compose.yaml')[0]).services;
  const { mem_limit: limit, environment } = composed.parse(compose[bot]);
  const pod = deployment.parse(yamlOf(`deploy/kubernetes/${bot}.yaml`)[0]).spec.template.spec.containers[0];
  const setting = pod.env.find(({ name }) => name === 'CHILD_MEGABYTES');
  const unit = textOf(`deploy/systemd/impasto-${bot}.service`);
  return [
    { where: 'compose', bytes: bytesOf(limit), childBytes: environment.CHILD_MEGABYTES * 1024 ** 2 },
    {
      where: 'kubernetes',
      bytes: bytesOf(pod.resources.limits.memory),
      childBytes: megabytes.parse(setting?.value) * 1024 ** 2,
    },
    {
      where: 'systemd',
      bytes: bytesOf(/^MemoryMax=(.*)$/m.exec(unit)?.[1] ?? ''),
      childBytes: megabytes.parse(/\bCHILD_MEGABYTES=(\d+)/.exec(unit)?.[1]) * 1024 ** 2,
    },
  ];
}

/** `2g` of Compose, `2Gi` of Kubernetes and `2G` of systemd are the same. */
function bytesOf(size: string): number {
  const [, count, unit] = /^(\d+)([gm])i?$/i.exec(size) ?? [];
  if (count === undefined || unit === undefined) throw new Error(`no size: ${size}`);
  return Number(count) * 1024 ** (unit.toLowerCase() === 'g' ? 3 : 2);
}
