// SPDX-License-Identifier: MIT
#include "start.h"

#include <asm/unistd.h>

__attribute__((noreturn, used)) static void run(const long *stack)
{
	ks_syscall5(__NR_exit_group, ks_start(stack), 0, 0, 0, 0);
	__builtin_unreachable();
}

__asm__(".text\n"
	".globl _start\n"
	"_start:\n"
	"	xor %ebp, %ebp\n"
	"	mov %rsp, %rdi\n"
	"	and $-16, %rsp\n"
	"	call run\n");
