/** What the spans and the log records of one deployment are kept in: a data stream each. */
export interface Ss4oStreams {
  readonly traces: string
  readonly logs: string
}

/** The middle of our names, which the schema calls a dataset. */
export const DATASET = "spinor"

/** As the schema names them: ss4o_traces-<dataset>-<namespace>. */
export const ss4oStreams = (namespace: string): Ss4oStreams => ({
  traces: `ss4o_traces-${DATASET}-${namespace}`,
  logs: `ss4o_logs-${DATASET}-${namespace}`,
})

/** The name of a deployment's stage, as the name of an index may hold it. */
export const namespaceOf = (stage: string): string =>
  stage.toLowerCase().replaceAll(/[^a-z0-9._-]/g, "_")
