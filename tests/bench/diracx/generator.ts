/** The process that plays the clients of one round: asked by a message, answers by one. */
import { playRound, type Round } from "./round.ts"

process.once("message", (round: Round) => {
  void playRound(round).then((driven) => process.send?.(driven, () => process.disconnect()))
})
