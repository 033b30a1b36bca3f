import { type Api, newKey, sentence } from './api.ts';
import { type Attachments, createAttachments } from './attachments.ts';
import { createAutocomplete } from './autocomplete.ts';
import { commandOf, starter, suggest } from './suggestions.ts';
import type { Catalogue, Sample } from './wire.ts';

export interface ComposerParts {
  readonly form: HTMLFormElement;
  readonly field: HTMLInputElement;
  readonly send: HTMLButtonElement;
  /** Says why nothing can be sent, or what went wrong. */
  readonly reason: HTMLElement;
  readonly suggestions: HTMLElement;
  readonly attachments: HTMLElement;
}

export interface Composer {
  attach(files: readonly File[]): void;
  takeSample(sample: Sample): void;
  /** What surrounds it has changed, so that what can be sent may have, too. */
  refresh(): void;
}

/**
 * The composer. A message that could not be sent stays in it, and goes out under the same key when it is sent
 * again, so that it is posted once even where only the answer was lost.
 */
export function createComposer(options: {
  readonly parts: ComposerParts;
  readonly api: Api;
  readonly catalogue: Catalogue;
  /** Whether the thread holds a picture that a command without one would take. */
  hasPicture(): boolean;
}): Composer {
  const { parts, api, catalogue } = options;
  const { form, field, send, reason } = parts;
  let key = newKey();
  let sending = false;

  const refresh = (): void => {
    field.readOnly = sending;
    const why = sending ? 'Sending…' : obstacle(field.value, attachments, catalogue, options.hasPicture());
    send.setAttribute('aria-disabled', String(why !== undefined));
    // Not while a failure is being read: it goes with the next thing that its reader does.
    if (!reason.classList.contains('bad')) tell(why ?? '', false);
  };
  const tell = (text: string, bad: boolean): void => {
    reason.classList.toggle('bad', bad);
    if (reason.textContent !== text) reason.textContent = text;
  };
  const changed = (): void => {
    key = newKey();
    reason.classList.remove('bad');
    refresh();
  };
  const attachments = createAttachments({
    list: parts.attachments,
    api,
    limits: catalogue.limits,
    changed,
    arrived: refresh,
    refused: (why) => tell(why, true),
  });
  const autocomplete = createAutocomplete({
    field,
    list: parts.suggestions,
    suggest: (text) => suggest(text, catalogue),
    taken: changed,
  });

  const submit = async (): Promise<void> => {
    if (send.getAttribute('aria-disabled') === 'true') return;
    autocomplete.close();
    const text = field.value.trim();
    sending = true;
    reason.classList.remove('bad');
    refresh();
    try {
      await api.send({ key, text, pictures: attachments.ids() });
      sending = false;
      field.value = '';
      attachments.clear();
      changed();
    } catch (thrown) {
      sending = false;
      refresh();
      tell(sentence(thrown), true);
    }
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submit();
  });
  field.addEventListener('input', () => {
    autocomplete.refresh();
    changed();
  });
  field.addEventListener('click', () => autocomplete.refresh());
  field.addEventListener('blur', () => autocomplete.close());
  field.addEventListener('keydown', (event) => {
    if (autocomplete.key(event)) event.preventDefault();
  });
  refresh();

  return {
    attach: (files) => {
      attachments.addFiles(files);
      field.focus();
    },
    takeSample: (sample) => {
      attachments.addSample(sample);
      if (field.value.trim() === '') field.value = starter(catalogue) ?? '';
      field.focus();
      field.setSelectionRange(field.value.length, field.value.length);
      changed();
    },
    refresh,
  };
}

/** Why there is nothing to send, or undefined where there is. */
function obstacle(
  text: string,
  attachments: Attachments,
  { commands, limits, ...rest }: Catalogue,
  hasPicture: boolean,
): string | undefined {
  const written = text.trim();
  if (written === '' && attachments.count === 0) return 'Write a command or attach a photo.';
  if (attachments.busy) return 'The picture is still on its way up…';
  if (written.length > limits.text) return `A message holds ${limits.text} characters at the most.`;
  const takes = commandOf(written, { commands, limits, ...rest })?.takesPicture ?? false;
  if (takes && attachments.count === 0 && !hasPicture)
    return 'Attach a photo for this command, or pick a sample.';
  return undefined;
}
