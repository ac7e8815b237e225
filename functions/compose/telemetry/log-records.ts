import { logs, SeverityNumber } from "@opentelemetry/api"
import type { LogLine } from "../log.ts"

const SEVERITIES = {
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
} as const

/** Makes a record of each line, which belongs to the span that is active. */
export function logRecords(): (line: LogLine) => void {
  const logger = logs.getLogger("spinor")
  return ({ severity, text, attributes }) =>
    logger.emit({
      severityNumber: SEVERITIES[severity],
      severityText: severity.toUpperCase(),
      body: text,
      attributes,
    })
}
