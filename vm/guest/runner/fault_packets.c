// SPDX-License-Identifier: MIT
/*
 * lose-packets: the agent fetches a credential for each answer from a server of its network, and so many in a hundred of the
 * datagrams on the way there are lost. It asks again, and gives up after a while: the request is then rejected with ETIMEDOUT. A hit is
 * a datagram that the kernel has lost.
 */
#include "fault.h"

#include <errno.h>

#include "credential_server.h"

static struct credential_server servers[PLAN_FAULTS_MAX];

static struct credential_server *server_of(const struct fault_record *record)
{
	return &servers[record->slot];
}

static int prepare(struct faults *faults, struct fault_record *record)
{
	const struct agent *agent = agent_live(record->container->agents);
	struct credential_server *server = server_of(record);

	(void)faults;
	*server = (struct credential_server){ -1, -1 };
	record->server = server;
	return agent ? credential_server_start(server, agent->pid) : 0;
}

static int inject(struct faults *faults, struct fault_record *record)
{
	const struct agent *agent = agent_live(record->container->agents);
	struct credential_server *server = record->server;

	(void)faults;
	if (agent && server->socket >= 0 && !credential_server_lose(server, record->plan->amount)) {
		struct dose *dose = &record->container->agents->dose;

		dose_give(dose, KS_DOSE_FETCH, ETIMEDOUT, record->slot);
		record->to_undo = true;
		record->pid = (uint32_t)agent->pid;
	}
	return 0;
}

static void undo(struct fault_record *record)
{
	dose_end(&record->container->agents->dose, record->slot);
	credential_server_lose(record->server, 0);
}

static uint64_t count(const struct fault_record *record)
{
	return credential_server_lost(record->server);
}

static void release(struct fault_record *record)
{
	if (record->server)
		credential_server_stop(record->server);
}

static int settle(struct faults *faults, struct fault_record *record)
{
	(void)faults;
	record->gone = credential_server_is_reached(record->server) && fault_late_hits(record) == 0 &&
		       agent_live(record->container->agents);
	return 0;
}

const struct fault_kind fault_lose_packets = {
	.prepare = prepare,
	.inject = inject,
	.undo = undo,
	.settle = settle,
	.release = release,
	.count = count,
	.at_once = true,
};
