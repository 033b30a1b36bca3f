import { type Call, type Method, reach, refuse } from '../call.ts';
import { channelType, messageEvent } from '../events.ts';
import { type Json, jsonAt, listAt, textAt } from '../json.ts';
import { keepFile } from '../uploads.ts';

export const fileMethods: Readonly<Record<string, Method>> = {
  'files.getUploadURLExternal': async (call) => {
    const answer = await call.pass();
    if (answer.ok === true) call.world.announced.set(textAt(answer, 'file_id'), Number(call.args.length));
    return answer;
  },
  'files.completeUploadExternal': async (call) => {
    const { args, world, workspace } = call;
    const channelId = textAt(args, 'channel_id');
    const found = channelId === '' ? undefined : reach(call, channelId);
    if (found !== undefined && 'error' in found) return refuse(found.error);
    const answer = await call.pass();
    if (answer.ok !== true) return answer;
    for (const file of listAt(answer, 'files')) {
      const id = textAt(file, 'id');
      const sent = world.uploaded.get(id)?.byteLength ?? 0;
      const said = world.announced.get(id);
      if (sent === 0 || sent !== said)
        world.problems.push(`an upload of ${sent} bytes, where ${said} were announced`);
      await keepFile(world, file, { team: workspace.id, token: call.token, appMayRead: true });
    }
    if (found !== undefined) await share(call, found.channel.id, listAt(answer, 'files'));
    return answer;
  },
  'files.info': async (call) => {
    const facts = call.world.files.facts.get(textAt(call.args, 'file'));
    if (facts === undefined || facts.deleted || facts.team !== call.workspace.id || !facts.appMayRead) {
      return refuse('file_not_found');
    }
    const answer = await call.pass();
    if (answer.error !== 'file_not_found') return answer;
    // What a person put into a modal is the app's to read; the emulator knows of channels only.
    return call.workspace.call(facts.token, 'files.info', { file: call.args.file });
  },
  'files.delete': async (call) => {
    const answer = await call.pass();
    const facts = call.world.files.facts.get(textAt(call.args, 'file'));
    if (answer.ok === true && facts !== undefined) facts.deleted = true;
    return answer;
  },
};

/** The message by which an upload appears in a channel. */
async function share(call: Call, channelId: string, files: readonly Json[]): Promise<void> {
  const { args, world, workspace } = call;
  const channel = workspace.channels.get(channelId);
  if (channel === undefined) return;
  const ts = sharedTs(files[0] ?? {}, channelId);
  world.ledger.post({
    team: workspace.id,
    channel: channelId,
    ts,
    threadTs: textAt(args, 'thread_ts') || undefined,
    user: workspace.botUser,
    byBot: true,
    text: textAt(args, 'initial_comment'),
    blocks: [],
    files,
    metadata: undefined,
    ephemeralTo: undefined,
  });
  const event = {
    type: 'message',
    subtype: 'file_share',
    user: workspace.botUser,
    bot_id: workspace.botId,
    text: textAt(args, 'initial_comment'),
    files,
    ts,
    channel: channelId,
    channel_type: channelType(channel),
    event_ts: ts,
  };
  world.events.tell(workspace, messageEvent(channel), event);
}

/** The message by which a file came into a channel. */
export function sharedTs(file: Json, channelId: string): string {
  const shares = jsonAt(file, 'shares');
  const places = { ...jsonAt(shares, 'public'), ...jsonAt(shares, 'private') };
  return textAt(listAt(places, channelId)[0] ?? {}, 'ts');
}
