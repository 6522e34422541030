package io.modelyard.predict;

import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.model.Experiment;
import io.modelyard.model.Model;
import io.modelyard.model.Routing;
import io.modelyard.model.RowQuota;
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
import io.modelyard.traffic.Draw;
import io.modelyard.traffic.Router;
import io.modelyard.traffic.Split;
import io.modelyard.traffic.TypeView;
import io.modelyard.transform.Postprocessing;
import io.modelyard.transform.Transforms;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The way of a prediction: scan the body, choose the version, decode the inputs by its signature, predict, write the answer.
 * Between the choice and the inputs it waits for the model's turn, and for the model where it must be loaded first; no thread
 * waits with it. Safe for use by many threads.
 */
@Singleton
final class PredictionPipeline {
    /**
     * A body of so many bytes is read where it arrives, on the event loop: scanning it takes less than 20 µs whatever it holds
     * (ScanBenchmark). So a request that
     * must be refused is refused at once, also while all threads compute.
     */
    private static final int READ_AT_ONCE = 1536;

    private final Registry registry;
    private final Servables servables;
    private final LocalOverrides overrides;
    private final Predictor predictor;
    private final Passages passages;
    private final PredictionThreads threads;
    private final Observation observation;
    private final int maxRows;

    PredictionPipeline(Registry registry, Servables servables, LocalOverrides overrides, Predictor predictor,
            Passages passages, PredictionThreads threads, Observation observation,
            PredictConfiguration configuration) {
        this.registry = registry;
        this.servables = servables;
        this.overrides = overrides;
        this.predictor = predictor;
        this.passages = passages;
        this.threads = threads;
        this.observation = observation;
        this.maxRows = configuration.maxRowsPerRequest();
    }

    /** The answer; fails with a ServingFailure. Every call is one exchange, told to the observers before it completes. */
    CompletionStage<PredictionAnswer> answer(PredictionCall call) {
        Passage passage = new Passage(call, observation, passages);
        // An item of a batch may come when the time of all of them is over.
        passage.check(System.nanoTime());
        if (!passage.isWanted()) {
            return passage.answer();
        }
        try {
            passages.enter(passage);
        } catch (ServingFailure full) {
            passage.fail(full);
            return passage.answer();
        }
        if (call.body().length <= READ_AT_ONCE) {
            passage.step(() -> start(passage));
        } else {
            threads.arrive(() -> passage.step(() -> start(passage)));
        }
        return passage.answer();
    }

    private void start(Passage passage) {
        passage.record().started();
        passage.scanned(RequestScanner.scan(passage.call().body()));
        go(passage, choose(passage));
    }

    private void go(Passage passage, Model model) {
        ModelQueue queue = threads.queueOf(model);
        passage.enter(model, queue);
        Optional<Lease> lease = servables.lease(model);
        if (lease.isPresent()) {
            passage.hold(lease.get());
            threads.compute(queue, () -> passage.step(() -> predict(passage)));
        } else {
            threads.arrive(() -> passage.step(() -> await(passage, model, queue)));
        }
    }

    private void await(Passage passage, Model model, ModelQueue queue) {
        servables.leaseWhenReady(model).whenComplete((late, failure) -> {
            if (late == null) {
                passage.fail(failure);
            } else {
                passage.hold(late);
                threads.compute(queue, () -> passage.step(() -> predictOrGoOn(passage)));
            }
        });
    }

    /** A load may have told that the type's contract forbids the version: then another one answers. */
    private void predictOrGoOn(Passage passage) {
        Model now = choose(passage);
        if (now.equals(passage.lease().model())) {
            predict(passage);
        } else {
            passage.letGo();
            go(passage, now);
        }
    }

