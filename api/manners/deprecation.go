package manners

import (
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// deprecationKey is where an operation's metadata has its Deprecation.
const deprecationKey = "deprecation"

// Deprecation says that an operation will go away, as docs/api.md promises: at
// least six months after it was said.
type Deprecation struct {
	Since   time.Time // when it was said
	Sunset  time.Time // when it goes
	Instead string    // what to use instead, for people
}

// Deprecate marks an operation: in the document, and in the headers of its answers.
func Deprecate(operation huma.Operation, notice Deprecation) huma.Operation {
	operation.Deprecated = true
	operation.Description += "\n\nDeprecated since " + notice.Since.Format(time.DateOnly) + ", goes away on " +
		notice.Sunset.Format(time.DateOnly) + ". " + notice.Instead
	metadata := map[string]any{deprecationKey: notice}
	for key, value := range operation.Metadata {
		metadata[key] = value
	}
	operation.Metadata = metadata
	return operation
}

// Notice puts the headers of deprecated operations on their answers: Deprecation
// (RFC 9745), Sunset (RFC 8594) and a link to what is said about it.
func Notice(publicURL string) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if notice, found := ctx.Operation().Metadata[deprecationKey].(Deprecation); found {
			ctx.SetHeader("Deprecation", "@"+strconv.FormatInt(notice.Since.Unix(), 10))
			ctx.SetHeader("Sunset", notice.Sunset.UTC().Format(http.TimeFormat))
			ctx.AppendHeader("Link", "<"+publicURL+"/docs>; rel=\"deprecation\"; type=\"text/html\"")
		}
		next(ctx)
	}
}
