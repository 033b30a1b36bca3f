import { join } from 'node:path';
import type { Command } from 'commander';
import { evaluateText, TEXT_BAR, type TextEvaluation, type TextLook } from '../training/evaluate-text.ts';
import { textStrips } from '../training/report/strips.ts';
import { writeWhole } from '../training/report/write-file.ts';
import { thisMachine } from '../training/results/machine.ts';
import { saveResult } from '../training/results/saved.ts';
import { toCount } from './arguments.ts';
import { type ComputeDefaults, type ComputeFlags, withComputing } from './compute-options.ts';
import { ENLARGERS, openEnlarger } from './enlarger.ts';

interface TextFlags extends ComputeFlags {
  readonly factor: number;
  readonly strips?: string;
  readonly save?: string;
  readonly json?: true;
}

/** `impasto evaluate text`: how legible enlarged text is beside Lanczos's kernel. */
export function addEvaluateText(evaluate: Command, defaults: ComputeDefaults): void {
  withComputing(evaluate.command('text'), defaults)
    .description('measure how legible enlarged text is, beside Lanczos’s kernel')
    .argument('<network>', ENLARGERS)
    .option('--factor <factor>', 'for bicubic and lanczos; a network has its own', toCount, 4)
    .option(
      '--strips <folder>',
      'write pictures beside each other into this folder: input, Lanczos, network, truth',
    )
    .option('--save <folder>', 'write the figures into this folder too, for “impasto results”')
    .option('--json', 'print JSON only')
    .action(run);
}

async function run(name: string, flags: TextFlags): Promise<void> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const { enlarger, entry, close } = await openEnlarger(name, flags);
  try {
    const looks: TextLook[] = [];
    const machine = thisMachine(flags);
    const result = await evaluateText(enlarger, (look) => looks.push(look));
    say(result.protocol);
    console.log(flags.json ? JSON.stringify(result) : table(result));
    if (flags.strips !== undefined) {
      for (const { degraded, webp } of await textStrips(looks)) {
        const file = join(flags.strips, `text-${enlarger.name}-${degraded.replace(' ', '-')}.webp`);
        await writeWhole(file, webp, 'The figures stand above.');
        say(file);
      }
    }
    if (flags.save !== undefined)
      say(await saveResult(flags.save, { kind: 'text', sha256: entry?.sha256, machine, ...result }));
  } finally {
    await close();
  }
}

function table({ network, pictures, rows, gain, passed }: TextEvaluation): string {
  const dB = (value: number): string => `${value.toFixed(2)} dB`;
  return [
    `${network} on ${pictures} pictures of text, PSNR on Y`,
    ...rows.map(
      (row) =>
        `${row.degraded.padEnd(8)} ${dB(row.psnrY)}, Lanczos ${dB(row.lanczos)}, difference ${dB(row.gain)}`,
    ),
    `${passed ? 'Pass' : 'Miss'}: the bar is ${TEXT_BAR} dB above Lanczos on each; the mean is ${dB(gain)}.`,
  ].join('\n');
}
