package chaos_test

import (
	"fmt"

	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network/control"
)

// The fault matrix: what is broken, when, and how the network answers
// meanwhile. A round stops one worker at one step and then breaks what is
// around it, with a target for every class of networks and every answer.

// step is how far the worker has come with every target of the round.
type step string

const (
	whenClaimed  step = "claimed"  // the claim stands, nothing is prepared or sent
	whenReady    step = "ready"    // what is prepared is stored, and the moment is about to come
	whenSent     step = "sent"     // the request has arrived, and the network has not handled it
	whenAnswered step = "answered" // the network has handled it, and the outcome cannot be stored
	whenStored   step = "stored"   // the outcome stands, and nothing else is done
)

// stop is what happens to the worker then.
type stop string

const (
	killed stop = "kill -9"
	frozen stop = "SIGSTOP past the deadline"
)

// outage is what happens around it.
type outage string

const (
	none           outage = "-"
	redisFlushed   outage = "Redis flushed"
	redisDown      outage = "Redis down"         // its process has ended, until the round has
	postgresBegun  outage = "Postgres restarted" // stopped and started, under a worker that runs
	postgresKilled outage = "Postgres kill -9"   // the same, without a chance to finish anything
)

// round is one row of the matrix.
type round struct {
	step   step
	stop   stop
	outage outage
}

func (r round) String() string { return fmt.Sprintf("%s, %s, %s", r.step, r.stop, r.outage) }

// cell is one target of a round.
type cell struct {
	class  sandbox.Class
	answer control.Kind

	page, account, post string
	state               string // how the target ended
	posts               int    // on the network
}

// problem says what is wrong about how the cell ended; empty for nothing. The
// posts were counted at the network.
func (c cell) problem() string {
	switch {
	case c.posts > 1:
		return "posted more than once"
	case c.state == "published" && c.posts != 1:
		return "published, and the network does not show it"
	case c.state == "unknown" && c.class != sandbox.Silent:
		return "unknown, although the network can be asked"
	case c.state == "unknown", c.state == "published":
		return ""
	case c.posts != 0:
		return "on the network, and the target does not say so"
	case c.state == "failed" || c.state == "missed" || c.state == "needs_reauthentication":
		return "ended without being sent, although nothing forbade it"
	default:
		return "stuck"
	}
}
