/** The path of MySQL and SQLite to a field of an object. */
export const jsonPath = (name: string): string => `$."${name.replaceAll(/["\\]/g, "\\$&")}"`
