// SPDX-License-Identifier: MIT
/** Reports as the sanitized kernel printed them (`dmesg -r`), of faults that the probe module committed on purpose; shortened. */

export const kasanSplat = `<6>[   30.700000] ks_sanitizer_probe: loading out-of-tree module taints kernel.
<3>[   30.705928] ==================================================================
<3>[   30.709131] BUG: KASAN: slab-out-of-bounds in ks_read_out_of_bounds+0x6e/0x80 [ks_sanitizer_probe]
<3>[   30.709539] Read of size 1 at addr ffff88805fba1d20 by task bash/58

<4>[   30.710066] CPU: 0 PID: 58 Comm: bash Tainted: G        W  O       6.1.192 #1 
<4>[   30.712118] Call Trace:
<4>[   30.712976]  <TASK>
<4>[   30.713521]  dump_stack_lvl+0x51/0x66
<4>[   30.713695]  print_report+0x19a/0x497
<4>[   30.713700]  </TASK>
<4>[   30.713800] Allocated by task 58:
<4>[   30.713900]  ks_read_out_of_bounds+0x1c/0x80 [ks_sanitizer_probe]
<3>[   30.714000] ==================================================================
<6>[   31.000000] Key type keyagent registered
`;

export const shiftSplat = `<4>[  151.275465] ================================================================================
<3>[  151.282097] UBSAN: shift-out-of-bounds in /build/keystorm/module-sanitizer/main.c:149:14
<3>[  151.283243] shift exponent 32 is too large for 32-bit type 'int'
<4>[  151.283785] CPU: 0 PID: 61 Comm: bash Tainted: G        W  O       6.1.192-keystorm-debug #1 
<4>[  151.293875] Call Trace:
<4>[  151.294300]  <TASK>
<4>[  151.295807]  __ubsan_handle_shift_out_of_bounds.cold+0x61/0xef
<4>[  151.307806]  ks_shift_too_far.cold+0x11/0x16 [ks_sanitizer_probe]
<4>[  151.396514]  </TASK>
<4>[  151.404654] ================================================================================
`;

export const useAfterFreeSplat = `<3>[  225.247609] ==================================================================
<3>[  225.248495] BUG: KASAN: use-after-free in ks_use_after_free+0x60/0x70 [ks_sanitizer_probe]
<3>[  225.249230] Read of size 1 at addr ffff88800082afc0 by task bash/73

<4>[  225.249772] CPU: 0 PID: 73 Comm: bash Tainted: G    B   W  O       6.1.192-keystorm-debug #1 
<4>[  225.250296] Call Trace:
<4>[  225.250476]  <TASK>
<4>[  225.251057]  print_report+0x19a/0x497
<4>[  225.264821]  ks_use_after_free+0x60/0x70 [ks_sanitizer_probe]
<4>[  225.342782]  </TASK>
<4>[  225.349465] Allocated by task 73:
<4>[  225.351128]  ks_use_after_free+0x1a/0x70 [ks_sanitizer_probe]
<4>[  225.378975] Freed by task 73:
<3>[  225.420000] ==================================================================
`;

export const lockSplat = `<4>[   30.309000] 
<4>[   30.309181] ======================================================
<4>[   30.309394] WARNING: possible circular locking dependency detected
<4>[   30.309606] 6.1.192 #1 Tainted: G        W  O      
<4>[   30.309787] ------------------------------------------------------
<4>[   30.311210] bash/58 is trying to acquire lock:
<4>[   30.312754] ffffffffa0002188 (ks_first){+.+.}-{3:3}, at: ks_lock_inversion+0x59/0x80 [ks_sanitizer_probe]
<4>[   30.313248] 
               but task is already holding lock:
`;

export const rcuSplat = `<4>[   26.408239] =============================
<4>[   26.408424] WARNING: suspicious RCU usage
<4>[   26.408909] 6.1.192 #1 Tainted: G           O      
<4>[   26.409338] -----------------------------
<4>[   26.409538] module-sanitizer/main.c:84 suspicious rcu_dereference_check() usage!
`;

