-- What became true of predictions: one row for each row of a prediction and kind of statement.
CREATE TABLE feedback (
    prediction_id    TEXT     NOT NULL,
    row_index        INTEGER  NOT NULL, -- -1: the prediction as a whole
    kind             TEXT     NOT NULL, -- outcome, reward
    value            TEXT     NOT NULL, -- JSON
    observed_micros  BIGINT   NOT NULL, -- microseconds since 1970, UTC, as are all times
    received_micros  BIGINT   NOT NULL,
    predicted_micros BIGINT   NOT NULL, -- by the prediction's id while it is pending
    key_id           TEXT     NOT NULL,
    key_types        TEXT,              -- while it is pending: the types that the key may use; null for all
    pending          SMALLINT NOT NULL, -- 1 until the row of the prediction is in the log
    rows_said        INTEGER  NOT NULL, -- how many rows the caller takes the prediction to have; 0 where it does not say
    model_type       TEXT,
    model_version    TEXT,
    experiment       TEXT,
    arm              TEXT,
    unscored         TEXT,              -- why it has no score
    correct          SMALLINT,
    log_loss         DOUBLE PRECISION,
    squared_error    DOUBLE PRECISION,
    absolute_error   DOUBLE PRECISION,
    reward           DOUBLE PRECISION,
    PRIMARY KEY (prediction_id, row_index, kind)
);

CREATE INDEX feedback_type ON feedback (model_type, predicted_micros);
CREATE INDEX feedback_at ON feedback (predicted_micros);
CREATE INDEX feedback_pending ON feedback (prediction_id) WHERE pending = 1;
