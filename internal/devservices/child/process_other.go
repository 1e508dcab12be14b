//go:build !linux

package child

import "syscall"

// dieWithParent is not possible here: the next start clears up.
func dieWithParent(*syscall.SysProcAttr, syscall.Signal) {}
