// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package startup

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
)

// launcherCode is a program that writes the time into the region, which it finds at file descriptor 3, and executes the program
// that its arguments name: the first one is the file, the others are what the program gets.
var launcherCode = []byte{
	0x49, 0x89, 0xe4, // mov r12, rsp
	0x31, 0xff, // xor edi, edi: mmap(0, 4096, PROT_READ|PROT_WRITE, MAP_SHARED, 3, 0)
	0xbe, 0x00, 0x10, 0x00, 0x00, // mov esi, 4096
	0xba, 0x03, 0x00, 0x00, 0x00, // mov edx, 3
	0x41, 0xba, 0x01, 0x00, 0x00, 0x00, // mov r10d, 1
	0x41, 0xb8, regionFile, 0x00, 0x00, 0x00, // mov r8d, 3
	0x45, 0x31, 0xc9, // xor r9d, r9d
	0xb8, 0x09, 0x00, 0x00, 0x00, // mov eax, 9
	0x0f, 0x05, // syscall
	0x48, 0x89, 0xc3, // mov rbx, rax
	0x49, 0x8b, 0x0c, 0x24, // mov rcx, [r12]: execve(argv[0], argv+1, envp)
	0x49, 0x8b, 0x7c, 0x24, 0x08, // mov rdi, [r12+8]
	0x49, 0x8d, 0x74, 0x24, 0x10, // lea rsi, [r12+16]
	0x4d, 0x8d, 0x6c, 0xcc, 0x10, // lea r13, [r12+rcx*8+16]
	0x0f, 0x31, // rdtsc
	0x48, 0xc1, 0xe2, 0x20, // shl rdx, 32
	0x48, 0x09, 0xd0, // or rax, rdx
	0x48, 0x89, 0x03, // mov [rbx+headExec], rax
	0x4c, 0x89, 0xea, // mov rdx, r13
	0xb8, 0x3b, 0x00, 0x00, 0x00, // mov eax, 59
	0x0f, 0x05, // syscall
	0xf7, 0xd8, // neg eax: exit_group(errno)
	0x89, 0xc7, // mov edi, eax
	0xb8, 0xe7, 0x00, 0x00, 0x00, // mov eax, 231
	0x0f, 0x05, // syscall
}

// regionFile is the file descriptor that the launcher and the program have the region at.
const regionFile = 3

// launcher returns an ELF binary of launcherCode.
func launcher() []byte {
	const (
		base   = 0x400000
		header = 64
		prog   = 56
	)
	size := uint64(header + prog + len(launcherCode))
	var b bytes.Buffer
	put := func(v any) { binary.Write(&b, binary.LittleEndian, v) } // to memory: no error
	put(elf.Header64{
		Ident: [elf.EI_NIDENT]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
		Type:  uint16(elf.ET_EXEC), Machine: uint16(elf.EM_X86_64), Version: uint32(elf.EV_CURRENT),
		Entry: base + header + prog, Phoff: header, Ehsize: header, Phentsize: prog, Phnum: 1,
	})
	put(elf.Prog64{
		Type: uint32(elf.PT_LOAD), Flags: uint32(elf.PF_R | elf.PF_X), Vaddr: base, Paddr: base,
		Filesz: size, Memsz: size, Align: 4096,
	})
	b.Write(launcherCode)
	return b.Bytes()
}
