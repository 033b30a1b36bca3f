import type { Command } from 'commander';
import { type Environment, settingRows } from '../config.ts';

/** `impasto settings`: every setting as it stands, and what it means. */
export function addSettings(program: Command, env: Environment): void {
  program
    .command('settings')
    .description('list all settings, which are environment variables, as they stand')
    .option('--markdown', 'as the table of docs/operating.md, with the defaults')
    .action(({ markdown }: { readonly markdown?: true }) => {
      if (markdown) return console.log(settingsTable());
      const rows = settingRows(env);
      const widest = Math.max(...rows.map(({ variable, value }) => variable.length + value.length));
      const lines = rows.map(({ variable, value, set, help }) => {
        const assignment = `${variable}=${value}`.padEnd(Math.min(widest, 44) + 1);
        return `${set ? '*' : ' '} ${assignment}  ${help}`;
      });
      const files = rows.flatMap(({ file }) => file ?? []).join(', ');
      console.log(
        `${lines.join('\n')}\n\nThose marked * are set; the others are at their defaults.\n` +
          `A secret may stand in a file as well, which is named by ${files}.`,
      );
    });
}

/** All settings with their defaults, whatever is set here. */
export function settingsTable(): string {
  const rows = settingRows({}).map(({ variable, file, byDefault, help }) => {
    const names = file === undefined ? `\`${variable}\`` : `\`${variable}\` or \`${file}\``;
    return `| ${names} | ${byDefault === '' ? '' : `\`${byDefault}\``} | ${help.replaceAll('|', '\\|')} |`;
  });
  return ['| setting | default | what it means |', '| --- | --- | --- |', ...rows].join('\n');
}
