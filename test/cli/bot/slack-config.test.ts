import { expect, it } from 'vitest';
import { slackConfig } from '../../../src/cli/bot/slack-config.ts';
import { readConfig } from '../../../src/config.ts';

const SECRET = 'a secret of enough bytes';

function stateSecret(secret: string): string {
  const config = readConfig({
    SLACK_APP_TOKEN: 'xapp-1',
    SLACK_CLIENT_ID: '1',
    SLACK_CLIENT_SECRET: '2',
    PUBLIC_URL: 'https://impasto.example.com/below',
  });
  const { tenancy } = slackConfig(config, secret);
  return tenancy.kind === 'multi' ? tenancy.stateSecret : '';
}

it('the state of an installation is signed by a key of its own', () => {
  expect(stateSecret(SECRET).length).toBeGreaterThanOrEqual(32);
  expect(stateSecret(SECRET)).not.toContain(SECRET);
  expect(stateSecret(SECRET)).toBe(stateSecret(SECRET));
  expect(stateSecret(`${SECRET}!`)).not.toBe(stateSecret(SECRET));
});
