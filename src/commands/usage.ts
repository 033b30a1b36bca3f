import type { Command, Option } from './command.ts';

/** How to write a command: `/stylize <style> [strength:0–1] [keep_colors:true|false]`. */
export function usage(command: Command): string {
  return [`/${command.name}`, ...command.options.map(part)].join(' ');
}

function part(option: Option): string {
  switch (option.type) {
    case 'string':
      return option.required ? `<${option.name}>` : `[${option.name}]`;
    case 'number':
      return `[${option.name}:${option.min}–${option.max}]`;
    case 'boolean':
      return `[${option.name}:true|false]`;
  }
}
