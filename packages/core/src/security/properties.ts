/** The security properties that DiracX 0.7.0 knows (diracx/core/properties.py). */
export const SECURITY_PROPERTIES = [
  "AccountingMonitor",
  "AlarmsManagement",
  "BookkeepingManagement",
  "CSAdministrator",
  "FileCatalogManagement",
  "FullDelegation",
  "GenericPilot",
  "JobAdministrator",
  "JobMonitor",
  "JobSharing",
  "LimitedDelegation",
  "NormalUser",
  "Operator",
  "PPGAuthority",
  "Pilot",
  "PrivateLimitedDelegation",
  "ProductionManagement",
  "ProxyManagement",
  "ServiceAdministrator",
  "SiteManager",
  "StageAllowed",
  "TrustedHost",
  "UserManager",
] as const

/** A property known to Spinor itself; configurations and extensions may name others. */
export type SecurityProperty = (typeof SECURITY_PROPERTIES)[number]
