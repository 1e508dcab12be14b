// Package fuzz_test asks the API nonsense, made from its own description.
package fuzz_test

import (
	"testing"

	"behalf/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }
