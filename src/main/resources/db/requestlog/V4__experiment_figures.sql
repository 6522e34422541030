-- What became of the requests of experiments, counted by all replicas together.
CREATE TABLE experiment_figures (
    experiment    TEXT    NOT NULL,
    arm           TEXT    NOT NULL,
    model_version TEXT    NOT NULL,
    outcome       INTEGER NOT NULL, -- a bucket of latencies; below 0 for requests that failed
    requests      BIGINT  NOT NULL,
    row_count     BIGINT  NOT NULL,
    total_ns      BIGINT  NOT NULL,
    PRIMARY KEY (experiment, arm, model_version, outcome)
);
