import { expect, it } from 'vitest';
import { usePlayground } from './use-playground.ts';

const { house } = usePlayground();

it('a port that is taken is named, with the setting that chooses another', async () => {
  const port = Number(new URL(house().playground.url).port);
  const refusal = await house()
    .another({ port })
    .catch((error: unknown) => error);
  expect(refusal).toMatchObject({
    code: 'port-taken',
    userMessage: expect.stringMatching(new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 .* PORT `)),
  });
});

it('an address that is not this machine’s is refused with the settings to correct', async () => {
  const refusal = await house()
    .another({ host: '192.0.2.1' })
    .catch((error: unknown) => error);
  expect(refusal).toMatchObject({
    code: 'address-unusable',
    userMessage: expect.stringMatching(/192\.0\.2\.1.* HOST .* PORT /),
  });
});
