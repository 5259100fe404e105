// SPDX-License-Identifier: MIT
/* ioctl(2): ours with every field right or wrong, numbers near ours, anything at all; also on what is no queue. */
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "../module/selftest/harness.h"
#include "fuzz.h"

/* Would make reads of a queue wait. */
#define FIONBIO_NUMBER 0x5421u

static const char *const key_types[] = {
	"", "user", "logon", "keyring", "keyagent", "usermode_helper", "dns_resolver", ".request_key_auth", "no-such-type",
	"a-name-of-thirty-one-characters",
};

void draw_agent(char *text)
{
	static const char *const deliveries[] = { "fd-write", "fd-write", "fd-keyctl", "fd-keyctl", "signal", "fd", "" };
	unsigned char *at = (unsigned char *)text;

	memset(text, 0, 40);
	if (once_in(8)) {
		draw_bytes(text, draw(40));
		return;
	}
	if (once_in(6))
		snprintf(text, 40, "%s:%d", draw_of(deliveries), draw_descriptor());
	else if (once_in(6))
		snprintf(text, 40, "%s:%llu", draw_of(deliveries), (unsigned long long)draw_edge());
	else if (once_in(6))
		snprintf(text, 40, "signal:%u", 30 + draw(40));
	else
		snprintf(text, 40, "%s:%d", once_in(2) ? "fd-write" : "fd-keyctl", draw_queue());
	if (once_in(16))
		at[draw(39)] = (unsigned char)draw_bits();
}

static struct ks_registration draw_registration(bool withdraw)
{
	struct ks_registration registration = { .size = sizeof(registration) };

	registration.route = once_in(16) ? (uint32_t)draw_edge() : 1 + draw(2);
	registration.flags = once_in(16) ? (uint32_t)draw_edge() : once_in(3);
	registration.nr_namespaces = once_in(16) ? (uint32_t)draw_edge() : draw(registration.route == KS_ROUTE_USERNS ? 2 : 8);
	if (once_in(2))
		draw_namespaces(registration.namespaces, registration.nr_namespaces);
	else
		for (uint32_t i = 0; i < KS_NAMESPACES_MAX; i++)
			if (i < registration.nr_namespaces || once_in(32))
				registration.namespaces[i] = draw_descriptor();
	snprintf(registration.key_type, sizeof(registration.key_type), "%s", draw_of(key_types));
	if (once_in(16))
		draw_bytes(registration.key_type, sizeof(registration.key_type));
	if (!withdraw || once_in(8))
		draw_agent(registration.agent);
	if (once_in(16))
		((unsigned char *)&registration)[draw(sizeof(registration))] ^= (unsigned char)(1u << draw(8));
	if (once_in(16))
		registration.size = (uint32_t)draw_edge();
	return registration;
}

/* On something, with an argument that is there, is cut off, or is not there at all. */
static long try_ioctl(enum interface interface, unsigned long number, const void *argument, size_t size)
{
	int fd = once_in(16) ? draw_descriptor() : draw_queue();
	void *at = at_the_edge(argument, size);

	if (once_in(16))
		at = draw_bad_address();
	else if (size && once_in(16))
		at = (char *)at_the_edge(argument, draw((uint32_t)size));
	calling(interface);
	return called(interface, ioctl(fd, number, at));
}

static void try_registration(void)
{
	bool withdraw = once_in(3);
	struct ks_registration registration = draw_registration(withdraw);

	try_ioctl(withdraw ? IOCTL_WITHDRAW : IOCTL_REGISTER, withdraw ? KS_IOC_WITHDRAW : KS_IOC_REGISTER, &registration,
		  sizeof(registration));
}

static void try_stages(void)
{
	static struct ks_stage records[64];
	struct ks_stages stages = { .size = sizeof(stages), .nr = draw(64), .records = (uint64_t)(uintptr_t)records };

	if (once_in(4))
		stages.size = (uint32_t)draw_edge();
	if (once_in(4))
		stages.nr = (uint32_t)draw_edge();
	if (stages.nr > 64 || once_in(4))
		stages.records = (uint64_t)(uintptr_t)draw_bad_address();
	if (once_in(8))
		stages.lost = draw_edge();
	try_ioctl(IOCTL_STAGES, KS_IOC_STAGES, &stages, sizeof(stages));
}

static void try_any(void)
{
	unsigned char bytes[256];
	unsigned int number;

	draw_bytes(bytes, sizeof(bytes));
	switch (draw(4)) {
	case 0:
		number = (unsigned int)draw_bits();
		break;
	case 1:
		number = draw(0x300);
		break;
	case 2:
		number = (unsigned int)_IOC(draw(4), 'k', 0xD8 + draw(16), draw(256));
		break;
	default:
		number = (unsigned int)KS_IOC_REGISTER ^ (1u << draw(32));
		break;
	}
	if (number == FIONBIO_NUMBER)
		return;
	calling(IOCTL_OTHER);
	called(IOCTL_OTHER, ioctl(draw_queue(), number, once_in(4) ? draw_bad_address() : at_the_edge(bytes, draw(256))));
}

void fuzz_ioctl(void)
{
	switch (draw(5)) {
	case 0:
		try_any();
		break;
	case 1:
		try_stages();
		break;
	default:
		try_registration();
		break;
	}
}
