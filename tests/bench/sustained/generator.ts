/** The process that plays the clients of one stretch. */
import { answerOnce } from "../load/answer-once.ts"
import { playStretch } from "./stretch.ts"

answerOnce(playStretch)
