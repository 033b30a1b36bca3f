import { placeholderReply } from '../../../commands/reply.ts';
import type { ProgressEdit } from '../../progress-edits.ts';
import { calling } from '../errors.ts';
import { notified } from '../text.ts';
import { whereOf } from '../where.ts';
import type { Workspaces } from '../workspaces.ts';
import { replyBlocks } from './blocks.ts';
import { edits, type Pauses } from './pauses.ts';
import { PLACEHOLDER, requestMetadata } from './placeholders.ts';

/**
 * Progress in the placeholder, where there is one. What it returns throws as `Pauses.heed` does: an edit that Slack has no
 * time for is not tried again.
 */
export function editProgress(workspaces: Workspaces, pauses: Pauses): (edit: ProgressEdit) => Promise<void> {
  return async ({ request, place, notes, text }) => {
    const where = whereOf(place);
    const ts = notes[PLACEHOLDER];
    if (where === undefined || ts === undefined) return;
    const { client } = await workspaces.voice(where.workspace);
    const reply = { ...placeholderReply(request), text };
    const message = {
      channel: where.channel,
      ts,
      text: notified(text),
      blocks: replyBlocks(reply),
      metadata: requestMetadata(request),
    };
    await pauses.heed(edits(where), () => calling('chat.update', client.chat.update(message)));
  };
}
