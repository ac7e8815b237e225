/**
 * The words of a text as they are searched: letters, digits and _ in a row, in lower case. Of the two
 * letters replaced, JavaScript would make two characters, or one that hangs on its place.
 */
export const wordsOf = (text: string): string[] =>
  text
    .replaceAll("İ", "i")
    .replaceAll("Σ", "σ")
    .toLowerCase()
    .match(/[\p{L}\p{N}_]+/gu) ?? []

/** What makes OpenSearch see the same words. */
export const WORDS_ANALYSIS = {
  analyzer: {
    spinor_words: { type: "pattern", pattern: "[^\\p{L}\\p{N}_]+", lowercase: true },
  },
} as const
