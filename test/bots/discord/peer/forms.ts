import { ComponentType } from 'discord-api-types/v10';
import { z } from 'zod';
import type { Form } from './asked.ts';
import { type NewFile, storeFile } from './files.ts';
import type { Views } from './view.ts';
import type { World } from './world.ts';

/** What a person fills a form with, by `custom_id`: text, chosen values, or files. */
export type FormValues = Readonly<Record<string, string | readonly string[] | readonly NewFile[]>>;

const field = z.object({
  type: z.number(),
  custom_id: z.string(),
  value: z.string().optional(),
  required: z.boolean().optional(),
  min_length: z.number().optional(),
  max_length: z.number().optional(),
  min_values: z.number().optional(),
  max_values: z.number().optional(),
  options: z.array(z.object({ value: z.string(), default: z.boolean().optional() })).optional(),
});
const part = z.union([
  z.object({ type: z.literal(ComponentType.ActionRow), components: z.array(field) }),
  z.object({ type: z.literal(ComponentType.Label), component: field }),
  z.object({ type: z.literal(ComponentType.TextDisplay) }),
]);
type Field = z.infer<typeof field>;

/** The `data` of a form that was filled in. @throws Error for what Discord's own client would not send */
export async function fillForm(world: World, views: Views, form: Form, values: FormValues): Promise<object> {
  const attachments: Record<string, unknown> = {};
  let id = 0;
  const used = new Set<string>();

  async function fill(one: Field): Promise<object> {
    id += 1;
    used.add(one.custom_id);
    const given = values[one.custom_id];
    const base = { type: one.type, id, custom_id: one.custom_id };
    const required = one.required ?? true;
    if (one.type === ComponentType.TextInput) {
      const value = given ?? one.value ?? '';
      if (typeof value !== 'string') throw new Error(`${one.custom_id} takes text`);
      if (required && value === '') throw new Error(`${one.custom_id} is required`);
      const least = value === '' ? 0 : (one.min_length ?? 0);
      if (value.length < least || value.length > (one.max_length ?? 4000)) {
        throw new Error(`${one.custom_id}: wrong length: ${value}`);
      }
      return { ...base, value };
    }
    const chosen: string[] = [];
    const defaults = (one.options ?? [])
      .filter((option) => option.default === true)
      .map(({ value }) => value);
    for (const each of typeof given === 'string' ? [given] : (given ?? defaults)) {
      if (typeof each === 'string') {
        if (one.options !== undefined && !one.options.some(({ value }) => value === each)) {
          throw new Error(`${one.custom_id} has no choice ${each}`);
        }
        chosen.push(each);
      } else {
        const file = await storeFile(world, each, { folder: world.botId, ephemeral: true });
        attachments[file.id] = views.attachment(file);
        chosen.push(file.id);
      }
    }
    const least = required ? (one.min_values ?? 1) : 0;
    if (chosen.length < least || chosen.length > (one.max_values ?? 1)) {
      throw new Error(
        `${one.custom_id} takes ${least} to ${one.max_values ?? 1} values, not ${chosen.length}`,
      );
    }
    return { ...base, values: chosen };
  }

  const components: object[] = [];
  for (const raw of form.components) {
    const one = part.parse(raw);
    id += 1;
    const own = id;
    if (one.type === ComponentType.Label) {
      components.push({ type: one.type, id: own, component: await fill(one.component) });
    } else if (one.type === ComponentType.ActionRow) {
      const inner: object[] = [];
      for (const each of one.components) inner.push(await fill(each));
      components.push({ type: one.type, id: own, components: inner });
    } else components.push({ type: one.type, id: own });
  }
  const unknown = Object.keys(values).filter((key) => !used.has(key));
  if (unknown.length > 0) throw new Error(`the form has no ${unknown.join(', ')}`);
  const files = Object.keys(attachments).length > 0 ? { resolved: { attachments } } : {};
  return { custom_id: form.custom_id, components, ...files };
}
