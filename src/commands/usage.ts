import type { Command, Option, StringOption } from './command.ts';
import type { Registry } from './registry.ts';

/** How to write a command: `/stylize <style> [strength:0–1] [keep_colors:true|false]`. */
export function usage(command: Command, registry: Registry): string {
  return [
    registry.write(command),
    ...command.options.map((option, index) => part(option, index, registry)),
  ].join(' ');
}

/** A line that works: `/stylize starry-night`. */
export function exampleLine(command: Command, registry: Registry): string {
  return `${registry.write(command)} ${command.example(registry)}`.trimEnd();
}

/** Of the first command of all, for those who know none. */
export function firstExample(registry: Registry): string {
  return registry.commands
    .slice(0, 1)
    .map((command) => exampleLine(command, registry))
    .join('');
}

/** Choices that are written out; more are what autocomplete is for. */
const MOST_WRITTEN = 3;

function part(option: Option, index: number, registry: Registry): string {
  switch (option.type) {
    case 'string':
      if (option.required) return `<${option.name}>`;
      return index === 0 ? `[${option.name}]` : `[${option.name}:${written(option, registry)}]`;
    case 'number':
      return `[${option.name}:${option.min}–${option.max}]`;
    case 'boolean':
      return `[${option.name}:true|false]`;
  }
}

function written(option: StringOption, registry: Registry): string {
  const choices = option.choices(registry);
  const few = choices.length > 0 && choices.length <= MOST_WRITTEN;
  return few ? choices.map(({ value }) => value).join('|') : '…';
}
