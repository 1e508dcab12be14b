//go:build long

package care_test

import "testing"

func TestTwoWorkersRotateOneTokenAThousandTimes(t *testing.T) {
	t.Parallel()
	rotate(t, 1000)
}
