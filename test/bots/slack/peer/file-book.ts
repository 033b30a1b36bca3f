import { type Json, mapJson, textAt } from './json.ts';

/** What the peer knows of a file beyond what the emulator does. */
export interface FileFacts {
  readonly team: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  /** By its bytes, as Slack tells it. */
  readonly mimetype: string;
  /** Whose token reads it. */
  readonly token: string;
  /** Whether the app may see it: its own, in a channel with it, or given to it in a modal. */
  readonly appMayRead: boolean;
  /** Until then it has neither an address nor a type. */
  readyAt: number;
  deleted: boolean;
  /** Its address lies outside Slack. */
  readonly externalUrl?: string | undefined;
  /** Slack's own address sends on to this one. */
  readonly redirect?: string | undefined;
  /** Events carry its id alone, and `files.info` the rest, as for files of other organisations. */
  readonly onlyById?: boolean | undefined;
}

export interface FileBook {
  readonly facts: Map<string, FileFacts>;
  isReady(id: string): boolean;
  /** The file that an address of the files host names; empty where it names none. */
  byUrl(url: string): string;
  /** `value` with every file object in it as Slack would show it at this moment. */
  dress(value: unknown): unknown;
  /** The same for an event, where some files are known by their id alone. */
  dressEvent(value: unknown): unknown;
}

export function createFileBook(): FileBook {
  const facts = new Map<string, FileFacts>();
  const isReady = (id: string) => (facts.get(id)?.readyAt ?? 0) <= Date.now();
  const dressed = (json: Json): Json => {
    const id = textAt(json, 'id');
    const known = facts.get(id);
    if (known === undefined || !('mimetype' in json)) return json;
    const { url_private, url_private_download, ...rest } = json;
    if (!isReady(id)) return { ...rest, mimetype: '', filetype: '', pretty_type: '' };
    const filetype = known.mimetype.replace('image/', '').replace('jpeg', 'jpg');
    const typed = { ...rest, mimetype: known.mimetype, filetype, pretty_type: filetype.toUpperCase() };
    if (known.externalUrl === undefined) return { ...typed, url_private, url_private_download };
    return {
      ...typed,
      is_external: true,
      external_type: 'gdrive',
      mode: 'external',
      url_private: known.externalUrl,
    };
  };
  return {
    facts,
    isReady,
    byUrl: (url) => /\b(F[A-Z0-9]{8,})\b/.exec(url)?.[1] ?? '',
    dress: (value) => mapJson(value, dressed),
    dressEvent: (value) =>
      mapJson(value, (json) => {
        const id = textAt(json, 'id');
        if (!('mimetype' in json) || facts.get(id)?.onlyById !== true) return dressed(json);
        return { id, mode: 'file_access', file_access: 'check_file_info' };
      }),
  };
}
