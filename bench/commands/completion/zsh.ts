// SPDX-License-Identifier: MIT
/** Completion for zsh: to be sourced after compinit, or put into a folder of $fpath as `_keystorm`. */
import { shellQuoted } from '../../plan/repro.ts';
import type { CommandModel, CompletionModel, OptionModel, Values } from './model.ts';

export function zshCompletion({ program, options, commands }: CompletionModel): string {
  return `#compdef ${program}
# zsh completion for ${program}. Made by: ${program} completion zsh
_${program}() {
  if ((CURRENT == 2)); then
    if [[ $words[2] == -* ]]; then
      _arguments ${options.flatMap(optionSpecs).map(shellQuoted).join(' ')}
      return
    fi
    local -a commands=(
${commands.map(({ name, description }) => `      ${shellQuoted(`${name}:${description}`)}`).join('\n')}
    )
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${commands.map(commandCase).join('\n')}
  esac
}

# Runs by their names in a folder, or any other folder.
_${program}_runs() {
  local dir=$1
  shift
  local -a runs=("$dir"/*/manifest.json(N:h:t))
  compadd -- "$@" $runs
  _files -/
}

if [[ $funcstack[1] == _${program} ]]; then
  _${program} "$@"
else
  compdef _${program} ${program}
fi
`;

  function commandCase({ name, options: own, argument, variadic }: CommandModel): string {
    const operand = argument === null ? [] : [`${variadic ? '*' : '1'}:${name}:${action(argument)}`];
    const specs = [...own.flatMap(optionSpecs), ...operand];
    return `  ${name}) _arguments ${specs.map(shellQuoted).join(' \\\n    ')} ;;`;
  }

  /** As _arguments has them: a star before those that may be repeated. */
  function optionSpecs({ names, description, value }: OptionModel): string[] {
    const text = `[${description.replace(/[[\]\\]/g, '\\$&')}]`;
    return names.map((name) => {
      if (value === null) return `${name}${text}`;
      const repeated = value.kind === 'list' ? '*' : '';
      const equals = name.startsWith('--') ? '=' : '';
      return `${repeated}${name}${equals}${text}:value:${action(value)}`;
    });
  }

  function action(values: Values): string {
    switch (values.kind) {
      case 'names':
        return `(${values.names.join(' ')})`;
      case 'list':
        return `_sequence compadd - ${values.names.join(' ')}`;
      case 'run':
        // In braces nothing is put between the function and its words; a colon would end the action.
        return `{_${program}_runs ${[values.dir, ...values.names].map(shellQuoted).join(' ')}}`.replaceAll(':', '\\:');
      case 'file':
        return '_files';
      case 'folder':
        return '_files -/';
      case 'anything':
        return ' ';
    }
  }
}
