import { createHash, randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { en } from '../../commands/messages/en.ts';
import { refuse } from '../../commands/messages/failures.ts';

/** One browser: it has one thread, and is one person. */
export interface Session {
  /** Names thread and person. Follows from the cookie, which does not follow from it. */
  readonly thread: string;
  /** BCP 47, the first that the browser asks for. */
  readonly locale: string;
}

const COOKIE = 'impasto_session';
const LOCALE = /^[a-z]{2,3}(-[a-z0-9]{2,8})*/i;

/**
 * The session of a request.
 * @throws UserError `session-missing`
 */
export function sessionOf(request: FastifyRequest): Session {
  const secret = secretOf(request);
  if (secret === undefined) throw refuse(en, 'session-missing');
  return toSession(secret, request);
}

/**
 * The session of a request, begun where there is none; either way its cookie lives for another `seconds`. The
 * cookie is Lax: were it Strict, a visit by a link on another site would come without it and begin a new session
 * over the old one. Other sites' posts come without it either way.
 */
export function openSession(request: FastifyRequest, reply: FastifyReply, seconds: number): Session {
  const secret = secretOf(request) ?? randomBytes(16).toString('base64url');
  reply.header('set-cookie', `${COOKIE}=${secret}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax`);
  return toSession(secret, request);
}

function toSession(secret: string, request: FastifyRequest): Session {
  const thread = createHash('sha256').update(`thread ${secret}`).digest('hex').slice(0, 32);
  return { thread, locale: sessionLocale(request) };
}

/** The first language that the browser asks for. */
export function sessionLocale(request: FastifyRequest): string {
  return LOCALE.exec(request.headers['accept-language'] ?? '')?.[0] ?? 'en';
}

function secretOf(request: FastifyRequest): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name, value = ''] = pair.trim().split('=');
    if (name === COOKIE && /^[\w-]{22}$/.test(value)) return value;
  }
  return undefined;
}
