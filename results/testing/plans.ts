// SPDX-License-Identifier: MIT
/** Small plans and manifests for tests: valid as they are, each part replaceable. */
import { type Manifest, runSchemaName } from '../manifest.ts';
import { type BootPlan, type CellPlan, type ContainerPlan, type Plan, planSchemaName } from '../plan.ts';

export function aContainer(name: string, overrides: Partial<ContainerPlan> = {}): ContainerPlan {
  return {
    name,
    requesters: 1,
    agent: 'own',
    agentUid: 0,
    requesterUid: 0,
    setuid: false,
    role: 'subject',
    ...overrides,
  };
}

/** One container, one fault-free window, mechanism keyagent-fd. */
export function aCell(overrides: Partial<CellPlan> = {}): CellPlan {
  return {
    id: 'c0',
    mechanism: { name: 'keyagent-fd', route: 'session', delivery: 'fd-write', helper: 'keyutils' },
    fallback: 'refuse',
    topology: 'own',
    scenario: 'latency',
    timeoutMs: 30_000,
    deadlineMs: 5000,
    backoffUs: 2000,
    payloadBytes: [256],
    requests: { kind: 'fresh', hitPercent: 0 },
    containers: [aContainer('subject')],
    warmup: 5,
    windows: [{ ms: 4000, maxRequests: 40, samples: false }],
    expectedErrors: [],
    expect: {},
    ...overrides,
  };
}

/** A victim whose agent is killed in the second window, and a bystander, with samples enough for a p99. */
export function aFaultCell(overrides: Partial<CellPlan> = {}): CellPlan {
  const window = { ms: 4000, maxRequests: 1000, samples: true };
  return aCell({
    scenario: 'agent-killed',
    containers: [aContainer('victim', { role: 'victim' }), aContainer('bystander', { role: 'bystander' })],
    windows: [
      window,
      { ...window, faults: [{ name: 'kill-answerer', container: 'victim', atMs: 1000, untilMs: 1500 }] },
    ],
    expectedErrors: ['ENOKEY'],
    bystanderFactor: 3,
    ...overrides,
  });
}

/** `boots` boots of one block each, every one with the floors and all cells in order. */
export function aPlan(cells: CellPlan[], boots = 2, overrides: Partial<Plan> = {}): Plan {
  const steps: BootPlan['steps'] = [
    { kind: 'floor', floor: 'syscall', iterations: 100 },
    { kind: 'floor', floor: 'vfork_exec', iterations: 30 },
    ...cells.map(({ id }) => ({ kind: 'cell' as const, cell: id })),
  ];
  return {
    schema: planSchemaName,
    accelerator: 'auto',
    seed: 7,
    machine: 'fake',
    kernel: '6.1',
    clock: 'wall',
    smp: 1,
    memoryMiB: 256,
    cells,
    checks: [],
    boots: Array.from({ length: boots }, (_, index) => ({ index, block: index, seed: 100 + index, steps })),
    notApplicable: [],
    ...overrides,
  };
}

export function aManifest(plan: Plan): Manifest {
  return {
    schema: runSchemaName,
    runId: 'test-run',
    createdAt: '2024-01-01T00:00:00.000Z',
    tool: { version: '0.0.0', commit: null, dirty: false },
    plan,
    host: { name: 'testhost', cpuModel: 'none', cpus: 1, memoryBytes: 1, os: 'none', node: 'v20' },
    seed: plan.seed,
    repro: 'keystorm bench --seed 7',
  };
}
