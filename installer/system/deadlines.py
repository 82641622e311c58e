"""Lists how long Airlock waits for other programs: so long that only one that hangs is given up."""

QUESTION_SECONDS = 60  # inspect, ps, config, version: milliseconds, and seconds on a host that swaps
REQUEST_SECONDS = 300  # the engine creates, starts or removes something: deleting many layers takes minutes
START_SECONDS = 600  # `docker compose start` waits for the health of each dependency
STOP_SECONDS = 3600  # each container has its own `stop_grace_period`, and a database writes back its pages
SILENCE_SECONDS = 3600  # of a stream: one ALTER TABLE or index of a large table is silent for long
LOAD_SECONDS = 24 * 3600  # of a client that has read a whole dump: it may still build every index
