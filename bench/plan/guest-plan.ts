// SPDX-License-Identifier: MIT
import type { BootPlan, CellPlan, ContainerPlan, Plan, WindowPlan } from '../../results/plan.ts';
import { KeystormError } from '../../vm/failure.ts';

/** One boot of a plan as the text that the guest runner reads; its words are explained in docs/guest-protocol.md. */
export function renderGuestPlan(plan: Plan, boot: BootPlan): string {
  const lines = ['keystorm-plan 2', `boot ${boot.index}`];
  for (const step of boot.steps) {
    if (step.kind === 'floor') lines.push(`floor ${step.floor} ${step.iterations}`);
    else lines.push(...cellLines(cellOf(plan, step.cell)));
  }
  return `${[...lines, 'run'].join('\n')}\n`;
}

/** The cell of that id. @throws KeystormError (2) when the plan, which may come from a file, has none. */
export function cellOf(plan: Plan, id: string): CellPlan {
  const cell = plan.cells.find((each) => each.id === id);
  if (cell === undefined) throw new KeystormError(`The plan has a boot with cell '${id}', but no such cell.`);
  return cell;
}

function cellLines(cell: CellPlan): string[] {
  const { name, route, delivery, helper } = cell.mechanism;
  return [
    `cell ${cell.id}`,
    `  mechanism ${name}`,
    `  route ${route}`,
    `  delivery ${delivery}`,
    `  helper ${helper}`,
    `  fallback ${cell.fallback}`,
    `  timeout_ms ${cell.timeoutMs}`,
    `  deadline_ms ${cell.deadlineMs}`,
    `  backoff_us ${cell.backoffUs}`,
    `  payload_bytes ${cell.payloadBytes.join(' ')}`,
    `  requests ${cell.requests.kind} hit_percent ${cell.requests.hitPercent}`,
    ...cell.containers.map(containerLine),
    `  warmup ${cell.warmup}`,
    ...cell.windows.flatMap(windowLines),
    'end',
  ];
}

function containerLine(container: ContainerPlan): string {
  const { name, requesters, agent, agentUid, requesterUid, setuid } = container;
  const uids = `agent_uid ${agentUid} requester_uid ${requesterUid} setuid ${setuid ? 1 : 0}`;
  return `  container ${name} requesters ${requesters} agent ${agent} ${uids}`;
}

function windowLines(window: WindowPlan): string[] {
  const line = [
    `  window ${window.ms} ${window.maxRequests}`,
    ...(window.samples ? ['samples'] : []),
    ...(window.timing === 'batch' ? ['batch'] : []),
    ...(window.rate === undefined ? [] : [`rate ${window.rate}`]),
  ].join(' ');
  if (window.fault === undefined) return [line];
  const { name, container, atMs, untilMs } = window.fault;
  return [line, `  fault ${name} ${container} at_ms ${atMs} until_ms ${untilMs}`];
}
