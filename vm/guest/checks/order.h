/* SPDX-License-Identifier: MIT */
/*
 * What passes between the check and the init of a place: an order to start a task comes to the init through the place's control
 * socket, with the task's channel; the task, as the init before it, says through its channel that it is there.
 */
#ifndef KS_CHECKS_ORDER_H
#define KS_CHECKS_ORDER_H

#include "place.h"

struct order {
	task_function run;
	size_t size;
	char argument[TASK_ARGUMENT_MAX];
};

/** A pair of sockets of that type. Returns the end that hears who is at the other. */
int place_channel(int type, int *other);

void order_send(int control, const struct order *order, int channel);

/** Says that this process is there: one byte with its credentials, whose pid the kernel translates for whoever reads it. */
void order_begun(int channel);

/** Waits for that; the process's pid in the init pid namespace. */
pid_t order_hear_pid(int channel);

/** What an init does for ever: it starts tasks as it is told, until the place is ended. */
__attribute__((noreturn)) void place_serve(int control);

#endif
