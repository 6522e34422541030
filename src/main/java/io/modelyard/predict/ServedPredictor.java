package io.modelyard.predict;

import io.modelyard.model.ServingFailure;
import io.modelyard.runtime.InferenceException;
import io.modelyard.serving.Lease;
import io.modelyard.tensor.InputRows;

import java.util.List;

/** Asks the model itself. */
public final class ServedPredictor implements Predictor {
    @Override
    public Answered predict(Lease lease, InputRows rows, List<String> outputs) {
        try {
            return new Answered(lease.described().run(rows, outputs), false);
        } catch (InferenceException e) {
            throw new ServingFailure.InferenceFailed(lease.model().id() + " could not compute: " + e.getMessage(), e);
        } catch (OutOfMemoryError e) {
            throw ServingFailure.Unavailable.outOfMemory("there was not enough memory to run " + lease.model().id()
                    + " for " + rows.rows() + " rows; send fewer a request", e);
        }
    }
}
