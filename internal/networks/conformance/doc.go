// Package conformance is what every connector must do, asked of each in the
// same way. A connector's test adapts its network, a strict fake or a real
// server behind a fake.Gate, and runs it:
//
//	func TestConformance(t *testing.T) {
//		t.Parallel()
//		conformance.Run(t, conformance.Subject{
//			Start:    start,                                             // a network of its own for every test
//			Calls:    conformance.Calls{Publish: "POST /2/tweets", …},   // which request is which
//			Recorded: conformance.Recorded(t, "testdata/errors.json"),   // the documented errors, as data
//		})
//	}
//
// What a connector's Capabilities promise decides what is asked of it: exactly
// one post where a repeated call makes none, Absent where a scan can prove it,
// Unknown where nobody can. What an adapter leaves nil is not asked. For tests only.
package conformance
