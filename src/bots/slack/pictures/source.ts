import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { PictureReference } from '../../../commands/request.ts';
import { toJson, type Workspace, workspace } from '../where.ts';

/** Where intake looks for a request's pictures. */
export type SlackSource = { readonly workspace: Workspace } & (
  | {
      /** Attached to the message that asked, or given to the modal. */
      readonly kind: 'files';
      readonly files: readonly string[];
    }
  | {
      /** Whatever pictures a message has. */
      readonly kind: 'message';
      readonly channel: string;
      readonly ts: string;
    }
  | { readonly kind: 'avatar'; readonly user: string }
  | {
      /** That person's latest picture in the channel or thread, else anyone's. */
      readonly kind: 'latest';
      readonly channel: string;
      readonly thread?: string | undefined;
      readonly user: string;
      /** Later messages do not count: they were not there when the person asked. */
      readonly before: string;
    }
);

const source: z.ZodType<SlackSource> = z.object({ workspace }).and(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('files'), files: z.array(z.string()).min(1) }),
    z.object({ kind: z.literal('message'), channel: z.string(), ts: z.string() }),
    z.object({ kind: z.literal('avatar'), user: z.string() }),
    z.object({
      kind: z.literal('latest'),
      channel: z.string(),
      thread: z.string().optional(),
      user: z.string(),
      before: z.string(),
    }),
  ]),
);

/** @throws where another platform's request got here: a defect */
export function sourceOf(json: unknown): SlackSource {
  return source.parse(json);
}

/** The source as a command takes it; the same pictures make the same target. */
export function referenceTo(given: SlackSource): PictureReference {
  return { source: toJson(given), target: `${given.workspace.team} ${targetOf(given)}` };
}

/** A reference that went through a modal's metadata. @throws where it is none: a defect */
export function referenceFrom(json: unknown): PictureReference {
  return referenceTo(sourceOf(json));
}

function targetOf(given: SlackSource): string {
  switch (given.kind) {
    case 'files':
      return `files ${given.files.join(' ')}`;
    case 'message':
      return `message ${given.channel} ${given.ts}`;
    case 'avatar':
      return `avatar ${given.user}`;
    case 'latest':
      // Whoever asks again after posting another picture means that one.
      return `latest ${given.channel} ${given.thread ?? ''} ${given.before}`;
  }
}

/** A short name for something long: parts of event keys. */
export function digested(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
