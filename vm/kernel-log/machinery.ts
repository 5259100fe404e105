// SPDX-License-Identifier: MIT
/**
 * Functions in which nothing ever goes wrong by itself: what reports, what allocates, locks and waits for others. A report is
 * named for the first function beyond them. Names are without a compiler's suffixes (`.cold`, `.part.0`).
 */
const names: readonly RegExp[] = [
  // Who prints, warns and dies.
  /^(?:dump_stack(?:_lvl)?|show_(?:stack|regs|trace\w*)|__?show_\w+|sched_show_task|print_(?:report|address_description\w*))$/,
  /^(?:v?panic|__warn\w*|warn_slowpath\w*|(?:__)?report_bug\w*|handle_bug|fixup_bug|_*die\w*|oops_\w+|no_context|__bad_area\w*|bad_area\w*)$/,
  /^(?:page_fault_oops|kernelmode_fixup_or_oops|do_user_addr_fault|do_kern_addr_fault|do_error_trap|do_trap\w*|fixup_exception|ex_handler_\w+)$/,
  /^(?:(?:asm_)?exc_\w+|(?:asm_)?(?:__)?sysvec_\w+|(?:end_repeat|default_do|do)_nmi\w*|do_(?:page_fault|general_protection|invalid_op|divide_error))$/,
  // Sanitizers, and the functions of the C library that they watch.
  /^_*(?:kasan|kfence|kcsan|kmsan|ubsan|asan|hwasan|tsan|msan)_\w+$/,
  /^(?:check_memory_region\w*|check_region_inline|end_report|start_report|complete_report_info)$/,
  /^_*(?:mem(?:cpy|move|set|cmp|chr|scan)\w*|str(?:n?len|n?cpy|n?cmp|n?cat|n?casecmp|l(?:cpy|cat)|scpy|n?chr\w*|str))$/,
  /^_*(?:copy_(?:from|to|user|in)_?\w*|(?:raw_)?copy_\w*user\w*|clear_user\w*|rep_(?:movs|stos)_alternative)$/,
  // Counters, lists and objects that are checked.
  /^_*refcount_\w+$/,
  /^_*list_(?:add|del)(?:_entry)?(?:_valid)?(?:_or_report)?$/,
  /^_*debug_(?:print_object|object_\w+|check_no_\w+|smp_processor_id|mutex_\w+|spin_\w+|lockdep_\w+|locks_\w+)$/,
  /^(?:check_preemption_disabled|__this_cpu_preempt_check|spin_(?:bug|dump)|rwlock_bug)$/,
  // Allocators.
  /^_*k[mvz]*(?:alloc|free|dup)(?:_(?:array|node|noprof|track_caller|cache|large|sensitive|bulk|trace|objs?|oob)\w*)?$/,
  /^_*(?:k(?:re|c)alloc\w*|kmem(?:_cache_\w+|dup\w*)|kstr(?:n)?dup\w*|slab_\w+|vm?alloc\w*|vfree\w*|do_kmalloc_node)$/,
  /^_*(?:(?:alloc|free)_debug_processing|free_consistency_checks|object_err|print_(?:trailer|page_owner\w*)|check_(?:object|slab|bytes_and_report|new_pages?\w*)|do_slab_free|free_to_partial_list)$/,
  /^_*(?:warn_alloc|alloc_(?:frozen_)?pages?\w*|get_(?:free|zeroed)_pages?\w*|get_page_from_freelist|rmqueue\w*|prep_new_page|allocate_slab|new_slab|folio_(?:alloc|put)\w*)$/,
  /^_*(?:free_(?:unref_|tail_|frozen_|the_)?(?:pages?|folios?)\w*|free_pcp\w*|bad_page|free_pages_\w+|put_page)$/,
  // Locks and who checks them.
  /^_*(?:do_)?(?:raw_)?_*(?:spin|read|write|seq)_(?:try|un)?lock\w*$/,
  /^_*(?:native_|pv_)?_*(?:queued_(?:spin|read|write)\w*)$/,
  /^_*(?:(?:ww_|rt_)?mutex_(?:try|un)?lock\w*|rt_mutex_\w+|(?:down|up)(?:_(?:read|write|interruptible|killable|timeout|trylock)\w*)?|rwsem_\w+|percpu_(?:down|up|rwsem)\w*|local_bh_\w+)$/,
  /^_*(?:lock_(?:acquire|release|acquired|contended|sync|set_class|is_held\w*)|register_lock_class|assign_lock_key|validate_chain|lockdep_\w+|valid_state|mark_(?:lock|usage|held_locks)\w*)$/,
  /^(?:check_(?:noncircular|prevs?_add|deadlock|wait_context|irq_usage|usage\w*|path|chain_key)|print_\w*(?:bug|usage|deadlock|imbalance|dependency|freed_lock|nested_lock)\w*|look_up_lock_class)$/,
  // Who waits and who goes on when somebody has waited.
  /^_*(?:schedule\w*|io_schedule\w*|preempt_schedule\w*|cond_resched\w*|might_(?:sleep|resched|fault)|msleep\w*|usleep_range\w*|context_switch)$/,
  /^_*(?:(?:do_)?wait_for_(?:common|completion)\w*|wait_on_bit\w*|out_of_line_wait_on_\w+|bit_wait\w*|wait_rcu_gp\w*|synchronize_s?rcu\w*)$/,
  // The timer's and the debugger's interrupts, in which one who hangs is found.
  /^(?:nmi_\w+|perf_event_nmi_handler|\w*trigger_\w*backtrace|\w*watchdog_(?:timer_fn|overflow_callback|hardlockup_\w+)|is_hardlockup|__perf_event_overflow|perf_event_overflow|handle_pmi_common|intel_pmu_handle_irq|amd_pmu_handle_irq|x86_pmu_handle_irq)$/,
  /^(?:rcu_(?:dump_cpu_stacks|sched_clock_irq|pending|check_gp_kthread\w*|exp_\w*)|print_(?:other_)?cpu_stall\w*|check_cpu_stall|update_process_times|tick_\w+|_*hrtimer_\w+|local_apic_timer_interrupt|update_wall_time|_*irq_exit\w*)$/,
  // Registers of the processor.
  /^(?:native_(?:read|write)_msr\w*|(?:rd|wr)msr\w*|paravirt_(?:read|write)_msr\w*|do_trace_(?:read|write)_msr)$/,
];

export function isMachinery(name: string): boolean {
  return names.some((pattern) => pattern.test(name));
}
