import type { ExecutorCommand } from '../../model/ExecutorCommand.js';
import { make } from '../dom/make.js';
import { countText, shown } from '../dom/shown.js';
import type { RunView } from '../view/RunView.js';

/** Why no command can be given now, in one sentence; undefined if one can. */
export const whyNoCommand = (view: RunView): string | undefined =>
  view.role === 'reader'
    ? 'Read only: this page cannot change the run.'
    : view.isOver
      ? 'The run has ended.'
      : view.connection.state === 'retrying'
        ? 'The connection is lost; commands can be given once the server answers again.'
        : view.owner.where !== 'here'
          ? (view.owner.text ?? 'No process that could be asked goes on with this run.')
          : view.isLive
            ? undefined
            : 'The past is shown; go back to live to give commands.';

/** Sends commands and tells what became of each; what is shown of the run changes by its events alone. */
export class Answers {
  readonly element = make('p', { class: 'answer', role: 'status' });

  /** Asks for a command and says what for; the answer is told once it has come. */
  async ask(view: RunView, command: ExecutorCommand, what: string): Promise<boolean> {
    this.say(`${what}: asked…`);
    let text: string;
    let isGranted = false;
    try {
      const answer = await view.ask(command);
      isGranted = 'seq' in answer;
      text = 'seq' in answer ? `${what}: done with #${countText(answer.seq)}.` : `${what}: ${answer.refused}`;
    } catch (thrown) {
      text = `${what}: not sent. ${thrown instanceof Error ? thrown.message : String(thrown)}`;
    }
    this.say(text, !isGranted);
    return isGranted;
  }

  /** Tells something. */
  say(text: string, isRefusal = false): void {
    this.element.textContent = shown(text, 400);
    this.element.classList.toggle('refused', isRefusal);
  }
}
