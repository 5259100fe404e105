// SPDX-License-Identifier: MIT
/* The parameters. Every process holds them open for writing; to write is root's alone. */
#include <string.h>
#include <unistd.h>

#include "fuzz.h"

/* Valid ones too, save those that would have others wait for long or send everything to the host's helper. */
static const char *const words[] = {
	"session", "userns", "intercept", "null", "refuse", "0", "1", "5", "20", "20\n", "session\n", "", "\n", " ", "sessions",
	"-1", "3600001", "99999999999999999999", "0x10", "1e3", "yes", "off ", "stock\nrefuse", "%s%n", "1 1",
};

void fuzz_setting(enum role role)
{
	char text[64];
	size_t size;
	int setting = (int)draw(NR_SETTINGS);
	long written;

	strcpy(text, draw_of(words));
	size = strlen(text);
	if (once_in(4)) {
		size = draw(sizeof(text));
		draw_bytes(text, size);
	}
	calling(SETTING);
	if (once_in(16))
		written = called(SETTING, pwrite(setting_descriptor(setting), draw_bad_address(), 8, 0));
	else
		written = called(SETTING, pwrite(setting_descriptor(setting), text, size, 0));
	if (role != ROOT && written > 0)
		violated("%s has written %ld bytes to the setting %s", role_names[role], written, setting_names[setting]);
}
