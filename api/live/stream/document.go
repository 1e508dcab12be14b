package stream

import (
	"net/http"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/problem"
)

// document describes the answer. OpenAPI has no words for the messages of a
// stream: their schemas stand under "x-events", by their names.
func document(api huma.API, operation *huma.Operation, kinds map[string]any) {
	registry := api.OpenAPI().Components.Schemas
	events := map[string]any{EndName: registry.Schema(reflect.TypeFor[problem.Problem](), true, "Problem")}
	for name, value := range kinds {
		events[name] = registry.Schema(reflect.TypeOf(value), true, name)
	}
	operation.Responses = map[string]*huma.Response{
		strconv.Itoa(http.StatusOK): {
			Description: "Server-sent events, until the connection ends. The last one may be \"" + EndName + "\", whose data is a problem.",
			Content: map[string]*huma.MediaType{ContentType: {
				Schema:  &huma.Schema{Type: huma.TypeString},
				Example: "id: 4711\nevent: " + EndName + "\ndata: {\"code\":\"not_found\"}\n\n",
			}},
		},
	}
	operation.Extensions = map[string]any{"x-events": events}
}
