import { resolve } from 'node:path';
import { z } from 'zod';

/** What is known of a setting beside its value. */
export interface About {
  readonly variable: string;
  /** What a value must be, for the sentence about one that is not. */
  readonly expected: string;
  readonly help: string;
  /** How the default is told where it differs from machine to machine. */
  readonly byDefault?: string;
  /**
   * For what opens doors: all of it, which is shown by its length only, or the login in an address, which is left out.
   * It may stand in a file as well, which `fileVariable` names.
   */
  readonly secret?: 'all' | 'login';
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

/** The variable that names the file in which a secret stands; undefined for what is no secret. */
export function fileVariable({ variable, secret }: About): string | undefined {
  return secret === undefined ? undefined : `${variable}_FILE`;
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
/** One a line. */
export const lines: z.ZodType<readonly string[], string> = text.transform((value) =>
  value.split('\n').flatMap((line) => line.trim() || []),
);
