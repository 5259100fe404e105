// SPDX-License-Identifier: MIT
/** Completion for fish 3. */
import type { CommandModel, CompletionModel, OptionModel, Values } from './model.ts';

export function fishCompletion({ program, options, commands }: CompletionModel): string {
  const complete = `complete -c ${program}`;
  return `# fish completion for ${program}. Made by: ${program} completion fish
${complete} -f
function __${program}_runs
    for file in $argv[1]/*/manifest.json
        basename (dirname $file)
    end
    printf '%s\\n' $argv[2..-1]
    __fish_complete_directories
end
${options.flatMap((option) => optionLine('__fish_use_subcommand', option)).join('\n')}
${commands.flatMap(commandLines).join('\n')}
`;

  function commandLines({ name, description, options: own, argument }: CommandModel): string[] {
    const seen = `__fish_seen_subcommand_from ${name}`;
    return [
      `${complete} -n __fish_use_subcommand -a ${name} -d ${quoted(description)}`,
      ...own.map((option) => optionLine(seen, option)),
      ...(argument === null ? [] : [`${complete} -n ${quoted(seen)} ${offer(argument)}`]),
    ];
  }

  function optionLine(condition: string, { names, description, value }: OptionModel): string {
    const words = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
    const required = value === null ? '' : ` -r ${offer(value)}`;
    return `${complete} -n ${quoted(condition)} ${words.join(' ')}${required} -d ${quoted(description)}`;
  }

  function offer(values: Values): string {
    switch (values.kind) {
      case 'names':
        return `-a ${quoted(values.names.join(' '))}`;
      case 'list':
        return `-a ${quoted(`(__fish_append , ${values.names.join(' ')})`)}`;
      case 'run':
        return `-a ${quoted(`(__${program}_runs ${[values.dir, ...values.names].map(quoted).join(' ')})`)}`;
      case 'file':
        return '-F';
      case 'folder':
        return `-a ${quoted('(__fish_complete_directories)')}`;
      case 'anything':
        return '';
    }
  }
}

/** As fish reads it: in single quotes only these two need a backslash. */
function quoted(text: string): string {
  return /^[A-Za-z0-9_./-]+$/.test(text) ? text : `'${text.replace(/[\\']/g, '\\$&')}'`;
}
