# make run    the product on this machine, with private services; Ctrl-C ends it
# make demo   the story, played once and checked
# make test   every test, on real Postgres and Redis
# make test-networks  the connectors of hosted networks, on a real WordPress and a real Bluesky PDS
# make chaos  the fault matrix of publishing, counted at the network (a quarter of an hour)
# make bench  ratios against the plainest thing that could do the same (some 20 minutes)
SHELL := bash

GOLANGCI_LINT := .tools/bin/golangci-lint-v2.15.0
SPECTRAL      := .tools/spectral/node_modules/.bin/spectral
GOVULNCHECK   := .tools/bin/govulncheck-v1.8.0
VULN_DATABASE := $(or $(GOVULNDB),https://vuln.go.dev)

# The race detector needs a C compiler.
RACE := $(if $(shell command -v $${CC:-gcc}),-race)

# What test and test-long test.
PACKAGES ?= ./...

.PHONY: run demo build test test-long test-networks chaos bench bench-large openapi lint lint-openapi vulncheck tools postgres withservices clean

run: build postgres
	bin/behalf dev

demo: build postgres
	bin/behalf demo

build:
	go build -o bin/behalf ./cmd/behalf

# One throw-away Postgres for all packages; each test has its own database on it.
test: postgres withservices
	.tools/bin/withservices -- go test -timeout 15m $(PACKAGES)

# Everything again with the race detector, and what takes longer (build tag "long").
test-long: postgres withservices
	.tools/bin/withservices -- go test $(RACE) -tags long -timeout 45m $(PACKAGES)

# Installs real servers where they are missing, runs them on loopback and stops
# them (build tag "networks"; docs/networks.md). A server of Mastodon's API is
# used where BEHALF_TEST_MASTODON_URL names one.
test-networks: postgres withservices
	internal/networks/realtest/install.sh $(CURDIR)/.tools/pds
	BEHALF_TEST_PDS=$(CURDIR)/.tools/pds .tools/bin/withservices -- go test -count=1 -tags networks -timeout 9m ./internal/networks/realtest

# Every cell of the matrix, then rounds by chance for as long as BEHALF_CHAOS says (10m).
chaos: postgres withservices
	.tools/bin/withservices -- go test -tags chaos -timeout 60m -count 1 -p 1 -parallel 5 -run 'TestChaos|TestRandomChaos' -v ./cmd/behalf/chaos ./cmd/behalf/crowd

# On a private, durable Postgres. Results go to bench/results.json.
bench: postgres
	go run ./bench

# An append to a table with ten million rows.
bench-large: postgres
	go run ./bench -large

# What follows from the API's code and is checked in: the document, what each
# command is refused with, the Go client.
openapi: postgres withservices
	.tools/bin/withservices -- go test ./api/docs -run 'TestDocumentIsCheckedIn|TestRefusalsOfEveryCommand' -update
	.tools/bin/withservices -- go test ./api/docs -run TestDocumentIsCheckedIn -update
	go generate ./api/client

lint: $(GOLANGCI_LINT) vulncheck lint-openapi
	$(GOLANGCI_LINT) run ./...

# Needs npm: skipped, and said so, where there is none.
lint-openapi:
	@if command -v npm >/dev/null && { [[ -x $(SPECTRAL) ]] || npm install --silent --no-audit --no-fund --ignore-scripts \
		--prefix .tools/spectral @stoplight/spectral-cli@6.16.3; }; \
	then $(SPECTRAL) lint --fail-severity warn --ruleset docs/spectral.yaml docs/openapi.json; \
	else echo "lint-openapi: skipped, spectral cannot be had"; fi

# Needs its database: skipped, and said so, where that cannot be reached.
vulncheck: $(GOVULNCHECK)
	@if curl --fail --silent --max-time 5 --output /dev/null $(VULN_DATABASE)/index/db.json; \
	then $(GOVULNCHECK) ./...; \
	else echo "vulncheck: skipped, $(VULN_DATABASE) cannot be reached"; fi

tools: $(GOLANGCI_LINT) $(GOVULNCHECK)

$(GOLANGCI_LINT):
	GOBIN=$(CURDIR)/.tools/bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
	mv .tools/bin/golangci-lint $@

$(GOVULNCHECK):
	GOBIN=$(CURDIR)/.tools/bin go install golang.org/x/vuln/cmd/govulncheck@v1.8.0
	mv .tools/bin/govulncheck $@

# The programs only: no server of the machine's is made, started or changed.
postgres:
	@$(if $(DATABASE_URL),true,internal/devservices/programs/install.sh postgres)

withservices:
	@go build -o .tools/bin/withservices ./internal/testkit/withservices

# Leaves .data, where "make run" keeps its content.
clean:
	rm -rf bin .tools
