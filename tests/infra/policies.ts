import type { Stage } from "./synthesised.ts"

export interface Statement {
  readonly Effect: string
  readonly Action: readonly string[]
  readonly Resource: readonly string[]
  readonly Principal?: unknown
  readonly Condition?: unknown
}

/** What the role of a component may do. */
export function statementsOf(stage: Stage, component: string): Statement[] {
  const { inputs } = stage.one("aws:iam/role:Role", `${component}Role`)
  const policies = inputs["inlinePolicies"] as { policy: string }[]
  return policies.flatMap(
    ({ policy }) => (JSON.parse(policy) as { Statement: Statement[] }).Statement,
  )
}

/** The same in a line for each action and resource, but for the interfaces of a network. */
export const grantsOf = (stage: Stage, component: string): string[] =>
  statementsOf(stage, component)
    .flatMap(({ Effect, Action, Resource }) =>
      Action.flatMap((action) => Resource.map((resource) => `${Effect} ${action} ${resource}`)),
    )
    .filter((line) => !line.includes(" ec2:"))
    .sort()
