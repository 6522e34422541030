-- One row per prediction, whatever became of it. Column types are those that SQLite and PostgreSQL both know.
CREATE TABLE prediction_log (
    prediction_id     TEXT     NOT NULL PRIMARY KEY,
    request_id        TEXT     NOT NULL,
    at_micros         BIGINT   NOT NULL, -- microseconds since 1970, UTC
    model_type        TEXT,
    model_version     TEXT,
    requested_version TEXT,
    runtime           TEXT,
    model_digest      TEXT,
    key_id            TEXT,
    status            INTEGER  NOT NULL,
    code              TEXT,
    inputs            TEXT,              -- JSON
    predictions       TEXT,              -- JSON
    row_count         INTEGER  NOT NULL,
    cached            SMALLINT NOT NULL,
    truncated         SMALLINT NOT NULL,
    preprocessing_ns  BIGINT   NOT NULL,
    queue_ns          BIGINT   NOT NULL,
    inference_ns      BIGINT   NOT NULL,
    postprocessing_ns BIGINT   NOT NULL,
    total_ns          BIGINT   NOT NULL
);

-- Every index ends with the order of the answer, so that no query sorts. The version stands behind it: rows of another
-- version are passed over in the index, without a second index on types.
CREATE INDEX prediction_log_at ON prediction_log (at_micros, prediction_id);
CREATE INDEX prediction_log_type ON prediction_log (model_type, at_micros, prediction_id, model_version);
CREATE INDEX prediction_log_key ON prediction_log (key_id, at_micros, prediction_id);
-- Failures are few and often asked for.
CREATE INDEX prediction_log_errors ON prediction_log (at_micros, prediction_id) WHERE status >= 400;