export const sleepSplat = `<3>[   27.725449] BUG: sleeping function called from invalid context at module-sanitizer/main.c:91
<3>[   27.726135] in_atomic(): 1, irqs_disabled(): 0, non_block: 0, pid: 58, name: bash
<4>[   27.741461] 2 locks held by bash/58:
<4>[   27.752216] Call Trace:
`;

export const refcountSplat = `<4>[   28.647763] ------------[ cut here ]------------
<4>[   28.652027] refcount_t: underflow; use-after-free.
<4>[   28.655746] WARNING: CPU: 0 PID: 58 at refcount_warn_saturate+0x135/0x140
<4>[   28.656353] Modules linked in: ks_sanitizer_probe(O)
<4>[   28.690000] ---[ end trace 0000000000000000 ]---
`;

export const objectSplat = `<4>[   29.689981] ------------[ cut here ]------------
<4>[   29.692416] ODEBUG: free active (active state 0) object type: timer_list hint: ks_never+0x0/0x10 [ks_sanitizer_probe]
<4>[   29.692917] WARNING: CPU: 0 PID: 58 at debug_print_object+0x176/0x260
<4>[   29.700000] ---[ end trace 0000000000000000 ]---
`;

export const listSplat = `<4>[   29.144398] ------------[ cut here ]------------
<4>[   29.146618] list_del corruption. next->prev should be ffffc9000066fc28, but was ffffc9000066fc08. (next=ffffc9000066fc28)
<4>[   29.148678] WARNING: CPU: 0 PID: 58 at __list_del_entry_valid+0x148/0x1c0
<4>[   29.150000] ---[ end trace 0000000000000000 ]---
`;

export const oopsSplat = `<1>[  430.612341] BUG: unable to handle page fault for address: ffffffbe1575c0ad
<1>[  430.612341] #PF: supervisor read access in kernel mode
<4>[  430.612341] Oops: 0000 [#1] PREEMPT SMP KASAN NOPTI
<4>[  430.612341] RIP: 0010:kprobes_module_callback+0x114/0x730
<4>[  430.612341]  </TASK>
`;

/** What failing allocations make the kernel say without anything being wrong. */
export const injectedNoise = `<4>[   52.867498] ks-fail-nth: vmalloc error: size 111136, vm_struct allocation failed, mode:0xcc0(GFP_KERNEL), nodemask=(null)
<4>[   52.883017] CPU: 0 PID: 68 Comm: ks-fail-nth Tainted: G           O       6.1.192 #1 
<4>[   52.890106] Call Trace:
<4>[   52.935208]  </TASK>
<4>[   77.942568] ftrace: failed to allocate entries for module 'keystorm' functions
<3>[   80.507301] kobject: can not set name properly!
<3>[   81.820476] kobject_add_internal failed for keystorm (error: -12 parent: module)
<4>[   55.974782] kmemleak: Cannot allocate a scan area, scanning the full object
`;

export const leakText = `unreferenced object 0xffff88805fba1e80 (size 32):
  comm "bash", pid 58, jiffies 4294900177
  hex dump (first 32 bytes):
    6b 73 2d 6c 65 61 6b 00 00 00 00 00 00 00 00 00  ks-leak.........
    c0 1e ba 5f 80 88 ff ff 00 00 00 00 00 00 00 00  ..._............
  backtrace:
    [<00000000eaff2040>] __kmem_cache_alloc_node+0x1af/0x2c0
    [<000000000ac00303>] ks_leak+0x1c/0x80 [ks_sanitizer_probe]
unreferenced object 0xffff88805fba2e80 (size 4096):
  comm "ks-agent", pid 60, jiffies 4294900277
  backtrace:
    [<00000000eaff2040>] __kmem_cache_alloc_node+0x1af/0x2c0
`;
