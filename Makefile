# The two commands, for fingers used to make: `make run`, `make test ARGS="tests/domain -x"`.
.PHONY: run test
ARGS ?=

run:
	python3 -m portal run $(ARGS)

test:
	python3 -m portal test $(ARGS)
