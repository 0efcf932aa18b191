/** Something that can be done, from the palette, by keys, or by a button. */
export interface Command {
  readonly name: string;
  readonly group: 'See' | 'Move' | 'Time' | 'Run' | 'Export' | 'Help';
  /** One key as `KeyboardEvent.key` names it, two after each other as `g t`, or `mod+k`. More ways are divided by `, `. */
  readonly keys?: string;
  /** What cannot be undone is asked for twice. */
  readonly isFinal?: true;
  run(): void;
  /** Told where it cannot be done now; it is left out of the palette then. */
  isOff?(): boolean;
}
