/** The process that plays the clients of one stretch: asked by a message, answers by one. */
import { playStretch, type Stretch } from "./stretch.ts"

process.once("message", (stretch: Stretch) => void answer(stretch))

async function answer(stretch: Stretch): Promise<void> {
  const paced = await playStretch(stretch)
  const { user, system } = process.cpuUsage()
  const played = { ...paced, generatorSeconds: (user + system) / 1e6 }
  process.send?.(played, () => process.disconnect())
}
