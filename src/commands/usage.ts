import type { Command, Option } from './command.ts';
import type { Registry } from './registry.ts';

/** How to write a command: `/stylize <style> [strength:0–1] [keep_colors:true|false]`. */
export function usage(command: Command, registry: Registry): string {
  return [registry.write(command), ...command.options.map(part)].join(' ');
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

function part(option: Option, index: number): string {
  switch (option.type) {
    case 'string':
      if (option.required) return `<${option.name}>`;
      return index === 0 ? `[${option.name}]` : `[${option.name}:…]`;
    case 'number':
      return `[${option.name}:${option.min}–${option.max}]`;
    case 'boolean':
      return `[${option.name}:true|false]`;
  }
}
