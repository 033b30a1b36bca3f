import { filesOf } from '../answer/deliver.ts';
import { calling, isCoded } from '../errors.ts';
import type { Where } from '../where.ts';
import type { Tools } from './tools.ts';

/**
 * Take an answer of the bot's away, and the files that it showed. One that is gone already stays gone.
 * @throws ImpastoError as `calling` does
 */
export async function deleteAnswer(
  { queue, workspaces }: Pick<Tools, 'queue' | 'workspaces'>,
  { workspace, channel }: Where,
  ts: string,
  request: string,
): Promise<void> {
  const { client } = await workspaces.voice(workspace);
  const files = filesOf(await queue.notes(request)).values();
  try {
    await calling('chat.delete', client.chat.delete({ channel, ts }));
  } catch (error) {
    if (!isCoded(error, 'slack-message-gone')) throw error;
  }
  // The message only showed them: in the workspace they would stay, out of everybody's reach.
  for (const file of files) {
    try {
      await calling('files.delete', client.files.delete({ file }));
    } catch (error) {
      if (!isCoded(error, 'picture-link-expired')) throw error;
    }
  }
  // The same emoji paints the picture again from now on.
  if ((await queue.get(request)) !== undefined) await queue.note(request, 'deleted', 'yes');
}
