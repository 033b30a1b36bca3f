import type { Installation } from '@slack/bolt';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createInstallations } from '../../../src/bots/slack/installations.ts';
import { startRenewals } from '../../../src/bots/slack/renewals.ts';
import { createSealer, type Sealer } from '../../../src/queue/secrets.ts';
import { eventually, startTestRedis, type TestRedis } from '../../queue/support.ts';

const OLD = 'the secret of last year';
const NEW = 'the secret of this year';
const PURPOSE = 'slack installation';
const query = { teamId: 'T1', enterpriseId: undefined, isEnterpriseInstall: false } as const;

let redis: TestRedis;
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis.close());
beforeEach(() => redis.clear());

const under = (sealer: Sealer) => createInstallations(redis.connect(), sealer);

function anInstallation(token: string, team = 'T1'): Installation<'v2', false> {
  return {
    team: { id: team },
    enterprise: undefined,
    user: { id: 'U1', token: undefined, scopes: undefined },
    bot: { token, id: 'B1', userId: 'U2', scopes: [] },
    isEnterpriseInstall: false,
  };
}

it('is sealed anew under the current secret when it is read, so that the earlier one can be dropped', async () => {
  await under(createSealer(OLD, PURPOSE)).storeInstallation(anInstallation('xoxb-1'));
  const fresh = under(createSealer(NEW, PURPOSE));
  await expect(fresh.fetchInstallation(query)).rejects.toMatchObject({ code: 'sealed-unreadable' });
  const turning = under(createSealer(NEW, PURPOSE, [OLD]));
  expect(await turning.fetchInstallation(query)).toMatchObject({ bot: { token: 'xoxb-1' } });
  expect(await fresh.fetchInstallation(query)).toMatchObject({ bot: { token: 'xoxb-1' } });
});

it('does not bring back what somebody has installed anew meanwhile', async () => {
  const old = createSealer(OLD, PURPOSE);
  await under(old).storeInstallation(anInstallation('xoxb-1'));
  const turning = createSealer(NEW, PURPOSE, [OLD]);
  const connection = redis.connect();
  const slow: Sealer = {
    ...turning,
    // Another process is quicker: what it stores comes between the look and the renewal.
    renew: (name, sealed) => {
      const newer = turning.seal(name, { ...JSON.parse(JSON.stringify(anInstallation('xoxb-2'))) });
      void connection.set('{impasto}:slack-installation:T1', newer);
      return turning.renew(name, sealed);
    },
  };
  await createInstallations(connection, slow).fetchInstallation(query);
  const found = await under(turning).fetchInstallation(query);
  expect(found).toMatchObject({ bot: { token: 'xoxb-2' } });
});

it('is sealed anew with all others where nobody asks for it, and those that can’t be read are counted', async () => {
  const old = under(createSealer(OLD, PURPOSE));
  for (const team of ['T1', 'T2']) await old.storeInstallation(anInstallation('xoxb-1', team));
  await under(createSealer(NEW, PURPOSE)).storeInstallation(anInstallation('xoxb-3', 'T3'));
  await under(createSealer('a secret that is lost', PURPOSE)).storeInstallation(
    anInstallation('xoxb-4', 'T4'),
  );
  const turning = under(createSealer(NEW, PURPOSE, [OLD]));
  expect(await turning.renewAll()).toEqual({ renewed: 2, unreadable: 1 });
  expect(await turning.renewAll()).toEqual({ renewed: 0, unreadable: 1 });
  const fresh = under(createSealer(NEW, PURPOSE));
  for (const teamId of ['T1', 'T2', 'T3'])
    expect(await fresh.fetchInstallation({ ...query, teamId })).toMatchObject({ team: { id: teamId } });
});

it('is sealed anew again and again, for a process that has yet to be started anew seals under the earlier one', async () => {
  const renewals = startRenewals(under(createSealer(NEW, PURPOSE, [OLD])), redis.log, 50);
  const fresh = under(createSealer(NEW, PURPOSE));
  for (const teamId of ['T1', 'T2']) {
    await under(createSealer(OLD, PURPOSE)).storeInstallation(anInstallation('xoxb-1', teamId));
    await eventually(() => fresh.fetchInstallation({ ...query, teamId }).catch(() => undefined));
  }
  await renewals.close();
});
