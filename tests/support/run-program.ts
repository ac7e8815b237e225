import { execFile, type ExecFileOptions } from "node:child_process"

/** Runs a program to its end; throws what it printed when it fails. */
export function runProgram(
  program: string,
  parameters: string[],
  options: ExecFileOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      program,
      parameters,
      { maxBuffer: 64 * 2 ** 20, ...options, encoding: "utf8" },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout)
        else reject(new Error(`${program} failed: ${error.message}\n${stdout}${stderr}`.trim()))
      },
    )
  })
}
