// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../bench/testing/suite.ts';
import { crc32Hex, crc32Of, tableCrc32 } from './crc32.ts';
import { decodeFrameLine, encodeFrameLine, type Frame, frameSchema, looksLikeFrame } from './frames.ts';
import { histogramOf } from './histogram-data.ts';
import { framesOfBoot } from './testing/frames.ts';
import { aFaultCell, aPlan } from './testing/plans.ts';

const test = suite('frames');

const plan = aPlan([aFaultCell()], 1);
const frames = plan.boots.flatMap((boot) => framesOfBoot(plan, boot).map((frame, n) => ({ ...frame, n }) as Frame));

/** The types of frame that the small plan has no occasion for. */
const rare: Frame[] = [
  { t: 'error', n: 0, where: 'plan line 3', message: 'unknown word' },
  {
    t: 'meter',
    n: 1,
    cell: 'c0',
    index: 0,
    mono_before: 10,
    mono_after: 20,
    rx_packets: 0,
    tx_packets: 0,
    rx_bytes: 0,
    tx_bytes: 0,
    console_bytes: 0,
    kernel_log_bytes: 0,
    steal_ns: 0,
    idle_ns: 10_000_000,
    context_switches: 4,
  },
  {
    t: 'stages',
    n: 2,
    cell: 'c0',
    index: 0,
    container: 'victim',
    requests: 2,
    unjoined: 1,
    lost: 0,
    parts: [
      { name: 'enter', hist: histogramOf([7, 9]) },
      { name: 'assume', hist: histogramOf([3]) },
    ],
  },
  {
    t: 'check',
    n: 3,
    cell: 'k0',
    check: 'fallbacks',
    property: 'refuses-at-the-boundary',
    outcome: 'held',
    evidence: 'ENOKEY in 0.1 ms',
    mono: 10,
  },
  { t: 'check-fault', n: 4, cell: 'k0', check: 'full-quota', fault: 'full-quota', hits: 3, gone: true, mono: 11 },
];

/** What a window frame has only where the plan asks for it. */
const empty = histogramOf([]);
const occasional = {
  arrivals: { late: 1, missed: 2, service_hist: empty },
  hits: { ok: 0, hist: empty },
  rounds: { count: 1, hist: histogramOf([7]) },
  batch: { size: 1000, clock_reads: 4 },
};

/** The line of any value, sealed as a guest would: only the schema can refuse it. */
function line(value: unknown): string {
  const json = JSON.stringify(value);
  return `KSF ${crc32Hex(json)} ${json}`;
}

function reasonFor(text: string): string {
  const decoded = decodeFrameLine(text);
  return decoded.ok ? 'accepted' : decoded.reason;
}

test('the checksum is the one of zlib', () => {
  assert.is(crc32Hex('123456789'), 'cbf43926');
  assert.is(crc32Hex(''), '00000000');
  assert.is(crc32Hex('ä'), crc32Hex(Buffer.from([0xc3, 0xa4])));
});

test('with and without Node.js having one, in one piece or in two: the same checksum', () => {
  assert.is(tableCrc32('123456789'), 0xcbf43926);
  fc.assert(
    fc.property(fc.uint8Array(), fc.string({ unit: 'binary' }), (bytes, text) => {
      assert.is(tableCrc32(bytes), crc32Of(bytes));
      assert.is(tableCrc32(text, tableCrc32(bytes)), crc32Of(text, crc32Of(bytes)));
      assert.is(crc32Of(text, crc32Of(bytes)), tableCrc32(Buffer.concat([bytes, Buffer.from(text, 'utf8')])));
    }),
  );
});

test('every type of frame is read back as it was written', () => {
  const types = new Set<string>();
  for (const frame of [...frames, ...rare]) {
    assert.equal(decodeFrameLine(encodeFrameLine(frame)), { ok: true, frame });
    types.add(frame.t);
  }
  assert.is(types.size, frameSchema.options.length);
});

test('a frame with a field missing, of a wrong type, or not in the protocol is refused, and the field is named', () => {
  const all = [...frames, ...rare];
  for (const frame of all.filter((f, i) => all.findIndex(({ t }) => t === f.t) === i)) {
    assert.match(reasonFor(line({ ...frame, novelty: 1 })), /novelty/);
    for (const field of Object.keys(frame).filter((name) => name !== 'in_time' && !(name in occasional))) {
      const { [field]: _, ...without } = frame as unknown as Record<string, unknown>;
      assert.is.not(reasonFor(line(without)), 'accepted', `${frame.t} without ${field}`);
      assert.is.not(reasonFor(line({ ...frame, [field]: { odd: true } })), 'accepted', `${frame.t} with odd ${field}`);
    }
  }
  const window = frames.find(({ t }) => t === 'window') as Extract<Frame, { t: 'window' }>;
  assert.match(reasonFor(line({ ...window, ok: '3' })), /^ok:/);
  assert.match(reasonFor(line({ ...window, ok: 1.5 })), /^ok:/);
  assert.match(reasonFor(line({ ...window, in_time: -1 })), /^in_time:/);
  assert.is(reasonFor(line({ ...window, in_time: undefined })), 'accepted', 'runners of protocol 1 did not count it');
  assert.match(reasonFor(line({ ...window, hist: { ...window.hist, count: 1 } })), /^hist: buckets hold/);
});

