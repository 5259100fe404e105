// SPDX-License-Identifier: MIT
/**
 * What a shell can complete, taken from the command line's own definition. The scripts made from it hold all names but those
 * of runs, which are looked up where they land: a TAB must not cost the start of a program.
 */
import path from 'node:path';
import type { Argument, Command, Option } from 'commander';
import { accelerators, clocks } from '../../../results/choices.ts';
import { providerNames } from '../../../vm/provider-names.ts';
import { scenarioGroups } from '../../plan/make-plan.ts';
import { examplesDir, runFoldersIn, standardRunsDir } from '../../run/run-folder.ts';
import { lists } from '../actions/catalogue.ts';

/** What a value can be. `list`: several with commas between them. */
export type Values =
  | { readonly kind: 'names' | 'list'; readonly names: readonly string[] }
  /** A run's folder: one of `names`, one in `dir`, or any other. */
  | { readonly kind: 'run'; readonly dir: string; readonly names: readonly string[] }
  | { readonly kind: 'file' | 'folder' | 'anything' };

export interface OptionModel {
  /** '--mechanism', '-h' */
  readonly names: readonly string[];
  readonly description: string;
  /** Null: it takes none. */
  readonly value: Values | null;
}

export interface CommandModel {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionModel[];
  /** What its first argument can be; null: it takes none. */
  readonly argument: Values | null;
  /** Any number of arguments. */
  readonly variadic: boolean;
}

export interface CompletionModel {
  readonly program: string;
  readonly options: readonly OptionModel[];
  readonly commands: readonly CommandModel[];
}

export function completionModel(program: Command): CompletionModel {
  const commands = program.commands.map(commandModel);
  const names = commands.map(({ name }) => name);
  const description = 'the help of a command';
  const help: CommandModel = {
    name: 'help',
    description,
    options: [],
    argument: { kind: 'names', names },
    variadic: false,
  };
  return { program: program.name(), options: optionModels(program), commands: [...commands, help] };
}

function commandModel(command: Command): CommandModel {
  const [argument] = command.registeredArguments;
  return {
    name: command.name(),
    description: command.description(),
    options: optionModels(command),
    argument: argument === undefined ? null : valuesOfArgument(argument),
    variadic: argument?.variadic === true,
  };
}

function optionModels(command: Command): OptionModel[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .map((option) => ({
      names: [option.long, option.short].filter((name) => name !== undefined && name !== null),
      description: option.description,
      value: option.required || option.optional ? valuesOfOption(option) : null,
    }));
}

/** Values by the option's long name; for any other the placeholder of its value decides. */
const byName: Readonly<Record<string, () => Values>> = {
  '--mechanism': () => ({ kind: 'list', names: [...lists.mechanisms().map(({ name }) => name), 'all'] }),
  '--scenario': () => ({
    kind: 'list',
    names: [...lists.scenarios().map(({ name }) => name), ...Object.keys(scenarioGroups)],
  }),
  '--kernel': () => ({ kind: 'names', names: lists.kernels().map(({ name }) => name) }),
  '--machine': () => ({ kind: 'names', names: providerNames }),
  '--accelerator': () => ({ kind: 'names', names: accelerators }),
  '--clock': () => ({ kind: 'names', names: clocks }),
};

function valuesOfOption({ long, flags, argChoices }: Option): Values {
  const named = byName[long ?? ''];
  if (named !== undefined) return named();
  if (argChoices !== undefined) return { kind: 'names', names: argChoices };
  const [, placeholder = ''] = /[<[]([^>\]]+)[>\]]/.exec(flags) ?? [];
  return byPlaceholder(placeholder);
}

function valuesOfArgument(argument: Argument): Values {
  if (argument.name() === 'what') return { kind: 'names', names: Object.keys(lists) };
  if (argument.argChoices !== undefined) return { kind: 'names', names: argument.argChoices };
  return byPlaceholder(argument.name());
}

function byPlaceholder(name: string): Values {
  if (name === 'file') return { kind: 'file' };
  if (name === 'dir') return { kind: 'folder' };
  if (name !== 'run') return { kind: 'anything' };
  const examples = runFoldersIn(examplesDir).map((dir) => path.basename(dir));
  return { kind: 'run', dir: standardRunsDir, names: ['latest', ...examples] };
}
