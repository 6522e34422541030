package io.modelyard.store.s3;

import io.modelyard.store.StoreException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;

/** Says in one line what went wrong with a request: what was asked of which key where, why it failed, what to do. */
final class S3Failures {
    private final S3Location location;
    private final S3Configuration configuration;

    S3Failures(S3Location location, S3Configuration configuration) {
        this.location = location;
        this.configuration = configuration;
    }

    StoreException of(S3Action action, String key, Throwable cause) {
        boolean denied = cause instanceof AwsServiceException answer
                && (answer.statusCode() == 401 || answer.statusCode() == 403);
        return new StoreException(message(action, key, reason(action, key, cause)), cause, denied);
    }

    String message(S3Action action, String key, String reason) {
        return "cannot " + action.verb() + " '" + key + "' in " + location
                + (configuration.endpoint() == null ? "" : " at " + configuration.endpoint()) + ": " + reason;
    }

    /** An error that may well be gone with the next attempt, so that nothing is known about the request. */
    static boolean isPassing(SdkException e) {
        return !(e instanceof AwsServiceException refusal) || refusal.statusCode() >= 500
                || refusal.statusCode() == 429;
    }

    private String reason(S3Action action, String key, Throwable cause) {
        if (cause instanceof AwsServiceException answer) {
            String advice = advice(action, key, answer);
            return advice.isEmpty() ? said(answer) : advice + " (" + said(answer) + ")";
        }
        if (cause instanceof ApiCallTimeoutException || cause instanceof ApiCallAttemptTimeoutException) {
            return "no answer in time; see modelyard.store.s3.attempt-timeout and .total-timeout";
        }
        String message = String.valueOf(cause.getMessage());
        if (message.contains("Unable to load credentials")) {
            return "no credentials were found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or run "
                    + "where a role gives them";
        }
        return unreachable(cause, message);
    }

    private static String unreachable(Throwable cause, String message) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return switch (root) {
            case UnknownHostException e -> "the name " + e.getMessage() + " cannot be resolved; is "
                    + "modelyard.store.s3.endpoint or the region right?";
            case ConnectException e -> "no connection: " + e.getMessage();
            case SocketTimeoutException e -> "the server does not answer: " + e.getMessage();
            default -> cause instanceof SdkException && root.equals(cause) ? message : message + " (" + root + ")";
        };
    }

    private String advice(S3Action action, String key, AwsServiceException answer) {
        return switch (code(answer)) {
            case "NoSuchBucket" -> "the bucket '" + location.bucket()
                    + "' does not exist there; create it, or correct modelyard.store.uri";
            case "InvalidAccessKeyId" -> "the server does not know the access key";
            case "SignatureDoesNotMatch" -> "the secret key is not the one of the access key";
            case "RequestTimeTooSkewed" -> "the clock of this machine is wrong";
            case "ExpiredToken", "TokenRefreshRequired", "InvalidToken" -> "the credentials have expired";
            case "AuthorizationHeaderMalformed", "PermanentRedirect", "TemporaryRedirect" -> elsewhere(answer);
            default -> switch (answer.statusCode()) {
                case 301, 307 -> elsewhere(answer);
                case 400 -> region(answer).isEmpty() ? "" : elsewhere(answer);
                case 401, 403 -> "access is denied; the credentials need " + action.permission(location, key);
                case 404 -> "that is no answer of an S3 server; is modelyard.store.s3.endpoint right?";
                case 429, 503 -> "the server asks to slow down";
                default -> "";
            };
        };
    }

    private static String elsewhere(AwsServiceException answer) {
        return "the bucket is in another region" + region(answer) + "; set modelyard.store.s3.region or AWS_REGION";
    }

    private static String region(AwsServiceException answer) {
        return answer.awsErrorDetails() == null || answer.awsErrorDetails().sdkHttpResponse() == null
                ? ""
                : answer.awsErrorDetails().sdkHttpResponse().firstMatchingHeader("x-amz-bucket-region")
                        .map(region -> ", " + region).orElse("");
    }

    private static String code(AwsServiceException answer) {
        @Nullable
        String code = answer.awsErrorDetails() == null ? null : answer.awsErrorDetails().errorCode();
        return code == null ? "" : code;
    }

    private static String said(AwsServiceException answer) {
        @Nullable
        String text = answer.awsErrorDetails() == null ? null : answer.awsErrorDetails().errorMessage();
        StringBuilder said = new StringBuilder("the server said ").append(answer.statusCode());
        if (!code(answer).isEmpty()) {
            said.append(' ').append(code(answer));
        }
        if (text != null && !text.isBlank()) {
            said.append(": ").append(text.lines().findFirst().orElse(""));
        }
        Integer attempts = answer.numAttempts();
        if (attempts != null && attempts > 1) {
            said.append(", after ").append(attempts).append(" attempts");
        }
        return answer.requestId() == null ? said.toString() : said + ", request " + answer.requestId();
    }
}
