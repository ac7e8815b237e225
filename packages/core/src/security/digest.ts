import { hash } from "node:crypto"

export const sha256 = (data: string | Uint8Array): Buffer => hash("sha256", data, "buffer")

/** In hexadecimal digits, as the database keeps device codes and authorization codes. */
export const sha256Hex = (text: string): string => sha256(text).toString("hex")
