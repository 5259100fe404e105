// SPDX-License-Identifier: MIT
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../../bench/testing/suite.ts';
import { parseSshConfig } from './ssh-config.ts';

const test = suite('what vagrant ssh-config says');

/** As Vagrant 2.3.4 writes it, with what it may say before. */
const real = `[fog][WARNING] Unrecognized arguments: libvirt_ip_command
Host default
  HostName 192.168.121.7
  User root
  Port 22
  UserKnownHostsFile /dev/null
  StrictHostKeyChecking no
  PasswordAuthentication no
  IdentityFile "/tmp/with space/key"
  IdentitiesOnly yes
  LogLevel FATAL
`;

const settings = { hostname: '192.168.121.7', port: 22, user: 'root', identityfile: '/tmp/with space/key' };

test('the settings of a guest are found', () => {
  assert.equal(parseSshConfig(real), settings);
});

test('the first value of a keyword counts, in whatever case it is', () => {
  const text = `${real}  IdentityFile /other\n  port 23\n`;
  assert.equal(parseSshConfig(text.replace('HostName', 'hostname')), settings);
});

test('what is missing or not to be believed is named', () => {
  const says = (text: string, what: RegExp) => assert.throws(() => parseSshConfig(text), what);
  says('', /no usable hostname, port, user, identityfile$/);
  says(real.replace(/^.*Port.*\n/m, ''), /no usable port$/);
  says(real.replace('Port 22', 'Port 70000'), /no usable port$/);
  says(real.replace('192.168.121.7', '-oProxyCommand=reboot'), /no usable hostname$/);
  says(real.replace('User root', 'User root;reboot'), /no usable user$/);
});

test('any settings that can be written are read back', () => {
  const host = fc.oneof(fc.ipV4(), fc.ipV6());
  const port = fc.integer({ min: 1, max: 65_535 });
  const user = fc.stringMatching(/^[a-z_][a-z0-9_-]{0,30}$/);
  const file = fc.stringMatching(/^\/[!#-~]([ !#-~]{0,40}[!#-~])?$/);
  fc.assert(
    fc.property(host, port, user, file, fc.boolean(), (hostname, number, name, identityfile, quoted) => {
      const written = quoted ? `"${identityfile}"` : identityfile;
      const text = `Host default\n  HostName ${hostname}\n\tPort=${number}\n  User ${name}\n  IdentityFile ${written}\n`;
      assert.equal(parseSshConfig(text), { hostname, port: number, user: name, identityfile });
    }),
  );
});

test.run();
