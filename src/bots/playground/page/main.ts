import { createApi, sentence } from './api.ts';
import { createComposer } from './composer.ts';
import { byId } from './dom.ts';
import { takeDrops } from './drop.ts';
import { follow } from './events.ts';
import { wishesOf } from './reactions.ts';
import { showSamples } from './samples.ts';
import { starter } from './suggestions.ts';
import { createThread } from './thread.ts';

const notice = byId('connection', HTMLElement);
const tell = (text: string): void => {
  notice.textContent = text;
};

/** Put the page together. Everything is made here, once, and handed down. */
async function start(): Promise<void> {
  const api = createApi();
  const [catalogue, samples] = await Promise.all([api.catalogue(), api.samples()]);
  const field = byId('text', HTMLInputElement);
  byId('starter', HTMLElement).textContent = starter(catalogue) ?? '/help';
  const attempt = async (call: () => Promise<unknown>): Promise<void> => {
    try {
      await call();
      tell('');
    } catch (thrown) {
      tell(sentence(thrown));
    }
  };

  const thread = createThread({
    parts: {
      log: byId('thread', HTMLElement),
      scroller: byId('scroller', HTMLElement),
      empty: byId('empty', HTMLElement),
      latest: byId('latest', HTMLButtonElement),
      home: field,
    },
    wishes: wishesOf(catalogue),
    actions: {
      react: (message, picture, emoji) => attempt(() => api.react(message, picture, emoji)),
      cancel: (request) => attempt(() => api.cancel(request)),
    },
    changed: () => composer.refresh(),
  });
  const composer = createComposer({
    parts: {
      form: byId('composer', HTMLFormElement),
      field,
      send: byId('send', HTMLButtonElement),
      reason: byId('reason', HTMLElement),
      suggestions: byId('suggestions', HTMLElement),
      attachments: byId('attachments', HTMLElement),
    },
    api,
    catalogue,
    hasPicture: () => thread.latestPicture() !== undefined,
  });

  for (const list of ['samples', 'empty-samples']) {
    showSamples(byId(list, HTMLElement), samples, (sample) => composer.takeSample(sample));
  }
  const file = byId('file', HTMLInputElement);
  byId('attach', HTMLButtonElement).addEventListener('click', () => file.click());
  file.addEventListener('change', () => {
    composer.attach([...(file.files ?? [])]);
    // So that the same file can be chosen again after it was removed.
    file.value = '';
  });
  takeDrops(byId('drop', HTMLElement), (files) => composer.attach(files));

  follow('/api/events', {
    hello: (replay) => {
      tell('');
      if (replay === 'all') thread.replaying();
    },
    message: (message) => thread.put(message),
    ready: () => thread.replayed(),
    progress: (progress) => thread.progress(progress),
    away: () => tell('Connection lost. Trying again…'),
  });
}

start().catch((thrown: unknown) => tell(sentence(thrown)));
