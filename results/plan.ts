// SPDX-License-Identifier: MIT
/**
 * A plan: everything that will be done, fixed as data before the first boot and stored in the run's manifest. The judge
 * and the statistics read expectations and schedule from here, never from the code that made them.
 */
import { z } from 'zod';
import { accelerators, clocks, longestDelayNs, mostArrangement, mostPathInstructions } from './choices.ts';
import { compiledWhenOften } from './compiled.ts';

/** Who answers an upcall. `session-rfc` is the keyagent as it was posted; `null` is the floor: the module itself. */
export const routes = ['init', 'nsenter', 'session', 'session-rfc', 'userns', 'intercept', 'null'] as const;
export type Route = (typeof routes)[number];
/** How the answerer is told. */
export const deliveries = ['helper', 'signal', 'fd-keyctl', 'fd-write', 'none'] as const;
export type Delivery = (typeof deliveries)[number];
/** What stands at /sbin/request-key. `nsenter` enters the requester's namespaces before it answers. */
export const helpers = ['keyutils', 'minimal', 'nsenter'] as const;
export const fallbacks = ['stock', 'refuse'] as const;
export const floorNames = ['syscall', 'add_key', 'eventfd', 'vfork_exec'] as const;

/** Who answers a container's requests where agents do: its own agent, one for all, or nobody. */
export const agentKinds = ['own', 'shared', 'none'] as const;
/**
 * What a requester asks for. `fresh`: each request for a key of its own. In a storm all requesters of a container begin each
 * round together: `storm-distinct` for keys of their own, `storm-one` all for the same key, through the session keyring they share.
 */
export const requestKinds = ['fresh', 'storm-distinct', 'storm-one'] as const;

/** What a judge can be asked about a cell; `bench/judge/oracles/` has one file for each. */
export const oracleNames = [
  'every-request-ended',
  'within-deadline',
  'right-answerer',
  'answered-in-own-namespaces',
  'expected-errors',
  'never-served',
  'no-host-helper',
  'host-helper-spawns',
  'upcalls-as-expected',
  'fault-took-effect',
  'recovers',
  'bystander-unaffected',
  'no-stuck-keys',
  'kernel-log-clean',
  'module-unloads',
  'no-traffic-in-window',
  'stages-add-up',
] as const;
export type OracleName = (typeof oracleNames)[number];

/** Of a cell, a container, a mechanism, a fault. */
export const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/);

export const mechanismSchema = z.strictObject({
  name,
  route: z.enum(routes),
  delivery: z.enum(deliveries),
  helper: z.enum(helpers),
});
export type Mechanism = z.infer<typeof mechanismSchema>;

export const containerSchema = z.strictObject({
  name,
  /** Concurrent requesters, each a process of its own. */
  requesters: z.int().min(1).max(256),
  agent: z.enum(agentKinds),
  /** Uids inside the container's user namespace. */
  agentUid: z.int().min(0).max(65535),
  requesterUid: z.int().min(0).max(65535),
  /** The requester is a setuid-root program started by requesterUid. */
  setuid: z.boolean(),
  /** So many user namespaces below the container's its requesters run; absent: in the container's own. */
  depth: z.int().min(0).max(32).optional(),
  /** What its requests are expected to come to; `victim` may fail with the cell's expected errors while a fault is on. */
  role: z.enum(['subject', 'victim', 'bystander']),
});
export type ContainerPlan = z.infer<typeof containerSchema>;

/** What is done to an upcall on purpose; the catalogue is in scenarios/faults/. */
export const faultSchema = z.strictObject({
  name,
  /** Absent: the guest as a whole. */
  container: name.optional(),
  /** Injected and cleared, both from the window's start. */
  atMs: z.int().min(0),
  untilMs: z.int().min(0),
  /** How much of it, in the unit that the catalogue gives; absent: as much as usual. */
  amount: z.int().optional(),
});
export type FaultPlan = z.infer<typeof faultSchema>;

/** As many as a window may have. */
export const maxFaults = 16;

export const windowSchema = z.strictObject({
  /** At most 5 s: nothing crosses the channel inside a window. */
  ms: z.int().min(1).max(5000),
  /** The window also ends when each container's requesters have together ended this many requests. */
  maxRequests: z.int().min(1),
  /** Report every request, not only histograms. */
  samples: z.boolean(),
  /** Open loop: so many requests begin in a second in each container, at fixed times; absent: closed loop. */
  rate: z.int().min(1).max(100_000).optional(),
  /** 'batch': not timed one by one; the clock is read twice for every 1,000 requests. For what the timing itself costs. */
  timing: z.enum(['each', 'batch']).optional(),
  /** Take apart each request's time by the stages of its upcall. */
  stages: z.boolean().optional(),
  /** Absent: nothing goes wrong on purpose. */
  faults: z.array(faultSchema).min(1).max(maxFaults).optional(),
});
export type WindowPlan = z.infer<typeof windowSchema>;

export const expectedSchema = z.enum(['held', 'violated', 'any']);
export type Expected = z.infer<typeof expectedSchema>;

