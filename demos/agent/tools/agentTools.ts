import { arithmetic } from './arithmetic.js';
import { fileSearch } from './fileSearch.js';
import type { Tool } from './Tool.js';
import { unitConversion } from './unitConversion.js';

/** What the agent can use; files are searched at and below `folder` alone. */
export const agentTools = (folder: string): readonly Tool[] => [arithmetic, unitConversion, fileSearch(folder)];
