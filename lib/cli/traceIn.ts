/** A trace in WfFormat, parsed; the text itself where it would be one, were it JSON; undefined for a pipeline. */
export const traceIn = (text: string): unknown => {
  if (!/^\ufeff?\s*\{/.test(text)) return undefined;
  try {
    const json = JSON.parse(text.replace(/^\ufeff/, '')) as object;
    return 'workflow' in json || 'schemaVersion' in json ? json : undefined;
  } catch {
    return /"schemaVersion"\s*:/.test(text) ? text : undefined;
  }
};