export const cellSchema = z.strictObject({
  id: name,
  mechanism: mechanismSchema,
  fallback: z.enum(fallbacks),
  /** Whose agent: one per container, one for all of them, or none at all where no agents answer. */
  topology: z.enum(agentKinds),
  scenario: name,
  /** The module's bound on an agent. */
  timeoutMs: z.int().min(1).max(3_600_000),
  /** A request that took longer is late. */
  deadlineMs: z.int().min(1),
  backoffUs: z.int().min(0),
  /** Agents are busy for so long before each answer: a difference on purpose, for trying a comparison on it. Absent: not at all. */
  agentDelayNs: z.int().min(1).max(longestDelayNs).optional(),
  /** The module executes so many instructions more than it needs in each upcall, likewise on purpose. Absent: none. */
  pathInstructions: z.int().min(1).max(mostPathInstructions).optional(),
  /** Sizes of the answers, taken in turn: request number k of a requester gets the one at k modulo their number. */
  payloadBytes: z.array(z.int().min(256).max(1024)).min(1).max(8),
  requests: z.strictObject({
    kind: z.enum(requestKinds),
    /** So many of a hundred requests ask for a key that the requester has already: no upcall. Only with `fresh`. */
    hitPercent: z.int().min(0).max(99),
  }),
  containers: z.array(containerSchema).min(1),
  /** Requests per requester before the first window, not measured. */
  warmup: z.int().min(0),
  windows: z.array(windowSchema).min(1),
  /** Errno names that may happen to the victim while a fault is on, or (never-served) must happen to all. */
  expectedErrors: z.array(z.string().regex(/^E[A-Z0-9]+$/)),
  /** bystander-unaffected: its p99 in fault windows is at most this many times its p99 in fault-free windows of the boot. */
  bystanderFactor: z.number().positive().optional(),
  /** Only the oracles named are judged. */
  expect: z.partialRecord(z.enum(oracleNames), expectedSchema),
});
export type CellPlan = z.infer<typeof cellSchema>;

/** A property that a check can report, e.g. `host-helper-absent`. */
export const propertyName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);

/** Checks of one mechanism: programs of the guest, each of which reports properties. There is no load and nothing is timed. */
export const checkBlockSchema = z.strictObject({
  id: name,
  mechanism: mechanismSchema,
  fallback: z.enum(fallbacks),
  scenario: name,
  timeoutMs: z.int().min(1).max(3_600_000),
  /** In this order. */
  checks: z.array(name).min(1).max(16),
  /** What each property is expected to be; one that is expected and not reported is unknown. */
  expect: z.record(propertyName, expectedSchema),
  /** Faults that the checks inject, each of which must be seen to take effect and to be gone again; absent: none. */
  faults: z.array(name).optional(),
});
export type CheckBlock = z.infer<typeof checkBlockSchema>;

/** One step of a boot, in the order in which it is done. */
export const stepSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('floor'), floor: z.enum(floorNames), iterations: z.int().min(1) }),
  z.strictObject({ kind: z.literal('cell'), cell: name }),
  z.strictObject({ kind: z.literal('checks'), checks: name }),
]);
export type Step = z.infer<typeof stepSchema>;

export const bootSchema = z.strictObject({
  index: z.int().min(0),
  /** Boots of one block are compared with one another. */
  block: z.int().min(0),
  seed: z.int().min(0),
  steps: z.array(stepSchema).min(1),
});
export type BootPlan = z.infer<typeof bootSchema>;

/** A git commit. */
const commitSchema = z.string().regex(/^[0-9a-f]{40}$/);

/** Stands for a kernel's name in a plan whose kernel has none. */
export const ownTreeName = 'own-tree';
/** Likewise in one for a machine that runs a kernel of its own. */
export const machinesKernelName = 'of-the-machine';

export const planSchemaName = 'keystorm/plan/5';

export const planSchema = z.strictObject({
  schema: z.literal(planSchemaName),
  seed: z.int().min(0),
  machine: z.string().min(1),
  /** What was asked for; 'auto': KVM where it was proved to boot, else TCG. What it came to is in each boot's description. */
  accelerator: z.enum(accelerators),
  /** A kernel's name, as `keystorm list kernels` has it. */
  kernel: z.string().min(1),
  /** The folder of a kernel's build tree: that kernel was asked for, and `kernel` is `ownTreeName`. */
  kernelTree: z.string().min(1).optional(),
  /** The kernel modules are those of this commit of the checkout; absent: those of its working tree. */
  moduleCommit: commitSchema.optional(),
  /** Of what makes no difference (padding, the order in which objects are linked), how it is arranged. Absent: as usual. */
  arrangement: z.int().min(1).max(mostArrangement).optional(),
  clock: z.enum(clocks),
  smp: z.int().min(1),
  memoryMiB: z.int().min(64),
  cells: z.array(cellSchema),
  /** Beside the cells: what is judged by programs of the guest rather than from requests. */
  checks: z.array(checkBlockSchema),
  boots: z.array(bootSchema).min(1),
  /** What was asked for and does not apply, with the reason: shown as such, never silently left out. */
  notApplicable: z.array(z.strictObject({ mechanism: name, scenario: name, reason: z.string() })),
});
export const planChecker = compiledWhenOften(planSchema);
export type Plan = z.infer<typeof planSchema>;
