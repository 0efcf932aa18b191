const asTrace = ['schemaVersion', 'workflow'];

/**
 * Whether a text is meant as a trace in WfFormat, by what stands at its top: a pipeline has `nodes` there. JSON that has
 * none of these keys counts as a trace where its name says that it is JSON.
 */
export const isTrace = (text: string, file: string): boolean => {
  if (!/^\s*\{/.test(text)) return false;
  const hasKey = keysIn(text);
  return asTrace.some(hasKey) || (file.endsWith('.json') && !hasKey('nodes'));
};

/** Tells which keys a text has at its top; of one that is no JSON, or not yet, which it has anywhere. */
const keysIn = (text: string): ((key: string) => boolean) => {
  try {
    const top = Object(JSON.parse(text)) as object;
    return (key) => Object.hasOwn(top, key);
  } catch {
    return (key) => new RegExp(`"${key}"\\s*:`).test(text);
  }
};
