import { resolve } from 'node:path';
import { z } from 'zod';

/** What is known of a setting beside its value. */
export interface About {
  readonly variable: string;
  /** What a value must be, for the sentence about one that is not. */
  readonly expected: string;
  readonly help: string;
  /** True for what opens doors: shown by its length only. */
  readonly secret?: boolean;
}

/** A setting as it is read from the environment: text, or nothing. */
export interface Field<Value> {
  readonly value: z.ZodType<Value, string | undefined>;
  readonly about: About;
}

/** All settings of an interface. */
export type Fields<Settings> = { readonly [Key in keyof Settings]: Field<Settings[Key]> };

/** Defaults are written as in the environment. */
export function field<Value>(value: z.ZodType<Value, string | undefined>, about: About): Field<Value> {
  return { value, about };
}

export const text: z.ZodString = z.string();
export const folder: z.ZodType<string, string> = text.transform((path) => resolve(path));
export const whole = (min: number, max: number): z.ZodType<number, string> =>
  z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(min).max(max));
export const switched: z.ZodType<boolean, string> = z
  .enum(['on', 'off'])
  .transform((value) => value === 'on');
/** Lower case, joined by commas. */
export const list: z.ZodType<readonly string[], string> = text.transform((value) =>
  value.split(',').map((part) => part.trim().toLowerCase()),
);
