import type { Command } from "commander"
import { mountConfig } from "./config.ts"
import { mountDb } from "./db.ts"
import { mountKeys } from "./keys.ts"
import { mountOs } from "./os.ts"
import type { Terminal } from "./terminal.ts"

/** Gives a program the commands of an operator. How it ends and where it prints errors is the program's affair. */
export function mountAdmin(program: Command, terminal: Terminal): void {
  mountKeys(program, terminal)
  mountConfig(program, terminal)
  mountDb(program, terminal)
  mountOs(program, terminal)
}
