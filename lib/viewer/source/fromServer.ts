import { Observable } from 'rxjs';
import type { RunSource, SourceMessage } from './RunSource.js';
import { parsed } from './decodeMessage.js';
import { readRuns } from './readRuns.js';
import type { RunDifference } from './RunDifference.js';
import { ServerClient, type ServerAddress } from './ServerClient.js';
import { ServerFollower } from './ServerFollower.js';

/** A run that a server shows: its log as it goes on, over lost connections, and the way to ask for changes. */
export const fromServer = (address: ServerAddress): RunSource => {
  const client = new ServerClient(address);
  const look: RunSource = {
    role: 'reader',
    isFile: false,
    message$: new Observable<SourceMessage>((subscriber) => {
      const follower = new ServerFollower(client, subscriber);
      void follower.run();
      return () => follower.stop();
    }),
    async diff(otherRunId) {
      const answer = await client.get(`diff/${encodeURIComponent(otherRunId)}`);
      const { firstSeq, differing, nodes } = Object(parsed(await answer.text())) as Readonly<Record<string, unknown>>;
      return {
        firstSeq: typeof firstSeq === 'number' ? firstSeq : undefined,
        differing: Array.isArray(differing) ? differing.filter((id): id is string => typeof id === 'string') : [],
        ...(Array.isArray(nodes) ? { nodes: nodes as NonNullable<RunDifference['nodes']> } : {}),
      };
    },
    runs: () => readRuns(address),
  };
  if (address.token.startsWith('r-')) return look;
  return {
    ...look,
    role: 'full',
    dispatch: (command) => client.post('commands', command, seqIn),
    fork: (seq, again = []) => client.post('fork', { seq, again }, runIdIn),
  };
};

const seqIn = (answer: unknown): { readonly seq: number } | undefined => {
  const { seq } = Object(answer) as { readonly seq?: unknown };
  return typeof seq === 'number' ? { seq } : undefined;
};

const runIdIn = (answer: unknown): { readonly runId: string } | undefined => {
  const { runId } = Object(answer) as { readonly runId?: unknown };
  return typeof runId === 'string' ? { runId } : undefined;
};
