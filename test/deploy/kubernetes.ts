import { ScaledObject, TriggerAuthentication } from '@kubernetes-models/keda/keda.sh/v1alpha1';
import { Deployment, StatefulSet } from 'kubernetes-models/apps/v1';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { Namespace, Service } from 'kubernetes-models/v1';
import { z } from 'zod';

const manifest = z.looseObject({ apiVersion: z.string(), kind: z.string() });

interface Model {
  validate(): void;
}

const models: Readonly<Record<string, new (data: never) => Model>> = {
  'v1 Namespace': Namespace,
  'v1 Service': Service,
  'apps/v1 Deployment': Deployment,
  'apps/v1 StatefulSet': StatefulSet,
  'networking.k8s.io/v1 NetworkPolicy': NetworkPolicy,
  'keda.sh/v1alpha1 ScaledObject': ScaledObject,
  'keda.sh/v1alpha1 TriggerAuthentication': TriggerAuthentication,
};

/**
 * Hold a manifest to the published schema of its kind.
 * @returns paths in it that the schema does not know
 * @throws where something is missing or of another type, or the kind is none that is known here
 */
export function strangersIn(given: unknown): readonly string[] {
  const object = manifest.parse(given);
  const { apiVersion, kind } = object;
  const Kind = models[`${apiVersion} ${kind}`];
  if (Kind === undefined) throw new Error(`no schema for ${apiVersion} ${kind}`);
  const unread = new Set<string>();
  const model = new Kind(z.custom<never>().parse(object));
  // The model has made copies; its check is to read these.
  for (const [name, value] of Object.entries(object)) {
    Reflect.set(model, name, watch(value, `${kind}.${name}`, unread));
  }
  model.validate();
  return [...unread];
}

/** The schemas let unknown fields pass, but their checks read each field that they know: what stays unread is unknown. */
function watch(value: unknown, path: string, unread: Set<string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each, at) => watch(each, `${path}.${at}`, unread));
  const fields = Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, watch(inner, `${path}.${name}`, unread)]),
  );
  for (const name of Object.keys(fields)) unread.add(`${path}.${name}`);
  return new Proxy(fields, {
    get: (target, name) => {
      unread.delete(`${path}.${String(name)}`);
      return Reflect.get(target, name);
    },
  });
}
