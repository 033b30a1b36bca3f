import { fileTypeFromBuffer } from 'file-type';
import type { FileFacts } from './file-book.ts';
import { type Json, listAt, textAt } from './json.ts';
import type { Member, Workspace } from './workspace.ts';
import type { World } from './world.ts';

/** A file that a person gives, with what is special about it. */
export interface Upload {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly altText?: string;
  /** Milliseconds until it has an address and a type; the clock's `fileReadyMs` otherwise. */
  readonly readyAfterMs?: number;
  /** It lies outside Slack, as a linked file of a drive does; at an address that whoever gave it chose, where one stands here. */
  readonly external?: true | string;
  /** Slack's address sends on to another host. */
  readonly redirected?: true;
  /** Events tell of its id alone. */
  readonly onlyById?: true;
}

/** Remember what Slack knows of a completed upload, whose bytes the files host took. */
export async function keepFile(
  world: World,
  file: Json,
  about: Pick<FileFacts, 'team' | 'token' | 'appMayRead'>,
  upload?: Upload,
): Promise<void> {
  const id = textAt(file, 'id');
  const bytes = upload?.bytes ?? world.uploaded.get(id) ?? new Uint8Array();
  const type = await fileTypeFromBuffer(bytes);
  world.files.facts.set(id, {
    ...about,
    name: textAt(file, 'name'),
    bytes,
    mimetype: type?.mime ?? textAt(file, 'mimetype'),
    readyAt: Date.now() + (upload?.readyAfterMs ?? world.clocks.fileReadyMs),
    deleted: false,
    externalUrl: upload?.external === true ? `${world.urls.outside}/external/${id}` : upload?.external,
    redirect: upload?.redirected === true ? `${world.urls.outside}/moved/${id}` : undefined,
    onlyById: upload?.onlyById === true,
  });
}

/**
 * Put a person's files into Slack, and into a channel where one is given.
 * @returns the files as Slack tells of them, in their order
 */
export async function uploadAs(
  world: World,
  workspace: Workspace,
  member: Member,
  uploads: readonly Upload[],
  place: { readonly channel_id?: string; readonly thread_ts?: string; readonly initial_comment?: string },
  appMayRead: boolean,
): Promise<readonly Json[]> {
  const ids: string[] = [];
  for (const { name, bytes, altText } of uploads) {
    const given = await workspace.demand(member.token, 'files.getUploadURLExternal', {
      filename: name,
      length: bytes.byteLength,
      ...(altText === undefined ? {} : { alt_text: altText }),
    });
    const id = textAt(given, 'file_id');
    const stored = await workspace.fetch(`/upload/v1/${id}`, {
      method: 'POST',
      body: new Blob([new Uint8Array(bytes)]),
    });
    if (!stored.ok) throw new Error(`the upload of ${name} ended with ${stored.status}`);
    ids.push(id);
  }
  const done = await workspace.demand(member.token, 'files.completeUploadExternal', {
    files: ids.map((id, index) => ({ id, title: uploads[index]?.name })),
    ...place,
  });
  const files = listAt(done, 'files');
  for (const [index, file] of files.entries()) {
    const about = { team: workspace.id, token: member.token, appMayRead };
    await keepFile(world, file, about, uploads[index]);
  }
  return files;
}
