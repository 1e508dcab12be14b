// Package recent keeps what was used last, within a bound.
package recent

import (
	"container/list"
	"sync"
)

// Cache keeps values until they have not been used for the longest time among
// too many, or too large ones. It is safe for concurrent use.
type Cache[K comparable, V any] struct {
	mutex   sync.Mutex
	bound   int // of all sizes together
	size    int
	entries map[K]*list.Element
	order   *list.List // the last used one first
}

type entry[K comparable, V any] struct {
	key   K
	value V
	size  int
}

// New makes a cache whose values' sizes add up to bound at most.
func New[K comparable, V any](bound int) *Cache[K, V] {
	return &Cache[K, V]{bound: bound, entries: map[K]*list.Element{}, order: list.New()}
}

// Get returns a value and counts as its use.
func (c *Cache[K, V]) Get(key K) (value V, found bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	element, found := c.entries[key]
	if !found {
		return value, false
	}
	c.order.MoveToFront(element)
	return element.Value.(*entry[K, V]).value, true
}

// Put keeps a value, unless replaces says no to the one that is there. One
// that is larger than the bound is not kept, nor what was there before.
func (c *Cache[K, V]) Put(key K, value V, size int, replaces func(old V) bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if element, found := c.entries[key]; found {
		if !replaces(element.Value.(*entry[K, V]).value) {
			return
		}
		c.remove(element)
	}
	if size > c.bound {
		return
	}
	c.entries[key] = c.order.PushFront(&entry[K, V]{key: key, value: value, size: size})
	c.size += size
	for c.size > c.bound {
		c.remove(c.order.Back())
	}
}

// Delete forgets a value.
func (c *Cache[K, V]) Delete(key K) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if element, found := c.entries[key]; found {
		c.remove(element)
	}
}

// Clear forgets everything.
func (c *Cache[K, V]) Clear() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	clear(c.entries)
	c.order.Init()
	c.size = 0
}

// Len returns how many values there are, and their size together.
func (c *Cache[K, V]) Len() (values, size int) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return len(c.entries), c.size
}

func (c *Cache[K, V]) remove(element *list.Element) {
	removed := c.order.Remove(element).(*entry[K, V])
	delete(c.entries, removed.key)
	c.size -= removed.size
}
