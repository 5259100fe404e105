// SPDX-License-Identifier: MIT
import type {
  BootPlan,
  CellPlan,
  CheckBlock,
  ContainerPlan,
  FaultPlan,
  Plan,
  Step,
  WindowPlan,
} from '../../results/plan.ts';
import { KeystormError } from '../../vm/failure.ts';

/** One boot of a plan as the text that the guest runner reads; its words are explained in docs/guest-protocol.md. */
export function renderGuestPlan(plan: Plan, boot: BootPlan): string {
  const lines = ['keystorm-plan 4', `boot ${boot.index}`];
  for (const step of boot.steps) {
    lines.push(...stepLines(plan, step));
  }
  return `${[...lines, 'run'].join('\n')}\n`;
}

/** Containers with their agents and without a load, which are there until the runner is told to end. */
export interface HoldPlan extends Pick<CellPlan, 'mechanism' | 'fallback' | 'timeoutMs'> {
  readonly containers: readonly ContainerPlan[];
}

/** The name of its cell, which is part of the names that crun knows its containers by. */
export const heldCell = 'held';

/** The text of a plan that does nothing but hold. */
export function renderHold({ containers, ...setting }: HoldPlan): string {
  const needed = ['  deadline_ms 10000', '  backoff_us 0', '  payload_bytes 256'];
  const cell = [
    `cell ${heldCell}`,
    ...settingLines(setting),
    ...needed,
    ...containers.map(containerLine),
    '  hold',
    'end',
  ];
  return `${['keystorm-plan 4', 'boot 0', ...cell, 'run'].join('\n')}\n`;
}

function stepLines(plan: Plan, step: Step): string[] {
  switch (step.kind) {
    case 'floor':
      return [`floor ${step.floor} ${step.iterations}`];
    case 'cell':
      return cellLines(cellOf(plan, step.cell));
    case 'checks':
      return checksLines(checksOf(plan, step.checks));
  }
}

/** The cell of that id. @throws KeystormError (2) when the plan, which may come from a file, has none. */
export function cellOf(plan: Plan, id: string): CellPlan {
  const cell = plan.cells.find((each) => each.id === id);
  if (cell === undefined) throw new KeystormError(`The plan has a boot with cell '${id}', but no such cell.`);
  return cell;
}

/** Likewise of a block of checks. */
export function checksOf(plan: Plan, id: string): CheckBlock {
  const block = plan.checks.find((each) => each.id === id);
  if (block === undefined) throw new KeystormError(`The plan has a boot with checks '${id}', but no such checks.`);
  return block;
}

function checksLines(block: CheckBlock): string[] {
  return [`checks ${block.id}`, ...settingLines(block), ...block.checks.map((name) => `  check ${name}`), 'end'];
}

/** How helper and module are set up. */
function settingLines({
  mechanism,
  fallback,
  timeoutMs,
}: Pick<CellPlan, 'mechanism' | 'fallback' | 'timeoutMs'>): string[] {
  const { name, route, delivery, helper } = mechanism;
  return [
    `  mechanism ${name}`,
    `  route ${route}`,
    `  delivery ${delivery}`,
    `  helper ${helper}`,
    `  fallback ${fallback}`,
    `  timeout_ms ${timeoutMs}`,
  ];
}

function cellLines(cell: CellPlan): string[] {
  return [
    `cell ${cell.id}`,
    ...settingLines(cell),
    `  deadline_ms ${cell.deadlineMs}`,
    `  backoff_us ${cell.backoffUs}`,
    ...(cell.agentDelayNs === undefined ? [] : [`  agent_delay_ns ${cell.agentDelayNs}`]),
    ...(cell.pathInstructions === undefined ? [] : [`  path_instructions ${cell.pathInstructions}`]),
    `  payload_bytes ${cell.payloadBytes.join(' ')}`,
    `  requests ${cell.requests.kind} hit_percent ${cell.requests.hitPercent}`,
    ...cell.containers.map(containerLine),
    `  warmup ${cell.warmup}`,
    ...cell.windows.flatMap(windowLines),
    'end',
  ];
}

function containerLine(container: ContainerPlan): string {
  const { name, requesters, agent, agentUid, requesterUid, setuid, depth } = container;
  const uids = `agent_uid ${agentUid} requester_uid ${requesterUid} setuid ${setuid ? 1 : 0}`;
  const below = depth === undefined ? '' : ` depth ${depth}`;
  return `  container ${name} requesters ${requesters} agent ${agent} ${uids}${below}`;
}

function windowLines(window: WindowPlan): string[] {
  const line = [
    `  window ${window.ms} ${window.maxRequests}`,
    ...(window.samples ? ['samples'] : []),
    ...(window.timing === 'batch' ? ['batch'] : []),
    ...(window.stages === true ? ['stages'] : []),
    ...(window.rate === undefined ? [] : [`rate ${window.rate}`]),
  ].join(' ');
  return [line, ...(window.faults ?? []).map(faultLine)];
}

/** What is done to no container is done to the guest. */
function faultLine({ name, container = 'guest', atMs, untilMs, amount }: FaultPlan): string {
  const much = amount === undefined ? '' : ` amount ${amount}`;
  return `  fault ${name} ${container} at_ms ${atMs} until_ms ${untilMs}${much}`;
}
