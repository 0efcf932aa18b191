/**
 * The rules that a log is held against:
 *
 * - `I1` seq is 1, 2, 3, … and time never goes back; RunStarted comes first, RunSettled last
 * - `I2` a node starts only when its dependencies have ended in a way that its `runIf` allows
 * - `I3` a node's life follows its state machine; attempts count from 1 and stay within `tryCount`
 * - `I4` no more nodes run or start at once than the limit, or their pool's limit, allows
 * - `I5` every attempt has exactly one end
 * - `I6` what depends on a failed, cancelled or skipped node never starts and is skipped once, for a reason
 * - `I7` a run is quiescent, and settles, only when every node is final; its result follows from theirs
 * - `I8` ids are unique, dependencies known, the graph has no cycle; expansion keeps its ids and its parent's life
 * - `I14` an event's cause is an earlier event, and belongs to somebody; a gate answers the question that is open
 * - `I15` nothing of a paused or cancelled branch or run starts; cancelling is announced first
 * - `I20` retry delays follow their strategy and are waited for
 */
export type RuleId = 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'I14' | 'I15' | 'I20';

/** One event that breaks a rule. */
export interface Violation {
  readonly rule: RuleId;
  /** The guarantee that the rule belongs to, such as G2. */
  readonly guarantee: string;
  readonly seq: number;
  readonly nodeId?: string;
  /** One sentence that begins with rule, guarantee, seq and node. */
  readonly message: string;
}
