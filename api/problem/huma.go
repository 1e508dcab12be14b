package problem

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
)

// Bounds of what a problem says about one request.
const (
	maxFaults   = 20
	maxLocation = 200 // bytes
)

// Install makes huma answer problems of ours. huma keeps these settings for
// the whole process; they are set once.
//
// Its own answers repeat what was submitted, passwords included, and its 500
// shows the text of the error.
var Install = sync.OnceFunc(func() {
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return ofHuma(status, message, errs)
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
		if status >= http.StatusInternalServerError {
			return Of(ctx.Context(), errors.Join(errs...))
		}
		return ofHuma(status, message, errs).located(ctx.Context())
	}
	huma.ValidateStrictCasing = true
	huma.DefaultArrayNullable = false
})

// Faults turns what validation found into faults, without the values.
func Faults(errs []error) []Fault {
	faults := make([]Fault, 0, min(len(errs), maxFaults))
	for _, err := range errs {
		var detailer huma.ErrorDetailer
		if errors.As(err, &detailer) {
			detail := detailer.ErrorDetail()
			faults = append(faults, Fault{Location: location(detail.Location), Message: expected(detail.Message)})
		}
	}
	// unexpected properties come in the order of a map
	slices.SortStableFunc(faults, func(a, b Fault) int { return strings.Compare(a.Location, b.Location) })
	return faults[:min(len(faults), maxFaults)]
}

// expected keeps what decoding says about Go's types to itself: what passes
// validation and still fits no field, such as a number beyond its range.
func expected(message string) string {
	if strings.HasPrefix(message, "json: ") {
		return "a value is not of its type, or beyond its range"
	}
	return message
}

// Invalid is the problem of a request that does not fit its description.
func Invalid(faults ...Fault) *Problem {
	return New(http.StatusUnprocessableEntity, "invalid", "The errors name what does not fit.", faults...)
}

func location(path string) string {
	if path != "body" {
		path = strings.TrimPrefix(path, "body.")
	}
	return strings.ToValidUTF8(path[:min(len(path), maxLocation)], "")
}

var humaCodes = map[int]string{
	http.StatusMethodNotAllowed:      "method_not_allowed",
	http.StatusNotAcceptable:         "not_acceptable",
	http.StatusRequestTimeout:        "request_timeout",
	http.StatusRequestEntityTooLarge: "body_too_large",
	http.StatusUnsupportedMediaType:  "unsupported_media_type",
	http.StatusUnprocessableEntity:   "invalid",
}

func ofHuma(status int, message string, errs []error) *Problem {
	code := humaCodes[status]
	switch {
	case status >= http.StatusInternalServerError:
		return New(status, "internal", "")
	case status == http.StatusUnprocessableEntity:
		return Invalid(Faults(errs)...)
	case code == "":
		status, code = http.StatusBadRequest, "bad_request"
	}
	return New(status, code, sentence(message))
}

func sentence(message string) string {
	if message == "" {
		return ""
	}
	return strings.ToUpper(message[:1]) + message[1:] + "."
}

// Handler registers one operation whose errors become problems. Handlers
// return domain refusals and wrapped errors as they are.
func Handler[I, O any](api huma.API, operation huma.Operation, handle func(context.Context, *I) (*O, error)) {
	huma.Register(api, operation, func(ctx context.Context, input *I) (*O, error) {
		output, err := handle(ctx, input)
		if err != nil {
			return nil, Of(ctx, err)
		}
		return output, nil
	})
}
