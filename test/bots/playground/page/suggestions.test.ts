import { describe, expect, it } from 'vitest';
import { commandOf, starter, suggest } from '../../../../src/bots/playground/page/suggestions.ts';
import type { Catalogue } from '../../../../src/bots/playground/page/wire.ts';

const artworks = {
  'starry-night': { title: 'The Starry Night', artist: 'Vincent van Gogh', year: 1889 },
  'great-wave': { title: 'The Great Wave off Kanagawa', artist: 'Hokusai', year: 1831 },
};

const catalogue: Catalogue = {
  commands: [
    {
      name: 'stylize',
      description: 'Turn a photo into a painting',
      usage: '/stylize <style>',
      example: '/stylize starry-night',
      takesPicture: true,
      options: [
        {
          name: 'style',
          type: 'string',
          description: 'What to paint in',
          required: true,
          choices: Object.keys(artworks).map((value) => ({ value, label: value })),
        },
        {
          name: 'strength',
          type: 'number',
          description: 'How much',
          required: false,
          min: 0,
          max: 1,
          default: 1,
        },
        { name: 'keep_colors', type: 'boolean', description: 'Keep them', required: false, default: false },
      ],
    },
    {
      name: 'styles',
      description: 'List the styles',
      usage: '/styles',
      example: '/styles',
      takesPicture: false,
      options: [],
    },
  ],
  styles: [
    {
      name: 'starry-night',
      emoji: '🌌',
      provisional: false,
      preview: '/api/previews/starry-night',
      artwork: artworks['starry-night'],
    },
    { name: 'great-wave', emoji: '🌊', provisional: true, preview: null, artwork: artworks['great-wave'] },
  ],
  upscalers: [],
  limits: { pictures: 4, pictureBytes: 1000, text: 2000 },
};

const values = (text: string): string[] => suggest(text, catalogue).items.map(({ value }) => value);

describe('suggestions for what is being written', () => {
  it('offers nothing for ordinary words', () => {
    expect(values('hello / there')).toEqual([]);
    expect(values('')).toEqual([]);
  });

  it('offers every command after a slash, and those that a beginning fits', () => {
    expect(values('/')).toEqual(['stylize', 'styles']);
    expect(values('/styles')).toEqual([]);
    expect(values('/styli')).toEqual(['stylize']);
    expect(suggest('/styli', catalogue)).toMatchObject({ eager: true, items: [{ text: '/stylize ' }] });
  });

  it('offers the styles with emoji, artwork and preview once the command stands', () => {
    const { items, eager } = suggest('/stylize ', catalogue);
    expect(eager).toBe(true);
    expect(items).toMatchObject([
      {
        title: '🌌 starry-night',
        detail: 'The Starry Night, Vincent van Gogh, 1889',
        preview: '/api/previews/starry-night',
        text: '/stylize starry-night ',
      },
      { title: '🌊 great-wave', text: '/stylize great-wave ' },
    ]);
    expect(items[1]).not.toHaveProperty('preview');
  });

  it('finds a style by its artist too, and puts what begins so first', () => {
    expect(values('/stylize gogh')).toEqual(['starry-night']);
    expect(values('/stylize wave')).toEqual(['great-wave']);
    expect(values('/stylize GRE')).toEqual(['great-wave']);
  });

  it('leaves what is written in full, or what is near nothing, to be sent', () => {
    expect(values('/stylize starry-night')).toEqual([]);
    expect(values('/stylize stary')).toEqual([]);
    expect(values('/paint ')).toEqual([]);
  });

  it('shows what may be left out without choosing it, so that Enter sends', () => {
    const { items, eager } = suggest('/stylize starry-night ', catalogue);
    expect(items.map(({ value }) => value)).toEqual(['strength', 'keep_colors']);
    expect(eager).toBe(false);
    expect(suggest('/stylize starry-night str', catalogue)).toMatchObject({
      eager: true,
      items: [{ text: '/stylize starry-night strength:' }],
    });
  });

  it('offers values within the range of a number, and both of a switch', () => {
    expect(values('/stylize starry-night strength:')).toEqual(['0.25', '0.5', '0.75', '1']);
    expect(values('/stylize starry-night keep_colors:')).toEqual(['true', 'false']);
    expect(suggest('/stylize starry-night keep_colors:t', catalogue).items[0]?.text).toBe(
      '/stylize starry-night keep_colors:true ',
    );
  });

  it('does not offer an option twice, whichever way it was written', () => {
    expect(values('/stylize starry-night strength:0.5 ')).toEqual(['keep_colors']);
    expect(values('/stylize style:starry-night ')).toEqual(['strength', 'keep_colors']);
    expect(values('/stylize style:gre')).toEqual(['great-wave']);
  });
});

describe('what the composer takes from the catalogue', () => {
  it('starts a person off with the first command for pictures', () => {
    expect(starter(catalogue)).toBe('/stylize starry-night');
    expect(starter({ ...catalogue, commands: [] })).toBeUndefined();
  });

  it('knows which command a text calls', () => {
    expect(commandOf('/stylize x', catalogue)?.takesPicture).toBe(true);
    expect(commandOf('/styl', catalogue)).toBeUndefined();
    expect(commandOf('stylize', catalogue)).toBeUndefined();
  });
});
