import { z } from 'zod';

/** A button, a select, or a field of a form. */
export interface Control {
  readonly type: number;
  readonly custom_id: string;
  readonly label?: string | undefined;
  readonly placeholder?: string | undefined;
  readonly disabled?: boolean | undefined;
  readonly options?: readonly { readonly label: string; readonly value: string }[] | undefined;
  readonly min_values?: number | undefined;
  readonly max_values?: number | undefined;
  readonly emoji?: { readonly name?: string | null | undefined } | undefined;
}

const control: z.ZodType<Control> = z.object({
  type: z.number(),
  custom_id: z.string(),
  label: z.string().optional(),
  placeholder: z.string().optional(),
  disabled: z.boolean().optional(),
  options: z.array(z.object({ label: z.string(), value: z.string() })).optional(),
  min_values: z.number().optional(),
  max_values: z.number().optional(),
  emoji: z.object({ name: z.string().nullish() }).optional(),
});

/** Every part with a `custom_id`, at any depth. */
export function controlsOf(components: readonly unknown[]): readonly Control[] {
  return components.flatMap((one) => {
    const own = control.safeParse(one);
    const inner = innerOf(one);
    return [...(own.success ? [own.data] : []), ...controlsOf(inner)];
  });
}

const holder = z.object({
  components: z.array(z.unknown()).optional(),
  component: z.unknown().optional(),
  accessory: z.unknown().optional(),
});

function innerOf(given: unknown): readonly unknown[] {
  const { components = [], component, accessory } = holder.safeParse(given).data ?? {};
  return [...components, component, accessory].filter((one) => one !== undefined);
}
