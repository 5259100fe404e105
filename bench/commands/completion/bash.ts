// SPDX-License-Identifier: MIT
/** Completion for bash 4 and later; needs nothing beside it. */
import { shellQuoted } from '../../plan/repro.ts';
import type { CommandModel, CompletionModel, OptionModel, Values } from './model.ts';

export function bashCompletion({ program, options, commands }: CompletionModel): string {
  const names = commands.map(({ name }) => name);
  return `# bash completion for ${program}. Made by: ${program} completion bash
_${program}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command= i
  COMPREPLY=()
  # bash takes --option=value apart.
  if [[ $cur == = ]]; then cur=
  elif [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ \${COMP_WORDS[i]} != -* ]]; then command=\${COMP_WORDS[i]}; break; fi
  done
  case "$command $prev" in
${commands.flatMap(valueCases).join('\n')}
  esac
  if [[ $cur == -* ]]; then
    case "$command" in
    '') _${program}_names ${quoted(namesOf(options))} ;;
${commands.map((each) => `    ${each.name}) _${program}_names ${quoted(namesOf(each.options))} ;;`).join('\n')}
    esac
    return
  fi
  case "$command" in
  '') _${program}_names ${quoted(names)} ;;
${commands.flatMap(argumentCase).join('\n')}
  esac
}

# The names that begin with what was typed.
_${program}_names() {
  local name
  for name in "$@"; do [[ $name == "$cur"* ]] && COMPREPLY+=("$name"); done
}

# The same for the last of a list with commas, without those that it has already.
_${program}_list() {
  local name before=\${cur%"\${cur##*,}"}
  for name in "$@"; do
    [[ ,$before != *,"$name",* && $before$name == "$cur"* ]] && COMPREPLY+=("$before$name")
  done
}

# Runs by their names in a folder, or any other folder.
_${program}_runs() {
  local dir=$1 file name
  shift
  _${program}_names "$@"
  for file in "$dir"/*/manifest.json; do
    [[ -e $file ]] || continue
    name=\${file%/manifest.json}
    name=\${name##*/}
    [[ $name == "$cur"* ]] && COMPREPLY+=("$(printf %q "$name")")
  done
  # A folder elsewhere, if it is none of those.
  ((\${#COMPREPLY[@]})) || _${program}_files -d
}

_${program}_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen "$1" -- "$cur")
}

complete -F _${program} ${program}
`;

  function valueCases(command: CommandModel): string[] {
    return command.options.flatMap(({ names: options, value }) => {
      if (value === null) return [];
      const patterns = options.map((option) => `'${command.name} ${option}'`).join('|');
      return [`  ${patterns}) ${offer(value)}; return ;;`];
    });
  }

  function argumentCase({ name, argument }: CommandModel): string[] {
    return argument === null ? [] : [`  ${name}) ${offer(argument)} ;;`];
  }

  function offer(values: Values): string {
    switch (values.kind) {
      case 'names':
        return `_${program}_names ${quoted(values.names)}`;
      case 'list':
        return `_${program}_list ${quoted(values.names)}`;
      case 'run':
        return `_${program}_runs ${quoted([values.dir, ...values.names])}`;
      case 'file':
        return `_${program}_files -f`;
      case 'folder':
        return `_${program}_files -d`;
      case 'anything':
        return ':';
    }
  }
}

function namesOf(options: readonly OptionModel[]): string[] {
  return options.flatMap(({ names }) => names).filter((name) => name.startsWith('--'));
}

function quoted(words: readonly string[]): string {
  return words.map(shellQuoted).join(' ');
}
