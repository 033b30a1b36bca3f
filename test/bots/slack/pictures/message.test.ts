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

  it('are those of a message that it shares, and of a link that it shows', () => {
    const attachments = [
      { is_share: true, files: [{ id: 'F1', mimetype: 'image/jpeg' }] },
      {
        is_share: true,
        message_blocks: [{ message: { blocks: [{ type: 'image', slack_file: { id: 'F2' } }] } }],
      },
      { image_url: 'https://slack-imgs.com/c.png', fallback: 'a card' },
    ];
    expect(pictures({ attachments })).toEqual([
      { kind: 'file', file: 'F1' },
      { kind: 'file', file: 'F2' },
      { kind: 'address', address: 'https://slack-imgs.com/c.png', alt: 'a card' },
    ]);
  });

  it('are each counted once', () => {
    const file = { id: 'F1', mimetype: 'image/png' };
    expect(pictures({ files: [file], attachments: [{ files: [file] }] })).toHaveLength(1);
  });
});
