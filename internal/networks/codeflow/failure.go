package codeflow

import (
	"encoding/json"

	"behalf/internal/networks"
)

// TokenFailure judges an error of a token endpoint (RFC 6749, section 5.2); nil
// when the body is none. Only invalid_grant ends an authorization (R45).
func TokenFailure(a networks.Answer, title string) *networks.Failure {
	var body struct {
		Error string `json:"error"`
	}
	if a.Status >= 500 || json.Unmarshal(a.Body, &body) != nil {
		return nil
	}
	switch body.Error {
	case "invalid_grant":
		return &networks.Failure{
			Kind: networks.Reauth, Code: body.Error, Detail: "The authorization has ended. Connect the account again.",
		}
	case "invalid_client", "unauthorized_client", "unsupported_grant_type":
		return Misconfigured(body.Error, title)
	case "invalid_request", "invalid_scope":
		return Misunderstood(body.Error, title)
	default:
		return nil
	}
}

// Misconfigured is an operator's matter: the network refuses this installation.
func Misconfigured(code, title string) *networks.Failure {
	return &networks.Failure{
		Kind: networks.Misconfigured, Code: code, Detail: title + " refuses this installation. Its operator has to mend that.",
	}
}

// Misunderstood is a call that the network does not take from this version of Behalf.
func Misunderstood(code, title string) *networks.Failure {
	return &networks.Failure{
		Kind: networks.Rejected, Code: code, Detail: title + " does not understand this version of Behalf.",
	}
}
