import { type Api, sentence } from './api.ts';
import { button, element } from './dom.ts';
import type { Limits, Picture, Sample } from './wire.ts';

/** What is attached to the message being written. Pictures are sent up as soon as they are attached. */
export interface Attachments {
  addFiles(files: Iterable<File>): void;
  /** A sample that is attached already is not attached twice. */
  addSample(sample: Sample): void;
  readonly count: number;
  /** Whether any is still on its way up. */
  readonly busy: boolean;
  /** Ids of those that have arrived, in the order they were attached. */
  ids(): readonly string[];
  clear(): void;
}

interface Attachment {
  readonly root: HTMLElement;
  readonly name: string;
  picture?: Picture;
  discard(): void;
}

/**
 * `changed` follows whatever is attached or removed, `arrived` each picture that is up; `refused` is told a
 * sentence when one cannot be attached.
 */
export function createAttachments(options: {
  readonly list: HTMLElement;
  readonly api: Api;
  readonly limits: Limits;
  changed(): void;
  arrived(): void;
  refused(why: string): void;
}): Attachments {
  const { list, api, limits, changed, arrived, refused } = options;
  const attached = new Set<Attachment>();

  const remove = (attachment: Attachment): void => {
    attachment.discard();
    attachment.root.remove();
    attached.delete(attachment);
    changed();
  };

  const add = async (
    name: string,
    thumbnail: string,
    upload: (signal: AbortSignal) => Promise<Picture>,
    discard: () => void = () => {},
  ): Promise<void> => {
    if (attached.size >= limits.pictures) {
      discard();
      refused(`A message holds ${limits.pictures} pictures at the most. Remove one to attach another.`);
      return;
    }
    const calling = new AbortController();
    const image = element('img', { src: thumbnail, alt: name, width: 72, height: 72 });
    const away = button({ 'aria-label': `Remove ${name}`, title: 'Remove' }, () => remove(attachment), '×');
    const attachment: Attachment = {
      root: element('li', { 'aria-busy': 'true' }, image, away),
      name,
      discard: () => {
        calling.abort();
        discard();
      },
    };
    attached.add(attachment);
    list.append(attachment.root);
    changed();
    try {
      attachment.picture = await upload(calling.signal);
      attachment.root.removeAttribute('aria-busy');
      arrived();
    } catch (thrown) {
      // Taken away by the person while it went up: nothing to tell them.
      if (calling.signal.aborted) return;
      remove(attachment);
      refused(`${name}: ${sentence(thrown)}`);
    }
  };

  return {
    addFiles: (files) => {
      for (const file of files) {
        const name = file.name === '' ? 'Pasted picture' : file.name;
        if (file.size > limits.pictureBytes) {
          refused(`${name} is larger than ${megabytes(limits.pictureBytes)}. Attach a smaller copy of it.`);
          continue;
        }
        const address = URL.createObjectURL(file);
        add(
          name,
          address,
          (signal) => api.upload(file, signal),
          () => URL.revokeObjectURL(address),
        );
      }
    },
    addSample: (sample) => {
      if ([...attached].some(({ name }) => name === sample.title)) return;
      add(sample.title, sample.url, (signal) => api.takeSample(sample.name, signal));
    },
    get count() {
      return attached.size;
    },
    get busy() {
      return [...attached].some(({ picture }) => picture === undefined);
    },
    ids: () => [...attached].flatMap(({ picture }) => (picture === undefined ? [] : [picture.id])),
    clear: () => {
      for (const attachment of attached) remove(attachment);
    },
  };
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MB`;
}
