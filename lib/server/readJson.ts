import type { IncomingMessage } from 'node:http';
import { Refusal } from './Refusal.js';

const BODY_BYTES = 1_000_000;
const tooLarge = (): Refusal => new Refusal(413, `A request may have ${BODY_BYTES} bytes.`, { connection: 'close' });

/** The body of a request, which has to be said to be JSON: so no form of another page can send it. */
export const readJson = async (request: IncomingMessage): Promise<unknown> => {
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/json(?:; ?charset=utf-8)?$/i.test(type))
    throw new Refusal(415, 'Send JSON, as application/json.', { connection: 'close' });
  if (Number(request.headers['content-length'] ?? 0) > BODY_BYTES) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  try {
    return JSON.parse(
      new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks)),
    ) as unknown;
  } catch {
    throw new Refusal(400, 'The body is not JSON.');
  }
};
