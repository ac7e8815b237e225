/** The process that plays the clients of one round. */
import { answerOnce } from "../load/answer-once.ts"
import { playRound } from "./round.ts"

answerOnce(playRound)