    private Model choose(Passage passage) {
        PredictionCall call = passage.call();
        PredictionRequest request = passage.request();
        RegistrySnapshot snapshot = registry.current();
        String type = agreed("model_type", call.type(), request.type())
                .or(snapshot::defaultType)
                .orElseThrow(
                        () -> ServingFailure.NotFound.defaultType("there are several types and none is the default;"
                                + " name one: POST /predict/<type>, or \"model_type\" in the body"));
        String version = agreed("model_version", call.version(), request.version()).orElse(null);
        passage.record().asked(type, version);
        call.caller().demand(type);
        TypeView view = overrides.view(snapshot, type);
        Optional<Split.Chosen> arm = version == null && request.joinsExperiments() ? arm(passage, view)
                : Optional.empty();
        passage.record().assigned(arm.map(Split.Chosen::assignment).orElse(null));
        return arm.map(Split.Chosen::model).orElseGet(() -> Router.choose(view, version, servables));
    }

    private Optional<Split.Chosen> arm(Passage passage, TypeView view) {
        Optional<Experiment> running = view.routing().flatMap(Routing::runningExperiment);
        if (running.isEmpty()) {
            return Optional.empty();
        }
        Draw draw = new RequestDraw(passage.random(), passage.call().headers(), passage.request(), view,
                running.get());
        return Split.choose(view, servables, draw);
    }

    private static Optional<String> agreed(String member, @Nullable String path, @Nullable String body) {
        if (path != null && body != null && !path.equals(body)) {
            throw new ServingFailure.InvalidInput(List.of(new InputProblem("/" + member,
                    "'" + body + "' contradicts '" + path + "' in the path")));
        }
        return Optional.ofNullable(path != null ? path : body);
    }

    private void predict(Passage passage) {
        PredictionRequest request = passage.request();
        ExchangeRecord record = passage.record();
        Lease lease = passage.lease();
        try {
            record.preprocessing();
            List<TensorSpec> outputs = outputs(lease.described().signature(), request.outputs());
            Transforms transforms = transforms(lease, request, outputs);
            InputRows decoded = decode(request, transforms.preprocessing().decoder());
            record.rows(decoded.rows());
            passage.call().allowance().take(decoded.rows());
            whenGranted(passage, decoded.rows(), () -> infer(passage, outputs, transforms, decoded));
        } catch (InvalidInputException e) {
            throw new ServingFailure.InvalidInput(e.problems());
        }
    }

    /** Goes on where the caller may have so many rows: at once where that is known here, else in the model's next turn. */
    private void whenGranted(Passage passage, int rows, Runnable next) {
        CompletionStage<Void> granted = passage.call().caller().rows().take(rows);
        if (granted.equals(RowQuota.GRANTED)) {
            next.run();
            return;
        }
        ModelQueue queue = threads.queueOf(passage.lease().model());
        granted.whenComplete((_, refused) -> {
            if (refused == null) {
                threads.compute(queue, () -> passage.step(next));
            } else {
                passage.fail(refused);
            }
        });
    }

    private void infer(Passage passage, List<TensorSpec> outputs, Transforms transforms, InputRows decoded) {
        ExchangeRecord record = passage.record();
        try {
            InputRows rows = transforms.preprocessing().apply(decoded, record.steps());
            record.inference();
            predictor.predict(new Predictor.Inference(passage.lease(), rows,
                    outputs.stream().map(TensorSpec::name).toList(), passage::isWanted,
                    passage.call().freshness()))
                    .whenComplete(
                            (answered, failure) -> finish(passage, outputs, transforms.postprocessing(), rows.rows(),
                                    answered, failure));
        } catch (InvalidInputException e) {
            throw new ServingFailure.InvalidInput(e.problems());
        }
    }

    private static void finish(Passage passage, List<TensorSpec> outputs, Postprocessing postprocessing, int rows,
            Predictor.@Nullable Answered answered, @Nullable Throwable failure) {
        try {
            if (answered == null) {
                passage.fail(failure == null ? new IllegalStateException("no answer") : failure);
            } else if (passage.isWanted()) {
                passage.record().postprocessing(answered);
                passage.succeed(AnswerWriter.write(passage.record(), passage.lease().model(), outputs, answered, rows,
                        postprocessing));
            } else {
                passage.leave();
            }
        } catch (InvalidInputException e) {
            passage.fail(new ServingFailure.InvalidInput(e.problems()));
        } catch (RuntimeException | Error e) {
            passage.fail(e);
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
