import { describe, expect, it } from 'vitest';
import { picturesOf, slackMessage } from '../../../../src/bots/slack/pictures/message.ts';

const pictures = (message: object) => picturesOf(slackMessage.parse({ ts: '1.0', ...message }));

describe('the pictures of a message', () => {
  it('are its files, but for those that are no pictures, deleted or locked away', () => {
    const files = [
      { id: 'F1', mimetype: 'image/png' },
      { id: 'F2', mimetype: 'application/pdf' },
      { id: 'F3', mode: 'tombstone' },
      { id: 'F4', mode: 'hidden_by_limit', mimetype: 'image/png' },
    ];
    expect(pictures({ files })).toEqual([{ kind: 'file', file: 'F1' }]);
  });

  it('are files of which Slack does not know yet what they are', () => {
    expect(pictures({ files: [{ id: 'F1', mimetype: '' }, { id: 'F2' }] })).toHaveLength(2);
  });

  it('are its image blocks, by the file or by the address', () => {
    const blocks = [
      { type: 'image', slack_file: { id: 'F1' }, alt_text: 'one' },
      { type: 'image', image_url: 'https://a.slack-edge.com/b.png', alt_text: 'two' },
      { type: 'section', text: { type: 'mrkdwn', text: 'words' } },
    ];
    expect(pictures({ blocks })).toEqual([
      { kind: 'file', file: 'F1' },
      { kind: 'address', address: 'https://a.slack-edge.com/b.png', alt: 'two' },
    ]);
  });

  it.each([
    ['its private address', 'https://files.slack.com/files-pri/T1AB-F1CD/boats.png'],
    ['its download', 'https://files.slack.com/files-pri/T1AB-F1CD/download/boats.png'],
    ['its page', 'https://acme.slack.com/files/U1EF/F1CD/boats.png'],
  ])('are files that a block names by %s', (_, url) => {
    const blocks = [{ type: 'image', slack_file: { url }, alt_text: 'one' }];
    expect(pictures({ blocks })).toEqual([{ kind: 'file', file: 'F1CD' }]);
  });

  it('are those of a message that it shares', () => {
    const attachments = [
      { is_share: true, files: [{ id: 'F1', mimetype: 'image/jpeg' }] },
      {
        is_share: true,
        message_blocks: [{ message: { blocks: [{ type: 'image', slack_file: { id: 'F2' } }] } }],
      },
    ];
    expect(pictures({ attachments })).toEqual([
      { kind: 'file', file: 'F1' },
      { kind: 'file', file: 'F2' },
    ]);
  });

  describe('are what its links show', () => {
    const card = {
      image_url: 'https://slack-imgs.com/c.png',
      from_url: 'https://example.com/',
      fallback: 'a card',
    };
    const thumbnail = { thumb_url: 'https://slack-imgs.com/d.png', from_url: 'https://example.org/' };
    const byApp = {
      is_app_unfurl: true,
      from_url: 'https://example.net/',
      blocks: [{ type: 'image', image_url: 'https://slack-imgs.com/e.png', alt_text: 'an app’s' }],
    };
    const attachments = [card, thumbnail, byApp];

    it('where it has no others', () => {
      const pdf = { id: 'F2', mimetype: 'application/pdf' };
      expect(pictures({ files: [pdf], attachments })).toEqual([
        { kind: 'address', address: 'https://slack-imgs.com/c.png', alt: 'a card' },
        { kind: 'address', address: 'https://slack-imgs.com/d.png' },
        { kind: 'address', address: 'https://slack-imgs.com/e.png', alt: 'an app’s' },
      ]);
    });

    it.each([
      ['its own file', { files: [{ id: 'F1', mimetype: 'image/png' }], attachments }],
      ['its own block', { blocks: [{ type: 'image', slack_file: { id: 'F1' } }], attachments }],
      [
        'a message that it shares',
        {
          attachments: [
            ...attachments,
            {
              is_msg_unfurl: true,
              from_url: 'https://a.slack.com/b',
              files: [{ id: 'F1', mimetype: 'image/png' }],
            },
          ],
        },
      ],
    ])('and not beside %s', (_, message) => {
      expect(pictures(message)).toEqual([{ kind: 'file', file: 'F1' }]);
    });
  });

  it('are each counted once', () => {
    const file = { id: 'F1', mimetype: 'image/png' };
    expect(pictures({ files: [file], attachments: [{ files: [file] }] })).toHaveLength(1);
  });
});
