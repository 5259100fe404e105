// SPDX-License-Identifier: MIT
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { complaintOf } from './vagrant.ts';

const test = suite('what Vagrant complains of');

test('its first paragraph, on one line', () => {
  const said = `The box you're attempting to add doesn't support the provider
you requested. Please find an alternate box.

Name: keystorm
Requested provider: libvirt
`;
  assert.is(
    complaintOf(said),
    "The box you're attempting to add doesn't support the provider you requested. Please find an alternate box",
  );
});

test('Ruby’s warnings are none', () => {
  const said =
    '/usr/share/x.rb:12: warning: method redefined\nWARNING: old\n\n==> default: Call to virDomainCreate failed: no\n';
  assert.is(complaintOf(said), 'Call to virDomainCreate failed: no');
  assert.is(complaintOf('/usr/x.rb:1: warning: again\n'), '');
  assert.is(complaintOf(''), '');
});

test.run();
