package io.modelyard.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * Where a command speaks. Standard output has the result and nothing else, as text or as one JSON document; what people may
 * want to know besides goes to standard error.
 *
 * @param json whether machines read the result
 * @param quiet whether nobody wants to know anything besides
 */
record Console(PrintWriter out, PrintWriter err, boolean json, boolean quiet) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final String[] UNITS = {"bytes", "kB", "MB", "GB", "TB"};

    /** The one result, in the form that was asked for. */
    void result(String text, JsonNode document) {
        try {
            out.println(json ? JSON.writeValueAsString(document) : text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
        out.flush();
    }

    /** A remark for people who watch. */
    void note(String text) {
        if (!json && !quiet) {
            err.println(text);
            err.flush();
        }
    }

    boolean isWatched() {
        return !json && !quiet;
    }

    /** {@code 48.2 kB}, in powers of 1000. */
    static String size(long bytes) {
        double amount = bytes;
        int unit = 0;
        while (amount >= 999.95 && unit < UNITS.length - 1) {
            amount /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", amount, UNITS[unit]);
    }

    static String files(int count) {
        return count == 1 ? "1 file" : count + " files";
    }
}
