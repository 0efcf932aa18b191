/** Why a request is not answered, in one sentence for whoever asked. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly more: Readonly<Record<string, string>>;

  constructor(status: number, message: string, more: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.more = more;
  }
}
