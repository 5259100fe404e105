/* SPDX-License-Identifier: MIT */
/*
 * A process without a C library: the helper and the smallest of all programs measure what executing a program costs,
 * so they bring as little start-up of their own as can be. x86-64 only, as the guests are.
 */
#ifndef KS_START_H
#define KS_START_H

#ifndef __x86_64__
#error "these programs make their system calls in x86-64 assembly: add the target's before building for it"
#endif

/** Where the program starts: `stack` is argc, then argv, as the kernel laid them out. Returns the exit status. */
int ks_start(const long *stack);

static inline long ks_syscall5(long number, long a, long b, long c, long d, long e)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
			 : "rcx", "r11", "memory");
	return result;
}

#endif
