package storetest

import (
	"testing"

	"behalf/eventstore/codec"
	"behalf/eventstore/storetest/conformance"
)

// Conformance holds a log to what every log has to do, whatever it is made of.
// open makes an empty one for one test, with the registry that it is given. (It
// is here rather than in package eventstore, so that production code does not
// carry the machinery of tests.)
func Conformance(t *testing.T, open func(*testing.T, *codec.Registry) conformance.Log) {
	t.Helper()
	conformance.Run(t, open)
}
