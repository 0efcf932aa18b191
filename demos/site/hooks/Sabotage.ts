import type { SupervisorHookV2 } from '../../../lib/index.js';

/** What can be done to the next node that starts. */
export type Damage = 'fail' | 'hang' | 'throwText' | 'flood';

/** What the visitor wants to break: each wish is granted once. */
export class Sabotage {
  #node: Damage | undefined;
  #hook = false;

  /** Throws when the next node starts after somebody has asked for that. */
  readonly hook: SupervisorHookV2 = {
    name: 'saboteur',
    observe: true,
    onNodeStart: () => {
      if (!this.#hook) return;
      this.#hook = false;
      throw new Error('This hook throws because you asked for it.');
    },
  };

  breakNextNode(damage: Damage): void {
    this.#node = damage;
  }

  breakHook(): void {
    this.#hook = true;
  }

  /** What the node that starts now has to suffer. */
  takeDamage(): Damage | undefined {
    const damage = this.#node;
    this.#node = undefined;
    return damage;
  }
}
