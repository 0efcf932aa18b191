import type { Command } from 'commander';

export type Shell = 'bash' | 'zsh';

interface Word {
  readonly word: string;
  readonly description: string;
}

interface Completed {
  readonly name: string;
  readonly description: string;
  readonly words: readonly Word[];
  /** By option, the values that it takes. */
  readonly choices: ReadonlyMap<string, readonly string[]>;
}

/** A script that teaches a shell this program's commands, options and their values; elsewhere it completes file names. */
export const completionScript = (program: Command, shell: Shell): string => {
  const commands = program.commands
    .filter((command) => command.name() !== 'help')
    .map((command): Completed => {
      const options = command.options.concat(
        command
          .createHelp()
          .visibleOptions(command)
          .filter(({ long }) => long === '--help'),
      );
      const choices = new Map<string, readonly string[]>();
      for (const { long, short, argChoices } of options)
        for (const flag of [long, short]) if (flag && argChoices !== undefined) choices.set(flag, argChoices);
      for (const { argChoices } of command.registeredArguments)
        if (argChoices !== undefined) choices.set('', argChoices);
      return {
        name: command.name(),
        description: command.description(),
        words: options.map(({ long, description }) => ({ word: long!, description })),
        choices,
      };
    });
  return shell === 'bash' ? bash(program.name(), commands) : zsh(program.name(), commands);
};

const bash = (name: string, commands: readonly Completed[]): string => {
  const valueCases = commands.flatMap(({ name: command, choices }) =>
    [...choices].map(([flag, values]) =>
      flag === ''
        ? `    ${command}:*) [ "$COMP_CWORD" -eq 2 ] && words="${values.join(' ')}" ;;`
        : `    ${command}:${flag}) words="${values.join(' ')}" ;;`,
    ),
  );
  return `# bash completion of ${name}: source it, or put it into ~/.local/share/bash-completion/completions/${name}
_${name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}" words=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name: command }) => command).join(' ')} --help --version" -- "$current"))
    return
  fi
  case "$command:$previous" in
${valueCases.join('\n')}
  esac
  if [ -z "$words" ] && [ "\${current#-}" != "$current" ]; then
    case "$command" in
${commands.map(({ name: command, words }) => `      ${command}) words="${words.map(({ word }) => word).join(' ')}" ;;`).join('\n')}
    esac
  fi
  [ -n "$words" ] && COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _${name} ${name}
`;
};

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const described = ({ word, description }: Word): string => quoted(`${word.replaceAll(':', '\\:')}:${description}`);

const zsh = (name: string, commands: readonly Completed[]): string => {
  const valueCases = commands.flatMap(({ name: command, choices }) =>
    [...choices].map(([flag, values]) =>
      flag === ''
        ? `    ${command}:*) (( CURRENT == 3 )) && { compadd -- ${values.join(' ')}; return } ;;`
        : `    ${command}:${flag}) compadd -- ${values.join(' ')}; return ;;`,
    ),
  );
  return `#compdef ${name}
# zsh completion of ${name}: put it as _${name} into a folder of $fpath, or source it behind compinit
_${name}() {
  local -a commands options
  commands=(${commands.map(({ name: word, description }) => described({ word, description })).join(' ')})
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case "$words[2]:$words[CURRENT-1]" in
${valueCases.join('\n')}
  esac
  if [[ "$words[CURRENT]" == -* ]]; then
    case "$words[2]" in
${commands.map(({ name: command, words }) => `      ${command}) options=(${words.map(described).join(' ')}) ;;`).join('\n')}
    esac
    _describe option options
    return
  fi
  _files
}
if [[ "$funcstack[1]" == "_${name}" ]]; then _${name} "$@"; else compdef _${name} ${name}; fi
`;
};
