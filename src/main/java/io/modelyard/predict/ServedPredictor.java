package io.modelyard.predict;

import io.modelyard.model.Model;
import io.modelyard.model.ServingFailure;
import io.modelyard.runtime.InferenceException;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Asks the model itself, on the thread that asks. */
public final class ServedPredictor implements Predictor {
    @Override
    public CompletionStage<Answered> predict(Inference inference) {
        Model model = inference.lease().model();
        try {
            return CompletableFuture.completedFuture(new Answered(
                    inference.lease().described().run(inference.rows(), inference.outputs()), AnswerSource.BYPASS, 0));
        } catch (InferenceException e) {
            return CompletableFuture.failedFuture(
                    new ServingFailure.InferenceFailed(model.id() + " could not compute: " + e.getMessage(), e));
        } catch (OutOfMemoryError e) {
            return CompletableFuture.failedFuture(ServingFailure.Unavailable.outOfMemory(
                    "there was not enough memory to run " + model.id() + " for " + inference.rows().rows()
                            + " rows; send fewer a request",
                    e));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
