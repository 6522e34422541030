package io.modelyard.model;

import io.modelyard.tensor.InputProblem;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Why something that was asked for was not done. Each variant is one {@code code} of the API; it knows facts and a
 * sentence, and no HTTP. Failures are ordinary answers, so they carry no stack trace of their own; a cause keeps its own.
 */
public abstract sealed class ServingFailure extends RuntimeException {
    private final String code;
    private final boolean retryable;

    private ServingFailure(String code, boolean retryable, String detail, @Nullable Throwable cause) {
        super(detail, cause, false, false);
        this.code = code;
        this.retryable = retryable;
    }

    /** The code of the API, {@code version_not_found} for example. */
    public String code() {
        return code;
    }

    /** Whether the same request may succeed later. */
    public boolean retryable() {
        return retryable;
    }

    /** What, where, and what to do. */
    public String detail() {
        String message = getMessage();
        return message == null ? code : message;
    }

    /** What was asked for is not there. */
    public static final class NotFound extends ServingFailure {
        private NotFound(String code, String detail) {
            super(code, false, detail, null);
        }

        public static NotFound type(String type) {
            return new NotFound("model_not_found", "there is no model type '" + type + "'; GET /models lists them");
        }

        public static NotFound version(ModelId id) {
            return new NotFound("version_not_found", "there is no version '" + id.version() + "' of '" + id.type()
                    + "'; GET /models/" + id.type() + " lists them");
        }

        /** For text that is not even the name of a version. */
        public static NotFound version(String type, String version) {
            return new NotFound("version_not_found", "there is no version '" + version + "' of '" + type
                    + "'; GET /models/" + type + " lists them");
        }

        public static NotFound alias(String type, String alias) {
            return new NotFound("alias_not_found", "'" + type + "' has no alias '@" + alias + "'; GET /models/" + type
                    + " lists them");
        }

        public static NotFound defaultType(String detail) {
            return new NotFound("no_default_type", detail);
        }

        public static NotFound prediction(String predictionId) {
            return new NotFound("prediction_not_found", "there is no prediction '" + predictionId
                    + "' in the request log; it may be older than the log is kept");
        }

        public static NotFound other(String detail) {
            return new NotFound("not_found", detail);
        }
    }

    /** The version was deleted. */
    public static final class VersionDeleted extends ServingFailure {
        public VersionDeleted(ModelId id, Routing.Retirement retirement) {
            super("version_deleted", false, id + " was deleted at " + retirement.at()
                    + (retirement.by() == null ? "" : " by " + retirement.by()) + (retirement.isRestorable()
                            ? "; POST /models/" + id + "/restore brings it back while its files are kept"
                            : "; its files are being removed since " + retirement.purgingSince()
                                    + ", so it cannot be restored: publish it as a new version"),
                    null);
        }
    }

    /** No key came with the request, or one that is not valid. */
    public static final class Unauthenticated extends ServingFailure {
        public Unauthenticated(String detail) {
            super("unauthenticated", false, detail, null);
        }
    }

    /** The caller's key does not reach this type, or lacks the role. */
    public static final class Forbidden extends ServingFailure {
        public Forbidden(String detail) {
            super("forbidden", false, detail, null);
        }
    }

    /** The body is not JSON, or not an object where one must be. */
    public static final class MalformedJson extends ServingFailure {
        public MalformedJson(String detail) {
            super("malformed_json", false, detail, null);
        }
    }

    /** A parameter in the path, query or headers makes no sense. */
    public static final class BadParameter extends ServingFailure {
        public BadParameter(String detail) {
            super("bad_parameter", false, detail, null);
        }
    }

    /** The input does not fit the model. */
    public static final class InvalidInput extends ServingFailure {
        private final transient List<InputProblem> problems;

        public InvalidInput(List<InputProblem> problems) {
            super("invalid_input", false, problems.size() == 1
                    ? problems.getFirst().pointer() + ": " + problems.getFirst().detail()
                    : problems.size() + " problems; the first at " + problems.getFirst().pointer() + ": "
                            + problems.getFirst().detail(),
                    null);
            this.problems = List.copyOf(problems);
        }

        /** At least one. */
        public List<InputProblem> problems() {
            return problems;
        }
    }

    /** More rows than one request may have. */
    public static final class BatchTooLarge extends ServingFailure {
        public BatchTooLarge(String detail) {
            super("batch_too_large", false, detail, null);
        }
    }

