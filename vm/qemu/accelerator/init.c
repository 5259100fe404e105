// SPDX-License-Identifier: MIT
/*
 * First and only process of the guest that shows whether an accelerator boots a kernel: it says so on the console and
 * powers off. Without a C library, so that nothing but the kernel has to work.
 */

enum {
	SYS_WRITE = 1,
	SYS_PAUSE = 34,
	SYS_REBOOT = 169,
};

#define REBOOT_MAGIC1 0xfee1deadL
#define REBOOT_MAGIC2 672274793L
#define REBOOT_POWER_OFF 0x4321fedcL

static long syscall4(long number, long a, long b, long c, long d)
{
	register long r10 __asm__("r10") = d;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10)
			 : "rcx", "r11", "memory");
	return result;
}

void _start(void)
{
	static const char word[] = "keystorm: booted\n";

	syscall4(SYS_WRITE, 1, (long)word, sizeof(word) - 1, 0);
	syscall4(SYS_REBOOT, REBOOT_MAGIC1, REBOOT_MAGIC2, REBOOT_POWER_OFF, 0);
	/* Not reached where power can be turned off; the deadline ends it elsewhere. */
	for (;;)
		syscall4(SYS_PAUSE, 0, 0, 0, 0);
}
