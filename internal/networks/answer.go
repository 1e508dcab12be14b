package networks

import "net/http"

// Call is the kind of call that an Answer came back on.
type Call string

// The kinds of calls. A read changes nothing; what a prepare call makes is
// invisible and can be lost without harm; all others change something.
const (
	CallExchange Call = "exchange"
	CallRefresh  Call = "refresh"
	CallRead     Call = "read"
	CallPrepare  Call = "prepare"
	CallPublish  Call = "publish"
	CallDelete   Call = "delete"
)

// Answer is everything that a call brought back.
type Answer struct {
	Call   Call
	Sent   bool  // whether any byte of the request left; without meaning when Status is set
	Err    error // why there is no complete answer; nil when there is one
	Status int   // 0 when not even the head of an answer came
	Header http.Header
	Body   []byte
}
