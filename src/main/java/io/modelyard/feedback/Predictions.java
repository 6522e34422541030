package io.modelyard.feedback;

import io.modelyard.model.ModelId;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.Registry;
import io.modelyard.requestlog.LoggedAnswer;
import io.modelyard.requestlog.RequestLog;
import io.modelyard.requestlog.RequestLogException;
import io.modelyard.tensor.TensorSpec;
import jakarta.inject.Singleton;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Finds the predictions that feedback is about. Thread-safe; blocks. */
@Singleton
final class Predictions {
    /** Clocks of replicas may differ by as much. */
    private static final Duration CLOCKS = Duration.ofMinutes(5);

    private final RequestLog log;
    private final Registry registry;
    private final FeedbackConfiguration configuration;
    private final Clock clock;

    Predictions(RequestLog log, Registry registry, FeedbackConfiguration configuration, Clock clock) {
        this.log = log;
        this.registry = registry;
        this.configuration = configuration;
        this.clock = clock;
    }

    /** What the log says of a prediction. */
    sealed interface Found {
        record Answered(AnsweredPrediction prediction) implements Found {}

        /** It failed: there is nothing that could have become true. */
        record Failed(int status) implements Found {}

        /** It is not in the log, but may be on its way there. */
        record Awaited(long predictedMicros) implements Found {}

        /** There is none, or none that the caller may know of. */
        record Nothing() implements Found {}
    }

    /** @param ids some dozens */
    Map<String, LoggedAnswer> logged(Collection<String> ids) {
        try {
            return log.answers(new LinkedHashSet<>(ids)).stream()
                    .collect(Collectors.toMap(LoggedAnswer::predictionId, Function.identity()));
        } catch (RequestLogException e) {
            throw ServingFailure.Unavailable
                    .storeUnavailable("the request log cannot be read now; send the feedback again later", e);
        }
    }

    /** @param types that the caller may use; empty means all */
    Found found(String id, Map<String, LoggedAnswer> logged, Set<String> types) {
        LoggedAnswer answer = logged.get(id);
        if (answer == null) {
            OptionalLong awaited = awaited(id);
            return awaited.isPresent() ? new Found.Awaited(awaited.getAsLong()) : new Found.Nothing();
        }
        String type = answer.modelType();
        if (type == null ? !types.isEmpty() : !types.isEmpty() && !types.contains(type)) {
            return new Found.Nothing();
        }
        String version = answer.modelVersion();
        if (answer.status() >= 400 || type == null || version == null) {
            return new Found.Failed(answer.status());
        }
        return new Found.Answered(new AnsweredPrediction(answer, outputs(new ModelId(type, version))));
    }

    private List<TensorSpec> outputs(ModelId id) {
        return registry.current().model(id).map(model -> model.manifest().outputs()).orElse(List.of());
    }

    /** When the prediction was made, if its id says that this was not long ago; the log is written behind the answers. */
    private OptionalLong awaited(String id) {
        UUID uuid;
        try {
            uuid = UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            return OptionalLong.empty();
        }
        if (uuid.version() != 7 || !uuid.toString().equals(id)) {
            return OptionalLong.empty();
        }
        // RFC 9562: the first 48 bits are milliseconds since 1970.
        Instant made = Instant.ofEpochMilli(uuid.getMostSignificantBits() >>> 16);
        Instant now = clock.instant();
        return made.isAfter(now.minus(configuration.patience())) && made.isBefore(now.plus(CLOCKS))
                ? OptionalLong.of(micros(made))
                : OptionalLong.empty();
    }

    static long micros(Instant at) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, at);
    }
}
