import { once } from "node:events"
import { createServer, type Socket } from "node:net"

/** Takes every connection on a loopback port, and says nothing. */
export async function startSilentServer(): Promise<{ port: number; close: () => void }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => sockets.add(socket.on("error", () => undefined)))
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("A TCP server has a port")
  return {
    port: address.port,
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
