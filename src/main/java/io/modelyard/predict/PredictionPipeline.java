package io.modelyard.predict;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.model.Model;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.Registry;
import io.modelyard.registry.RegistrySnapshot;
import io.modelyard.serving.Lease;
import io.modelyard.serving.LocalOverrides;
import io.modelyard.serving.Servables;
import io.modelyard.tensor.InputDecoder;
import io.modelyard.tensor.InputProblem;
import io.modelyard.tensor.InputRows;
import io.modelyard.tensor.InvalidInputException;
import io.modelyard.tensor.JsonReader;
import io.modelyard.tensor.JsonSyntaxException;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.TensorSpec;
import io.modelyard.tensor.TooManyRowsException;
import io.modelyard.traffic.Router;
import io.modelyard.transform.Transforms;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * The way of a prediction: scan the body, choose the version, decode the inputs by its signature, predict, write the answer.
 * Where the model must be loaded first, the way is left after the choice and taken up again when the model is ready; no
 * thread waits. Safe for use by many threads.
 */
@Singleton
final class PredictionPipeline {
    private final Registry registry;
    private final Servables servables;
    private final LocalOverrides overrides;
    private final Predictor predictor;
    private final PredictionThreads threads;
    private final Observation observation;
    private final int maxRows;

    PredictionPipeline(Registry registry, Servables servables, LocalOverrides overrides, Predictor predictor,
            PredictionThreads threads,
            Observation observation, PredictConfiguration configuration) {
        this.registry = registry;
        this.servables = servables;
        this.overrides = overrides;
        this.predictor = predictor;
        this.threads = threads;
        this.observation = observation;
        this.maxRows = configuration.maxRowsPerRequest();
    }

    /** The answer; fails with a ServingFailure. Every call is one exchange, told to the observers before it completes. */
    CompletionStage<PredictionAnswer> answer(PredictionCall call) {
        ExchangeRecord record = observation.begin(call);
        CompletableFuture<PredictionAnswer> answer = new CompletableFuture<>();
        try {
            threads.execute(() -> start(call, record, answer));
        } catch (ServingFailure full) {
            complete(answer, record, null, full);
        }
        return answer;
    }

    private void start(PredictionCall call, ExchangeRecord record, CompletableFuture<PredictionAnswer> answer) {
        try {
            record.started();
            PredictionRequest request = RequestScanner.scan(call.body());
            record.scanned(request);
            go(call, request, choose(call, request, record), record, answer);
        } catch (RuntimeException | Error e) {
            complete(answer, record, null, e);
        }
    }

    private void go(PredictionCall call, PredictionRequest request, Model model, ExchangeRecord record,
            CompletableFuture<PredictionAnswer> answer) {
        record.chose(model);
        Optional<Lease> lease = servables.lease(model);
        if (lease.isPresent()) {
            complete(answer, record, predict(request, lease.get(), record), null);
            return;
        }
        servables.leaseWhenReady(model).whenComplete((late, failure) -> {
            if (late == null) {
                complete(answer, record, null, failure);
            } else {
                resume(call, request, late, record, answer);
            }
        });
    }

    /** A load may have told that the type's contract forbids the version: then another one answers. */
    private void answerOrGoOn(PredictionCall call, PredictionRequest request, Lease lease, ExchangeRecord record,
            CompletableFuture<PredictionAnswer> answer) {
        Model now;
        try {
            now = choose(call, request, record);
        } catch (RuntimeException e) {
            lease.close();
            throw e;
        }
        if (now.equals(lease.model())) {
            complete(answer, record, predict(request, lease, record), null);
        } else {
            lease.close();
            go(call, request, now, record, answer);
        }
    }

    /** Goes on where {@link #start} left, on a thread for predictions again. */
    private void resume(PredictionCall call, PredictionRequest request, Lease lease, ExchangeRecord record,
            CompletableFuture<PredictionAnswer> answer) {
        try {
            threads.execute(() -> {
                try {
                    answerOrGoOn(call, request, lease, record, answer);
                } catch (RuntimeException | Error e) {
                    complete(answer, record, null, e);
                }
            });
        } catch (ServingFailure full) {
            lease.close();
            complete(answer, record, null, full);
        }
    }

