package sitetest

import "sync"

// Buffer collects what several processes and goroutines write.
type Buffer struct {
	mutex   sync.Mutex
	content []byte
}

// Write implements io.Writer.
func (b *Buffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.content = append(b.content, p...)
	return len(p), nil
}

// String is all that was written.
func (b *Buffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return string(b.content)
}
