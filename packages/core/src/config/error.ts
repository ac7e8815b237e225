/** One fault of a configuration, where it stands in the file. */
export interface ConfigFault {
  /** Keys joined by dots, as `Registry.lhcb.Groups.lhcb_user.Properties`; empty for the file as a whole. */
  readonly path: string
  readonly message: string
}

/** The configuration cannot be read, or does not hold what it must; the message names each place. */
export class ConfigError extends Error {
  override readonly name = "ConfigError"
  readonly faults: readonly ConfigFault[]

  constructor(faults: readonly ConfigFault[], options?: ErrorOptions) {
    super(
      faults.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join("\n"),
      options,
    )
    this.faults = faults
  }
}