    /** The body is larger than the server reads. */
    public static final class PayloadTooLarge extends ServingFailure {
        public PayloadTooLarge(String detail) {
            super("payload_too_large", false, detail, null);
        }
    }

    /** A manifest that cannot be published. */
    public static final class InvalidManifest extends ServingFailure {
        public InvalidManifest(String detail) {
            super("invalid_manifest", false, detail, null);
        }
    }

    /** Files that cannot be published, because nothing here could serve them. */
    public static final class InvalidModel extends ServingFailure {
        public InvalidModel(String detail, @Nullable Throwable cause) {
            super("invalid_model", false, detail, cause);
        }
    }

    /** The state of the registry does not allow the change. */
    public static final class Conflict extends ServingFailure {
        private Conflict(String code, String detail) {
            super(code, false, detail, null);
        }

        public static Conflict versionExists(String detail) {
            return new Conflict("version_exists", detail);
        }

        public static Conflict versionInUse(String detail) {
            return new Conflict("version_in_use", detail);
        }

        public static Conflict incompatibleSignature(String detail) {
            return new Conflict("incompatible_signature", detail);
        }

        public static Conflict keyNotValid(String detail) {
            return new Conflict("key_not_valid", detail);
        }

        public static Conflict keyFromFile(String detail) {
            return new Conflict("key_from_file", detail);
        }

        public static Conflict predictionFailed(String detail) {
            return new Conflict("prediction_failed", detail);
        }

        public static Conflict lastAdminKey(String detail) {
            return new Conflict("last_admin_key", detail);
        }
    }

    /** Somebody else changed the document first. */
    public static final class RevisionConflict extends ServingFailure {
        public RevisionConflict(String detail) {
            super("revision_conflict", true, detail, null);
        }
    }

    /** The runtime failed while it computed. */
    public static final class InferenceFailed extends ServingFailure {
        public InferenceFailed(String detail, @Nullable Throwable cause) {
            super("inference_failed", false, detail, cause);
        }
    }

    /** The model cannot be loaded; tried again after a while. */
    public static final class ModelLoadFailed extends ServingFailure {
        private final @Nullable Duration retryAfter;

        public ModelLoadFailed(ModelId id, String reason, @Nullable Duration retryAfter, @Nullable Throwable cause) {
            super("model_load_failed", false, id + " cannot be loaded: " + reason, cause);
            this.retryAfter = retryAfter;
        }

        /** When the next try is allowed; empty where only another artifact would help. */
        public Optional<Duration> retryAfter() {
            return Optional.ofNullable(retryAfter);
        }
    }

    /** A condition of this replica that passes. */
    public static final class Unavailable extends ServingFailure {
        private Unavailable(String code, String detail, @Nullable Throwable cause) {
            super(code, true, detail, cause);
        }

        public static Unavailable storeUnavailable(String detail, @Nullable Throwable cause) {
            return new Unavailable("store_unavailable", detail, cause);
        }

        public static Unavailable modelLoading(String detail) {
            return new Unavailable("model_loading", detail, null);
        }

        public static Unavailable outOfMemory(String detail, @Nullable Throwable cause) {
            return new Unavailable("out_of_memory", detail, cause);
        }

        public static Unavailable shuttingDown() {
            return new Unavailable("shutting_down", "this server is stopping; ask another one", null);
        }
    }

    /** Too much at once. */
    public static final class Overloaded extends ServingFailure {
        private final Duration retryAfter;

        private Overloaded(String code, String detail, Duration retryAfter) {
            super(code, true, detail, null);
            this.retryAfter = retryAfter;
        }

        public static Overloaded queueFull(String detail, Duration retryAfter) {
            return new Overloaded("queue_full", detail, retryAfter);
        }

        public static Overloaded rateLimited(String detail, Duration retryAfter) {
            return new Overloaded("rate_limited", detail, retryAfter);
        }

        public Duration retryAfter() {
            return retryAfter;
        }
    }

    /** The answer would have come too late. */
    public static final class DeadlineExceeded extends ServingFailure {
        public DeadlineExceeded(String detail) {
            super("deadline_exceeded", true, detail, null);
        }
    }

    /** The caller has closed the connection and gets no answer. */
    public static final class ClientGone extends ServingFailure {
        public ClientGone() {
            super("client_gone", false, "the caller closed the connection before the answer was there", null);
        }
    }
}
