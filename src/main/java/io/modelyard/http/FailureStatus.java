package io.modelyard.http;

import io.modelyard.model.ServingFailure;

/** Which HTTP status a failure has. Here alone: failures themselves know no HTTP. */
public final class FailureStatus {
    /** Nobody reads it; the log has it as those of other servers do. */
    static final int CLIENT_GONE = 499;

    private FailureStatus() {}

    public static int of(ServingFailure failure) {
        return switch (failure) {
            case ServingFailure.MalformedJson _,ServingFailure.BadParameter _ -> 400;
            case ServingFailure.Unauthenticated _ -> 401;
            case ServingFailure.Forbidden _ -> 403;
            case ServingFailure.NotFound _ -> 404;
            case ServingFailure.Conflict _ -> 409;
            case ServingFailure.VersionDeleted _ -> 410;
            case ServingFailure.RevisionConflict _ -> 412;
            case ServingFailure.PayloadTooLarge _,ServingFailure.BatchTooLarge _ -> 413;
            case ServingFailure.InvalidInput _,ServingFailure.InvalidManifest _,ServingFailure.InvalidModel _ -> 422;
            case ServingFailure.Overloaded _ -> 429;
            case ServingFailure.InferenceFailed _ -> 500;
            case ServingFailure.ModelLoadFailed _,ServingFailure.Unavailable _ -> 503;
            case ServingFailure.ClientGone _ -> CLIENT_GONE;
            case ServingFailure.DeadlineExceeded _ -> 504;
        };
    }
}
