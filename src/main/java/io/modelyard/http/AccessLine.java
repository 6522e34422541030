package io.modelyard.http;

/**
 * One request in the access log, which is written after its answer.
 *
 * @param path without the query
 * @param status of the answer; {@link #GONE} where the client left before there was one
 * @param micros from the first byte of the request to the last of the answer, as far as it is handed to the network
 */
public record AccessLine(String method, String path, int status, long micros, CurrentRequest request) {
    public static final int GONE = 0;

    /** As text, but for the request, which every line has in the same place. */
    @Override
    public String toString() {
        return method + ' ' + path + ' ' + (status == GONE ? "gone" : String.valueOf(status)) + ' ' + micros + " us";
    }
}
