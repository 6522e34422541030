package io.modelyard.feedback;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.modelyard.model.ServingFailure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads bodies. All methods throw {@link ServingFailure} for a body that is refused as a whole. */
final class FeedbackReader {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** For text that is one value; an item is followed by others. */
    private static final ObjectReader WHOLE = JSON.readerFor(JsonNode.class)
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final String ITEMS = "items";

    private final FeedbackConfiguration configuration;

    FeedbackReader(FeedbackConfiguration configuration) {
        this.configuration = configuration;
    }

    /** The whole body is about one prediction. */
    FeedbackItem.Said one(String predictionId, byte[] body) {
        demandSize(body);
        FeedbackItem item = ItemReader.read("", tree(body), predictionId);
        return switch (item) {
            case FeedbackItem.Said said -> {
                demandRows(said.statements().size());
                yield said;
            }
            case FeedbackItem.Unreadable unreadable -> throw unreadable.failure();
        };
    }

    /** {@code {"items": […]}}. One that makes no sense harms no other. */
    List<FeedbackItem> items(byte[] body) {
        demandSize(body);
        List<FeedbackItem> items = new ArrayList<>();
        int rows = 0;
        try (JsonParser parser = JSON.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT || parser.nextToken() != JsonToken.FIELD_NAME
                    || !parser.currentName().equals(ITEMS) || parser.nextToken() != JsonToken.START_ARRAY) {
                throw new ServingFailure.MalformedJson(
                        "the body must be {\"items\": […]}, each item with a prediction_id"
                                + " and what became true; for one prediction there is POST /feedback/{prediction_id}");
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                FeedbackItem item = ItemReader.read("/items/" + items.size(), JSON.readTree(parser), null);
                items.add(item);
                rows += rows(item);
                demandRows(rows);
            }
            if (parser.nextToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
                throw new ServingFailure.MalformedJson("there must be nothing beside and behind \"items\"");
            }
        } catch (JacksonException e) {
            throw malformed(e);
        } catch (IOException e) {
            throw new UncheckedIOException("Reading from memory cannot fail", e);
        }
        if (items.isEmpty()) {
            throw new ServingFailure.MalformedJson("there are no items");
        }
        return items;
    }

    /** An item in each line; empty ones do not count. One that is no JSON harms no other. */
    List<FeedbackItem> lines(byte[] body) {
        demandSize(body);
        List<FeedbackItem> items = new ArrayList<>();
        int rows = 0;
        for (String line : new String(body, StandardCharsets.UTF_8).lines().toList()) {
            if (!line.isBlank()) {
                FeedbackItem item = line("/" + items.size(), line);
                items.add(item);
                rows += rows(item);
                demandRows(rows);
            }
        }
        if (items.isEmpty()) {
            throw new ServingFailure.MalformedJson("there are no lines");
        }
        return items;
    }

    private static FeedbackItem line(String pointer, String line) {
        try {
            return ItemReader.read(pointer, WHOLE.readTree(line), null);
        } catch (JacksonException e) {
            return new FeedbackItem.Unreadable(pointer, malformed(e));
        }
    }

    private static JsonNode tree(byte[] body) {
        try {
            return WHOLE.readTree(body);
        } catch (JacksonException e) {
            throw malformed(e);
        } catch (IOException e) {
            throw new UncheckedIOException("Reading from memory cannot fail", e);
        }
    }

    private static int rows(FeedbackItem item) {
        return item instanceof FeedbackItem.Said said ? Math.max(1, said.statements().size()) : 1;
    }

    private void demandSize(byte[] body) {
        if (body.length > configuration.maxBytes()) {
            throw new ServingFailure.PayloadTooLarge("the body has " + body.length + " bytes, and feedback may have "
                    + configuration.maxBytes() + "; send it in parts (modelyard.feedback.max-bytes)");
        }
    }

    private void demandRows(int rows) {
        if (rows > configuration.maxRows()) {
            throw new ServingFailure.BatchTooLarge("a request may tell of " + configuration.maxRows()
                    + " rows; send it in parts (modelyard.feedback.max-rows)");
        }
    }

    private static ServingFailure.MalformedJson malformed(JacksonException e) {
        var at = e.getLocation();
        return new ServingFailure.MalformedJson("this is not JSON: " + e.getOriginalMessage()
                + (at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")"));
    }
}
