package io.modelyard.http;

import org.jspecify.annotations.Nullable;

/**
 * The trace that a request belongs to, as its header {@code traceparent} says. <a href=
 * "https://www.w3.org/TR/trace-context/#traceparent-header">W3C Trace Context</a>, by which what is not well formed counts as absent.
 *
 * @param traceId 32 hexadecimal digits
 * @param spanId the caller's part of the trace, 16 hexadecimal digits
 * @param isSampled whether the caller keeps the trace
 */
public record TraceParent(String traceId, String spanId, boolean isSampled) {
    public static final String HEADER = "traceparent";

    private static final int TRACE = 3;
    private static final int SPAN = 36;
    private static final int FLAGS = 53;
    private static final int LENGTH = 55;
    private static final int SAMPLED = 1;

    /** Null where there is none. */
    public static @Nullable TraceParent of(@Nullable String header) {
        if (header == null || header.length() < LENGTH || !isHex(header, 0, 2) || header.startsWith("ff")
                || header.charAt(TRACE - 1) != '-' || !isHex(header, TRACE, SPAN - 1) || header.charAt(SPAN - 1) != '-'
                || !isHex(header, SPAN, FLAGS - 1) || header.charAt(FLAGS - 1) != '-'
                || !isHex(header, FLAGS, LENGTH)) {
            return null;
        }
        // Later versions may add something; this one has nothing to add.
        if (header.length() > LENGTH && (header.startsWith("00") || header.charAt(LENGTH) != '-')) {
            return null;
        }
        String traceId = header.substring(TRACE, SPAN - 1);
        String spanId = header.substring(SPAN, FLAGS - 1);
        return isZero(traceId) || isZero(spanId)
                ? null
                : new TraceParent(traceId, spanId,
                        (Integer.parseInt(header, FLAGS, LENGTH, 16) & SAMPLED) == SAMPLED);
    }

    /** What the header says of a trace. */
    public static String header(String traceId, String spanId, boolean isSampled) {
        return "00-" + traceId + '-' + spanId + (isSampled ? "-01" : "-00");
    }

    private static boolean isHex(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    private static boolean isZero(String id) {
        for (int i = 0; i < id.length(); i++) {
            if (id.charAt(i) != '0') {
                return false;
            }
        }
        return true;
    }
}
