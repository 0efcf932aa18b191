/** What is wrong with a definition; the message is one sentence that names the thing and the mend. */
export interface GraphError {
  readonly type:
    | 'Malformed' // not of the shape of a Graph: unknown key, wrong type
    | 'InvalidNumber'
    | 'MalformedId'
    | 'ReservedId'
    | 'DuplicateId'
    | 'UnknownDependency'
    | 'SelfDependency'
    | 'Cycle'
    | 'UnknownAction'
    | 'UnknownPool'
    | 'BadReference'
    | 'TooManyNodes';
  readonly message: string;
  /** The node it is about. */
  readonly node?: string;
  /** A cycle's nodes, the first again at the end; or where in the definition, such as `nodes[3].timeoutMs`. */
  readonly path?: readonly string[];
}
