import { describe, expect, it } from 'vitest';
import { SCOPES } from '../../../src/bots/slack/scopes.ts';
import { eventually } from '../../queue/support.ts';
import { LIMIT_MS } from '../bots.ts';
import { useSlackProgram } from './house.ts';

/** Fail where it did not end by itself, saying this. */
function expectFailure(
  { code, said }: { readonly code: number | null; readonly said: string },
  sentence: RegExp,
): void {
  expect(said).toMatch(sentence);
  expect(said).not.toMatch(/^ {4}at /m);
  expect(code).toBeGreaterThan(0);
}

describe('impasto bot slack, from its environment alone', () => {
  const program = useSlackProgram('socket', { started: false });

  it.each([
    [
      'without SLACK_BOT_TOKEN',
      { SLACK_BOT_TOKEN: undefined },
      /SLACK_BOT_TOKEN is not set.*OAuth & Permissions/,
    ],
    ['with one of the wrong form', { SLACK_BOT_TOKEN: 'xoxp-1' }, /SLACK_BOT_TOKEN.*begins with xoxb-/],
    ['with a wrong one', { SLACK_BOT_TOKEN: 'xoxb-1-wrong' }, /SLACK_BOT_TOKEN is no bot token that works/],
    [
      'without SLACK_APP_TOKEN',
      { SLACK_APP_TOKEN: undefined },
      /SLACK_APP_TOKEN is not set.*connections:write/,
    ],
    ['with a wrong one', { SLACK_APP_TOKEN: 'xapp-1-wrong' }, /SLACK_APP_TOKEN opens no socket/],
    ['without SLACK_SIGNING_SECRET', { SLACK_TRANSPORT: 'http' }, /SLACK_SIGNING_SECRET is not set/],
    ['with an unknown transport', { SLACK_TRANSPORT: 'post' }, /SLACK_TRANSPORT.*socket or http/],
  ] as const)('%s says so and ends by a code that is not 0', async (_, env, sentence) => {
    expectFailure(await program().bots.fail(env), sentence);
  });
});

describe('impasto bot slack, of an app that may too little', () => {
  const scopes = [...SCOPES.keys()].filter((scope) => scope !== 'files:write');
  const program = useSlackProgram('socket', { started: false, peer: { scopes } });

  it('names the scope that is missing and what it is for', async () => {
    expectFailure(await program().bots.fail(), /lacks scopes: files:write \(.+\).*reinstall/);
  });
});

describe('impasto bot slack, whose app is removed from its workspace', () => {
  const program = useSlackProgram('socket', { started: false });

  it('says so and ends by a code that is not 0', async () => {
    const { bots, peer } = program();
    const failed = bots.fail();
    await eventually(() => bots.said().includes('The bot is on Slack'), LIMIT_MS);
    peer.uninstall(peer.team());
    expectFailure(
      await failed,
      /SLACK_BOT_TOKEN \(account_inactive\).*removed from the workspace.*Install the app again/,
    );
  });
});
