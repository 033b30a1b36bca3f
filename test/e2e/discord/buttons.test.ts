import { expect, it } from 'vitest';
import type { Posted } from '../../bots/discord/peer/asked.ts';
import type { Person } from '../../bots/discord/peer/people.ts';
import { answersTo, settle } from '../../bots/discord/reading.ts';
import { eventually } from '../../queue/support.ts';
import { LIMIT_MS } from '../bots.ts';
import { boats, expectEnlarged, expectPainting } from '../pictures.ts';
import { answerOf, ask, useDiscordProgram } from './house.ts';

const program = useDiscordProgram();

/** Press a button that offers choices, take one, and wait for the picture. */
async function choose(person: Person, below: Posted, button: string, choice: string): Promise<Posted> {
  const picker = await answerOf(await person.press(below, button), ({ controls }) => controls.length > 0);
  const asked = await person.select(picker, picker.controls[0]?.custom_id ?? '', [choice]);
  return answerOf(asked, ({ files, ephemeral }) => files.length > 0 && !ephemeral);
}

it('the photo is painted in another style and another strength, and the painting is enlarged', async () => {
  const { ada, bob, peer } = program();
  const bytes = await boats();
  const done = await answerOf(await ask(program(), bytes));
  const other = await choose(bob, done, 'Other style', 'great-wave');
  expect(other.content).toContain('Wave');
  await expectPainting(peer.bytesOf(other.files[0]), bytes);
  const weaker = await choose(ada, done, 'Other strength', '0.25');
  expect(peer.bytesOf(weaker.files[0])).not.toEqual(peer.bytesOf(done.files[0]));
  const large = await answerOf(await ada.press(done, 'Upscale'));
  await expectEnlarged(peer.bytesOf(large.files[0]), peer.bytesOf(done.files[0]), 4);
});

it('a double click makes one job', async () => {
  const { ada, bots, general, peer } = program();
  const done = await answerOf(await ask(program(), await boats(1)));
  bots.hold();
  const first = await ada.press(done, 'Upscale');
  const second = await ada.press(done, 'Upscale');
  await eventually(
    () =>
      [...first.answers(), ...second.answers()].find(({ content }) => content.includes('already on its way')),
    LIMIT_MS,
  );
  bots.goOn();
  await settle(program());
  const pictures = answersTo(peer, general).filter(({ files }) => files.length > 0);
  expect(pictures).toHaveLength(2);
});

it('delete is for whoever asked, or a moderator', async () => {
  const { ada, bob, mia, peer } = program();
  for (const [nth, remover] of [ada, mia].entries()) {
    const done = await answerOf(await ask(program(), await boats(2 + nth)));
    const refused = await answerOf(await bob.press(done, 'Delete'), ({ ephemeral }) => ephemeral);
    expect(refused.content).toContain('Only the person who asked');
    expect(peer.message(done).deleted).toBe(false);
    await remover.press(done, 'Delete');
    await eventually(() => peer.message(done).deleted, LIMIT_MS);
  }
});