test('a window whose histograms do not hold what it counted is refused', () => {
  const window = frames.find(({ t }) => t === 'window') as Extract<Frame, { t: 'window' }>;
  const { ok, hist } = window;
  assert.match(reasonFor(line({ ...window, ok: ok + 1 })), /hist holds \d+ of \d+ ok requests/);
  assert.match(reasonFor(line({ ...window, in_time: ok + 1 })), /ok in time/);
  assert.match(reasonFor(line({ ...window, hits: { ok: 3, hist: histogramOf([1, 2]) } })), /holds 2 of 3 hits/);
  assert.match(reasonFor(line({ ...window, arrivals: { late: 0, missed: 0, service_hist: empty } })), /service_hist/);
  const batch = { size: 1000, clock_reads: 4 };
  assert.match(reasonFor(line({ ...window, batch })), /hist holds/, 'there is no latency in a batch');
  assert.is(reasonFor(line({ ...window, batch, hist: empty })), 'accepted');
  assert.is(reasonFor(line({ ...window, arrivals: { late: 0, missed: 0, service_hist: hist } })), 'accepted');
});

test('what a window has only in open loop, storms, batches or with hits may be there, whole, or not at all', () => {
  const full = frames.find(({ t }) => t === 'window') as Extract<Frame, { t: 'window' }>;
  const window = { ...full, ok: 0, in_time: 0, hist: empty };
  for (const [field, value] of Object.entries(occasional)) {
    assert.is(reasonFor(line({ ...window, [field]: value })), 'accepted', field);
    assert.match(reasonFor(line({ ...window, [field]: { ...value, novelty: 1 } })), /novelty/);
    for (const part of Object.keys(value)) {
      const { [part]: _, ...without } = value as Record<string, unknown>;
      assert.match(reasonFor(line({ ...window, [field]: without })), new RegExp(`^${field}.${part}:`));
    }
  }
});

test('a hello of an earlier protocol is still read, one of a later is not', () => {
  const hello = frames.find(({ t }) => t === 'hello');
  assert.is(reasonFor(line({ ...hello, protocol: 1 })), 'accepted');
  assert.is(reasonFor(line({ ...hello, protocol: 2 })), 'accepted');
  assert.is(reasonFor(line({ ...hello, protocol: 3 })), 'accepted');
  assert.match(reasonFor(line({ ...hello, protocol: 5 })), /^protocol:/);
});

test('stages that hold more requests than were taken apart, or a part twice, are refused', () => {
  const stages = rare.find(({ t }) => t === 'stages') as Extract<Frame, { t: 'stages' }>;
  const [enter] = stages.parts;
  assert.match(reasonFor(line({ ...stages, requests: 1 })), /part enter holds 2 of 1 requests/);
  assert.match(reasonFor(line({ ...stages, parts: [enter, enter] })), /part enter comes twice/);
  assert.match(reasonFor(line({ ...stages, parts: [{ ...enter, name: 'elsewhere' }] })), /^parts\.0\.name:/);
});

test('an agent that all containers share has no container', () => {
  const agent = frames.find(({ t }) => t === 'agent');
  assert.is(reasonFor(line({ ...agent, container: null })), 'accepted');
});

test('an unknown type of frame is refused', () => {
  assert.is.not(reasonFor(line({ t: 'surprise', n: 0 })), 'accepted');
});

test('a wrong checksum, a torn line and a line of another form are refused with different reasons', () => {
  const good = encodeFrameLine(frames[0] as Frame);
  assert.match(reasonFor(good.replace('"smp":1', '"smp":2')), /crc is [0-9a-f]{8}/);
  assert.match(reasonFor(good.slice(0, 40)), /not of the form/);
  assert.match(reasonFor('KSF hello'), /not of the form/);
  assert.match(reasonFor(line([1])), /not of the form/);
  const unparsable = `KSF ${crc32Hex('{a}')} {a}`;
  assert.match(reasonFor(unparsable), /does not parse/);
  assert.ok(looksLikeFrame('KSF hello') && !looksLikeFrame('[    0.1] KSF x') && !looksLikeFrame(''));
});

test('no line, however odd, makes the decoder throw', () => {
  fc.assert(fc.property(fc.string(), (text) => typeof reasonFor(text) === 'string'));
  fc.assert(fc.property(fc.jsonValue(), (value) => typeof reasonFor(line(value)) === 'string'));
  fc.assert(
    fc.property(fc.constantFrom(...frames), fc.jsonValue(), fc.nat(30), (frame, value, at) => {
      const fields = Object.keys(frame);
      const field = fields[at % fields.length] as string;
      return typeof reasonFor(line({ ...frame, [field]: value })) === 'string';
    }),
  );
});

test.run();
