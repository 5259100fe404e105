// SPDX-License-Identifier: MIT
#include "registration.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "keystorm_uapi.h"
#include "queue.h"

static int open_namespaces(const struct ks_filter *filter, struct ks_registration *registration)
{
	char path[64];

	for (uint32_t i = 0; i < filter->count; i++) {
		int fd;

		snprintf(path, sizeof(path), "/proc/self/ns/%s", filter->kinds[i]);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return -1;
		registration->namespaces[registration->nr_namespaces++] = fd;
	}
	return 0;
}

static void close_namespaces(const struct ks_registration *registration)
{
	for (uint32_t i = 0; i < registration->nr_namespaces; i++)
		close(registration->namespaces[i]);
}

static int submit(int device, struct ks_registration *registration)
{
	if (!ioctl(device, KS_IOC_REGISTER, registration))
		return 0;
	if (errno != EEXIST)
		return -1;
	registration->flags |= KS_REATTACH;
	return ioctl(device, KS_IOC_REGISTER, registration);
}

int ks_register(const struct ks_agent_options *options, uint32_t route, const struct ks_filter *namespaces, const char *text)
{
	struct ks_registration registration = { .size = sizeof(registration), .route = route };
	const char *type = strcmp(options->key_type, KS_ANY_TYPE) ? options->key_type : "";
	int device = ks_queue_fd(), result, error;

	if (strlen(type) >= sizeof(registration.key_type) || strlen(text) >= sizeof(registration.agent)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(registration.key_type, type);
	strcpy(registration.agent, text);
	/* Any open device will do for asking: what serves is what `text` says. */
	if (device < 0)
		device = open(KS_DEVICE, O_RDWR | O_CLOEXEC);
	result = device < 0 || open_namespaces(namespaces, &registration) ? -1 : submit(device, &registration);
	error = errno;
	close_namespaces(&registration);
	if (device >= 0 && device != ks_queue_fd())
		close(device);
	errno = error;
	return result;
}