    private void complete(CompletableFuture<PredictionAnswer> answer, ExchangeRecord record,
            @Nullable PredictionAnswer done, @Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
        observation.end(record, done, cause).whenComplete((told, untold) -> {
            if (done != null && cause == null) {
                answer.complete(done);
            } else {
                answer.completeExceptionally(cause == null ? new IllegalStateException("no answer") : cause);
            }
        });
    }

    private Model choose(PredictionCall call, PredictionRequest request, ExchangeRecord record) {
        RegistrySnapshot snapshot = registry.current();
        String type = agreed("model_type", call.type(), request.type())
                .or(snapshot::defaultType)
                .orElseThrow(
                        () -> ServingFailure.NotFound.defaultType("there are several types and none is the default;"
                                + " name one: POST /predict/<type>, or \"model_type\" in the body"));
        String version = agreed("model_version", call.version(), request.version()).orElse(null);
        record.asked(type, version);
        call.caller().demand(type);
        return Router.choose(overrides.view(snapshot, type), version, servables);
    }

    private static Optional<String> agreed(String member, @Nullable String path, @Nullable String body) {
        if (path != null && body != null && !path.equals(body)) {
            throw new ServingFailure.InvalidInput(List.of(new InputProblem("/" + member,
                    "'" + body + "' contradicts '" + path + "' in the path")));
        }
        return Optional.ofNullable(path != null ? path : body);
    }

    private PredictionAnswer predict(PredictionRequest request, Lease lease, ExchangeRecord record) {
        try (lease) {
            record.preprocessing();
            Signature signature = lease.described().signature();
            List<TensorSpec> outputs = outputs(signature, request.outputs());
            Transforms transforms = transforms(lease, request, outputs);
            InputRows rows = decode(request, transforms.preprocessing().decoder());
            record.rows(rows.rows());
            rows = transforms.preprocessing().apply(rows, record.steps());
            record.inference();
            Predictor.Answered answered = predictor.predict(lease, rows,
                    outputs.stream().map(TensorSpec::name).toList());
            record.postprocessing(answered.cached());
            return AnswerWriter.write(record, lease.model(), outputs, answered, rows.rows(),
                    transforms.postprocessing());
        } catch (InvalidInputException e) {
            throw new ServingFailure.InvalidInput(e.problems());
        }
    }

    private InputRows decode(PredictionRequest request, InputDecoder decoder) {
        try {
            return decoder.decode(
                    new JsonReader(request.body(), request.inputsFrom(), request.inputsTo()), request.inputsPointer(),
                    maxRows);
        } catch (TooManyRowsException e) {
            throw new ServingFailure.BatchTooLarge(String.valueOf(e.getMessage()));
        } catch (JsonSyntaxException e) {
            throw new ServingFailure.MalformedJson("the body is not JSON: " + e.describe(request.body()));
        }
    }

    private static Transforms transforms(Lease lease, PredictionRequest request, List<TensorSpec> outputs) {
        JsonNode preprocessing = said(request.preprocessing());
        JsonNode postprocessing = said(request.postprocessing());
        if (preprocessing != null) {
            demandOverridable(lease.model(), "preprocessing");
        }
        if (postprocessing != null) {
            demandOverridable(lease.model(), "postprocessing");
        }
        return lease.described().transforms().under(preprocessing, postprocessing, outputs);
    }

    private static @Nullable JsonNode said(@Nullable JsonNode json) {
        return json == null || json.isNull() ? null : json;
    }

    private static void demandOverridable(Model model, String member) {
        if (!model.manifest().overridable()) {
            throw new InvalidInputException("/" + member, "the manifest of " + model.id()
                    + " does not allow a request to change its pre- and post-processing");
        }
    }

    private static List<TensorSpec> outputs(Signature signature, List<String> names) {
        if (names.isEmpty()) {
            return signature.defaultOutputs();
        }
        return names.stream().map(name -> signature.output(name).orElseThrow(() -> new InvalidInputException("/outputs",
                "there is no output '" + name + "'; there are " + String.join(", ",
                        signature.outputs().stream().map(TensorSpec::name).toList()))))
                .distinct().toList();
    }
}
