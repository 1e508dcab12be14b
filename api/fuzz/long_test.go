//go:build long

package fuzz_test

import "math/rand/v2"

// rounds is how often every operation is asked.
const rounds = 300

// seed is another one in every run; it is logged.
func seed() uint64 { return rand.Uint64() }
