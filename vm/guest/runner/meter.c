// SPDX-License-Identifier: MIT
#include "meter.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/clock.h"
#include "console_log.h"
#include "failure.h"
#include "files.h"
#include "frame.h"

/* The file is named after the driver, which kernels of the 7 series call otherwise than those before. */
static const char *const serial_files[] = { "/proc/tty/driver/serial", "/proc/tty/driver/serial_8250" };
/* How it begins, whether there are ports or none. */
#define SERIAL_HEAD "serinfo:"
#define PROCESSORS "/proc/stat"

/* Room for the interrupts of a large machine. */
static char text[1 << 16];

/* "0: uart:16550A port:000003F8 irq:4 tx:27 rx:0 RTS|…", a line for each port; a port without a chip has no counts. */
static int read_console(struct meter_reading *reading)
{
	static const char *const ways[] = { " tx:", " rx:" };
	const char *serial = access(serial_files[1], F_OK) ? serial_files[0] : serial_files[1];

	if (file_read(serial, text, sizeof(text)))
		return fail("meter", "cannot read %s: %s", serial, strerror(errno));
	if (strncmp(text, SERIAL_HEAD, strlen(SERIAL_HEAD)) != 0)
		return fail("meter", "%s is not of the form it should be", serial);
	for (int i = 0; i < 2; i++)
		for (const char *at = text; (at = strstr(at, ways[i])); at++)
			reading->console_bytes += strtoull(at + strlen(ways[i]), NULL, 10);
	return 0;
}

static int read_processors(struct meter_reading *reading)
{
	uint64_t tick = KS_NS_PER_S / (uint64_t)sysconf(_SC_CLK_TCK), idle, steal;
	const char *switches;

	if (file_read(PROCESSORS, text, sizeof(text)))
		return fail("meter", "cannot read " PROCESSORS ": %s", strerror(errno));
	switches = strstr(text, "\nctxt ");
	/* user nice system idle iowait irq softirq steal */
	if (!switches || sscanf(text, "cpu %*u %*u %*u %" SCNu64 " %*u %*u %*u %" SCNu64, &idle, &steal) != 2)
		return fail("meter", PROCESSORS " is not of the form it should be");
	reading->idle_ns = idle * tick;
	reading->steal_ns = steal * tick;
	reading->context_switches = strtoull(switches + strlen("\nctxt "), NULL, 10);
	return 0;
}

static int take(struct meter_reading *reading)
{
	*reading = (struct meter_reading){ 0 };
	return network_read(&reading->network) || read_console(reading) || console_log_bytes(&reading->kernel_log_bytes) ||
			       read_processors(reading) ?
		       -1 :
		       0;
}

int meter_begin(struct meter *meter)
{
	meter->mono_before = ks_now();
	return take(&meter->before);
}

int meter_end(struct meter *meter)
{
	int result = take(&meter->after);

	meter->mono_after = ks_now();
	return result;
}

/* The kernel's idle time has been seen to step back by a tick. */
static uint64_t since(uint64_t before, uint64_t after)
{
	return after > before ? after - before : 0;
}

void meter_report(const struct meter *meter, const char *cell, uint32_t index)
{
	const struct meter_reading *before = &meter->before, *after = &meter->after;
	struct json *json = frame_begin("meter");

	json_text(json, "cell", cell);
	json_unsigned(json, "index", index);
	json_unsigned(json, "mono_before", meter->mono_before);
	json_unsigned(json, "mono_after", meter->mono_after);
	json_unsigned(json, "rx_packets", since(before->network.rx_packets, after->network.rx_packets));
	json_unsigned(json, "tx_packets", since(before->network.tx_packets, after->network.tx_packets));
	json_unsigned(json, "rx_bytes", since(before->network.rx_bytes, after->network.rx_bytes));
	json_unsigned(json, "tx_bytes", since(before->network.tx_bytes, after->network.tx_bytes));
	json_unsigned(json, "console_bytes", since(before->console_bytes, after->console_bytes));
	json_unsigned(json, "kernel_log_bytes", since(before->kernel_log_bytes, after->kernel_log_bytes));
	json_unsigned(json, "steal_ns", since(before->steal_ns, after->steal_ns));
	json_unsigned(json, "idle_ns", since(before->idle_ns, after->idle_ns));
	json_unsigned(json, "context_switches", since(before->context_switches, after->context_switches));
	frame_end();
}
