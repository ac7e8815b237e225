import { isIPv6 } from "node:net"

/** Whether it is the name or the address of a host, and nothing more. */
export const isHost = (text: string): boolean =>
  isIPv6(text) || URL.parse(`http://${text}`)?.hostname === text.toLowerCase()
