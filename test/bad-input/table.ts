import { commandTopics } from './commands.ts';
import type { Topic } from './input.ts';
import { links } from './links.ts';
import { odd } from './odd.ts';
import { paintings } from './paintings.ts';
import { pictureTopics } from './pictures.ts';
import { playground } from './playground.ts';
import { settingTopics } from './settings.ts';

/** Everything that is refused by name, in the order of the page. */
export const topics: readonly Topic[] = [
  ...pictureTopics,
  paintings,
  links,
  ...commandTopics,
  ...settingTopics,
  playground,
];

/** The page that shows the table: `docs/bad-input.md`. */
export function page(): string {
  const count = topics.reduce((sum, { inputs }) => sum + inputs.length, 0);
  const parts = topics.map(({ title, about, inputs }) =>
    [
      `## ${title}`,
      about,
      rows(
        ['what is sent', 'what the person reads'],
        inputs.map(({ input, reads }) => [input, reads]),
      ),
    ].join('\n\n'),
  );
  return `${[
    '# Bad input, and what people read',
    `Each of these ${count} inputs is tried by \`npm test\`, which fails where anything else is said. People whose language is Chinese read the same in Chinese; the program’s settings are answered in English.`,
    'Written by `npm run docs` from `test/bad-input/`.',
    ...parts,
    '## Strange, and taken all the same',
    'What these files hold besides their pixels is passed over, unread or within limits of its own.',
    rows(
      ['what is sent', 'what is read'],
      odd.map(({ input, size }) => [input, `a picture of ${size.join(' × ')} pixels`]),
    ),
  ].join('\n\n')}\n`;
}

function rows(head: readonly string[], body: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...body].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
}

/** Text as Markdown shows it in a table: none of its signs means anything. */
function cell(value: string): string {
  return value === '---' ? value : value.replace(/[\\|*_`<>[\]]/g, (sign) => `\\${sign}`);
}
