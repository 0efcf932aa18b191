import type { Command } from './Command.js';

/** How long the second key of two may come after the first. */
const SECOND_MS = 1_200;

const isTyping = (target: EventTarget | undefined): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    (target instanceof HTMLInputElement && !/^(range|checkbox|radio|button)$/.test(target.type)) ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement);

/** Whether an element does something of its own with space or with arrows. */
const isPressed = (target: EventTarget | undefined): boolean =>
  target instanceof HTMLElement && /^(BUTTON|SUMMARY|A|INPUT)$/.test(target.tagName);
const isMoved = (target: EventTarget | undefined): boolean =>
  target instanceof HTMLElement && (target.tagName === 'INPUT' || target.role === 'separator');

/** Turns keys into commands, wherever the focus is: except in fields, in dialogs, and where an element took the key itself. */
export class Keys {
  readonly #byKeys = new Map<string, Command>();
  #first: { readonly key: string; readonly at: number } | undefined;

  constructor(commands: readonly Command[]) {
    for (const command of commands) for (const keys of command.keys?.split(', ') ?? []) this.#byKeys.set(keys, command);
  }

  /** Whether the key stood for a command, which is done then. */
  press(event: KeyboardEvent): boolean {
    const target = event.composedPath()[0];
    if (event.defaultPrevented || event.isComposing) return false;
    const isMod = event.ctrlKey || event.metaKey;
    if (isMod && !event.altKey && event.key.toLowerCase() === 'k') return this.#run('mod+k', event);
    if (isMod || event.altKey || isTyping(target)) return false;
    const { key } = event;
    if (key === ' ' && isPressed(target)) return false;
    if (key.startsWith('Arrow') && isMoved(target)) return false;
    const first = this.#first;
    this.#first = undefined;
    if (first !== undefined && event.timeStamp - first.at < SECOND_MS && this.#run(`${first.key} ${key}`, event))
      return true;
    if (key === 'g') {
      this.#first = { key, at: event.timeStamp };
      return true;
    }
    return this.#run(key === ' ' ? 'Space' : key, event);
  }

  #run(keys: string, event: KeyboardEvent): boolean {
    const command = this.#byKeys.get(keys);
    if (command === undefined || command.isOff?.() === true) return false;
    event.preventDefault();
    command.run();
    return true;
  }
}
