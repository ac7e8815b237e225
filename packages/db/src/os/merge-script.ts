/**
 * Lays a document over the stored one. Where the stored one was written later, by somebody who did not
 * have to wait, it fills only what is absent. Another client may have written the time as a text; one
 * that cannot be read is no later.
 */
const MERGE = `
void lay(Map stored, Map over, boolean isLate) {
  for (def entry : over.entrySet()) {
    def name = entry.getKey();
    def value = entry.getValue();
    def old = stored.get(name);
    if (old instanceof Map && value instanceof Map) lay(old, value, isLate);
    else if (old == null || !isLate) stored.put(name, value);
  }
}
long time(def at) {
  if (at == null) return Long.MIN_VALUE;
  if (at instanceof Number) return ((Number) at).longValue();
  try {
    return ZonedDateTime.parse(at.toString()).toInstant().toEpochMilli();
  } catch (Exception e) {
    return Long.MIN_VALUE;
  }
}
lay(ctx._source, params.document, time(ctx._source[params.timeField]) > time(params.document[params.timeField]));
`

/** The body of an update that does so, in a bulk request. */
export const mergeLate = (timeField: string, document: object): object => ({
  script: { lang: "painless", source: MERGE, params: { document, timeField } },
  upsert: document,
})
