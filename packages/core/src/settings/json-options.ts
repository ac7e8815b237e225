import * as z from "zod"

/**
 * Options in JSON, of which a null counts as unset. What is wrong with them is told by the name of
 * the field, without its value. The schema is made when there are any.
 */
export const jsonOptions = <Shape extends z.ZodRawShape>(
  schemaOf: () => z.ZodObject<Shape>,
): z.ZodType<z.output<z.ZodObject<Shape>>, string> =>
  z.string().transform((text, context) => {
    const schema = schemaOf()
    const { success, data, error } = schema.safeParse(parsed(text), { jitless: true })
    if (success) return data
    const [issue] = error.issues
    context.addIssue({ code: "custom", message: fault(issue, Object.keys(schema.shape)) })
    return z.NEVER
  })

function fault(issue: z.core.$ZodIssue | undefined, known: string[]): string {
  const field = issue?.path.join(".")
  if (issue?.code === "unrecognized_keys") {
    const names = issue.keys.join(", ")
    return field
      ? `holds ${names} in ${field}, which cannot be used there`
      : `holds ${names}: known are ${known.join(", ")}`
  }
  return field ? `holds a value of ${field} that cannot be used` : "is not an object in JSON"
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text, (_, value: unknown) => value ?? undefined)
  } catch {
    return undefined
  }
}
