package command

import (
	"cmp"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"

	"behalf/api/docs/rulebook"
	"behalf/api/problem"
	"behalf/domain"
)

// Path is where commands go.
const Path = "/v1/workspaces/{workspace}/commands/{command}"

// Register documents every command that a member may issue as an operation of
// its own, and serves all of them by one handler.
func (d *Desk) Register(api huma.API, commands map[string]domain.CommandType) {
	offered := map[string]offer{}
	for _, name := range slices.Sorted(maps.Keys(commands)) {
		if kind := commands[name]; kind.Issuer == domain.ByMember {
			offered[name] = offer{kind: kind, schema: document(api, kind)}
		}
	}
	operation := &huma.Operation{Method: http.MethodPost, Path: Path, OperationID: "command", Hidden: true}
	api.Adapter().Handle(operation, api.Middlewares().Handler(func(ctx huma.Context) {
		d.serve(api, offered, ctx)
	}))
}

type offer struct {
	kind   domain.CommandType
	schema *huma.Schema
}

func (d *Desk) serve(api huma.API, offered map[string]offer, ctx huma.Context) {
	r, w := humachi.Unwrap(ctx)
	r = r.WithContext(ctx.Context())
	answer, repeated, err := d.handle(api, offered, r)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if repeated != "" {
		w.Header().Set(RepeatedHeader, repeated)
	}
	_ = huma.DefaultJSONFormat.Marshal(w, answer) // the client is gone, nobody is left to tell
}

func (d *Desk) handle(api huma.API, offered map[string]offer, r *http.Request) (Answer, string, error) {
	found, known := offered[chi.URLParam(r, "command")]
	if !known {
		_, err := d.door.Admit(r.Context(), chi.URLParam(r, "workspace"))
		return Answer{}, "", cmp.Or(err, error(problem.New(http.StatusNotFound, "unknown_command", "The documentation lists the commands that there are.")))
	}
	// first of all: to an outsider nothing is said about the body (R32)
	order, err := d.order(r.Context(), found.kind, chi.URLParam(r, "workspace"))
	if err != nil {
		return Answer{}, "", err
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return Answer{}, "", err
	}
	if err := validate(api.OpenAPI().Components.Schemas, found.schema, body); err != nil {
		return Answer{}, "", err
	}
	dry, err := dryRun(r, found.kind)
	if err != nil {
		return Answer{}, "", err
	}
	return d.take(r.Context(), order, body, Conditions{
		Key: r.Header.Get("Idempotency-Key"), IfMatch: r.Header.Get("If-Match"), DryRun: dry,
	})
}

// dryRun reads the parameter of that name. Where it means nothing it is
// refused: a command must not be carried out that somebody only wanted to try.
func dryRun(r *http.Request, kind domain.CommandType) (bool, error) {
	switch text := r.URL.Query().Get("dry_run"); {
	case text == "" || text == "false":
		return false, nil
	case text != "true":
		return false, problem.New(http.StatusBadRequest, "bad_request", "dry_run is true or false.",
			problem.Fault{Location: "query.dry_run", Message: "true or false"})
	case !slices.Contains(Foreseen, kind.Name):
		return false, problem.New(http.StatusBadRequest, "bad_request", "This command cannot be tried out.",
			problem.Fault{Location: "query.dry_run", Message: "not for this command"})
	default:
		return true, nil
	}
}

// document adds one command to the OpenAPI document and returns its body's schema.
func document(api huma.API, kind domain.CommandType) *huma.Schema {
	registry := api.OpenAPI().Components.Schemas
	schema := registry.Schema(reflect.TypeOf(kind.New()).Elem(), true, kind.Name)
	answer := registry.Schema(reflect.TypeFor[Answer](), true, "Answer")
	refusal := registry.Schema(reflect.TypeFor[problem.Problem](), true, "Problem")
	api.OpenAPI().AddOperation(&huma.Operation{
		Method: http.MethodPost, Path: strings.Replace(Path, "{command}", kind.Name, 1),
		OperationID: kind.Name, Summary: kind.Summary, Description: description(kind), Tags: []string{"Commands"},
		Parameters:  parameters(registry, kind),
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}},
		Responses: map[string]*huma.Response{
			"200": {
				Description: "Carried out.",
				Headers:     map[string]*huma.Param{RepeatedHeader: {Schema: &huma.Schema{Type: "string"}, Description: `"true" on a repeated answer.`}},
				Content:     map[string]*huma.MediaType{"application/json": {Schema: answer}},
			},
			"default": {
				Description: "Refused.",
				Content:     map[string]*huma.MediaType{problem.ContentType: {Schema: refusal, Example: example(kind, api.OpenAPI().Servers[0].URL)}},
			},
		},
	})
	return schema
}

func parameters(registry huma.Registry, kind domain.CommandType) []*huma.Param {
	all := []*huma.Param{
		{Name: "workspace", In: "path", Required: true, Schema: registry.Schema(reflect.TypeFor[domain.WorkspaceID](), false, ""), Description: "The workspace."},
		{Name: "Idempotency-Key", In: "header", Schema: &huma.Schema{Type: "string", MinLength: pointer(1), MaxLength: pointer(200)},
			Description: "Makes it safe to send again: the same key and body answer what they answered first. One key stands for one command. Make it random, a UUID for example."},
		{Name: "If-Match", In: "header", Schema: &huma.Schema{Type: "string", Pattern: versionForm.String()},
			Description: "The version that you have seen of what the command is about; refused with 412 when it has moved on."},
	}
	if slices.Contains(Foreseen, kind.Name) {
		all = append(all, &huma.Param{Name: "dry_run", In: "query", Schema: &huma.Schema{Type: "boolean"},
			Description: "Carry nothing out, and answer which scheduled posts would be held up by it, and why (R48)."})
	}
	return all
}

func description(kind domain.CommandType) string {
	text := &strings.Builder{}
	text.WriteString("Refused by these rules:\n")
	for _, rule := range kind.Rules {
		text.WriteString("\n* **" + rule.String() + "** " + rulebook.Text(rule.String()))
	}
	if kind.Dangerous {
		text.WriteString("\n\nTakes a session in which you proved who you are within the last ten minutes (`fresh_proof_needed`), and no API token (`session_required`).")
	}
	if codes := rulebook.Refusals(kind.Name); len(codes) > 0 {
		text.WriteString("\n\nIts own refusals are the problems `" + strings.Join(codes, "`, `") + "`.")
	}
	return text.String()
}

// example is a refusal that the command can answer.
func example(kind domain.CommandType, publicURL string) map[string]any {
	code := "not_found"
	for _, own := range rulebook.Refusals(kind.Name) {
		if own != code {
			code = own
			break
		}
	}
	known := problem.CodeOf(code)
	status, _ := strconv.Atoi(strings.Split(known.Status, ",")[0])
	return map[string]any{
		"type": publicURL + "/docs/problems#" + code, "title": known.Title, "status": status, "code": code,
	}
}

func pointer[T any](value T) *T { return &value }
