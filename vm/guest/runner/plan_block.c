// SPDX-License-Identifier: MIT
#include "plan_block.h"

#include <string.h>

static int take(const struct plan_block *block, int index, struct plan_line *line)
{
	const struct plan_statement *statement = &block->statements[index];

	if (line->count < statement->words || line->count > statement->words + statement->more)
		return plan_complain(line, "write: %s", statement->usage);
	if (statement->once && *block->given & (1u << index))
		return plan_complain(line, "'%s' is given twice in %s '%s'", statement->word, block->kind, block->id);
	*block->given |= 1u << index;
	return statement->take(block->target, line);
}

int plan_block_line(const struct plan_block *blocks, int count, struct plan_line *line)
{
	for (int b = 0; b < count; b++)
		for (int i = 0; blocks[b].statements[i].word; i++)
			if (strcmp(line->words[0], blocks[b].statements[i].word) == 0)
				return take(&blocks[b], i, line);
	return plan_complain(line, "unknown statement '%.40s' in %s '%s'", line->words[0], blocks[0].kind, blocks[0].id);
}

int plan_block_end(const struct plan_block *blocks, int count, struct plan_line *line)
{
	for (int b = 0; b < count; b++)
		for (int i = 0; blocks[b].statements[i].word; i++)
			if (blocks[b].statements[i].needed && !(*blocks[b].given & (1u << i)))
				return plan_complain(line, "%s '%s' has no '%s'", blocks[b].kind, blocks[b].id,
						     blocks[b].statements[i].word);
	return 0;
}
