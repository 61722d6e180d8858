/* probes/embed.S - the compiled probes, inside the binary. */
	.macro blob name, file
	.balign 8
	.globl \name, \name\()_end
\name:
	.incbin "\file"
\name\()_end:
	.endm

	.section .rodata
	blob bpf_tasks, "tasks.bpf.o"
	blob bpf_argv, "argv.bpf.o"
	blob bpf_exits, "exits.bpf.o"
	blob bpf_programs, "programs.bpf.o"
	blob bpf_calls, "calls.bpf.o"
	blob bpf_switches, "switches.bpf.o"

	.section .note.GNU-stack, "", %progbits
