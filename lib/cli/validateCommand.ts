import { printable } from '../model/printable.js';
import { showFileError } from '../formats/yaml/index.js';
import { actionsFrom } from './actionsFrom.js';
import { counted } from './eventLine.js';
import { exitCode, type ExitCode } from './exitCode.js';
import { readPipeline } from './readPipeline.js';
import type { Terminal } from './Terminal.js';
import { UsageError } from './UsageError.js';

/** Tells of each file whether it is sound; of actions only where modules of them are given. */
export const validateCommand = async (
  files: readonly string[],
  actions: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> => {
  const options = actions.length === 0 ? {} : { registry: await actionsFrom(actions) };
  let invalid = 0;
  for (const file of files)
    try {
      const { graph, warnings } = await readPipeline(file, options);
      for (const warning of warnings) terminal.tell(showFileError(warning));
      terminal.out(printable(`${file}: ${graph.name} is sound, ${counted(graph.nodes.length, 'node')}`) + '\n');
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      invalid++;
      terminal.tell(error.message);
    }
  return invalid === 0 ? exitCode.success : exitCode.usage;
};
