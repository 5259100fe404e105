/* SPDX-License-Identifier: MIT */
/* For faults of which the agent counts the hits, in the slot of its dose that has the fault's number. */
#ifndef KS_FAULT_DOSE_H
#define KS_FAULT_DOSE_H

#include "fault.h"

/** The `count` of such a fault. It is 0 once the dose was given. */
static inline uint64_t fault_dose_hits(const struct fault_record *record)
{
	return dose_hits(&record->container->agents->dose, record->slot);
}

/** Its `undo`. */
static inline void fault_dose_end(struct fault_record *record)
{
	dose_end(&record->container->agents->dose, record->slot);
}

/** When it is over: counts what was under way when it was cleared. Whether that is no more than one. */
static inline bool fault_dose_settle(struct fault_record *record)
{
	uint64_t late = fault_late_hits(record);

	record->hits += (uint32_t)late;
	return late <= 1;
}

#endif
