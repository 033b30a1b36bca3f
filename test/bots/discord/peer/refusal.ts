/** An error as Discord's REST API answers it. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: number;
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, code: number, message: string, errors?: unknown) {
    super(message);
    this.status = status;
    this.code = code;
    this.body = errors === undefined ? { message, code } : { message, code, errors };
  }
}

/** 50035, which says where in the body the fault is. */
export function invalidForm(path: string, code: string, message: string): Refusal {
  const field = { _errors: [{ code, message }] };
  const errors = path
    .split('.')
    .reverse()
    .reduce<object>((inner, key) => ({ [key]: inner }), field);
  return new Refusal(400, 50035, 'Invalid Form Body', errors);
}

export const unknownChannel = (): Refusal => new Refusal(404, 10003, 'Unknown Channel');
export const unknownMessage = (): Refusal => new Refusal(404, 10008, 'Unknown Message');
export const unknownWebhook = (): Refusal => new Refusal(404, 10015, 'Unknown Webhook');
export const missingAccess = (): Refusal => new Refusal(403, 50001, 'Missing Access');
export const missingPermissions = (): Refusal => new Refusal(403, 50013, 'Missing Permissions');
