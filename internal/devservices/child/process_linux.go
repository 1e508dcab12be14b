package child

import "syscall"

// dieWithParent has the kernel signal the child when we end, however we end.
func dieWithParent(attributes *syscall.SysProcAttr, signal syscall.Signal) {
	attributes.Pdeathsig = signal
}
