package io.modelyard.runtime.xgboost;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.modelyard.runtime.InvalidModelException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * Reads JSON as XGBoost writes it: with NaN and Infinity as numbers, in UTF-8. Member names with escapes are refused, as
 * the native library does not decode them and so would see other members than this does.
 */
final class JsonDocumentReader implements DocumentReader {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build()).build();

    private final byte[] content;
    private final Damage damage;
    private final JsonParser parser;
    /** A token that was looked at and not yet read. */
    private @Nullable JsonToken ahead;

    JsonDocumentReader(byte[] content, Damage damage) throws InvalidModelException {
        this.content = content;
        this.damage = damage;
        try {
            this.parser = FACTORY.createParser(content);
        } catch (IOException e) {
            throw damage.found("it is not JSON: " + e.getMessage(), e);
        }
    }

    @Override
    public void beginObject() throws InvalidModelException {
        expect(JsonToken.START_OBJECT, "an object");
    }

    @Override
    public @Nullable String nextName() throws InvalidModelException {
        if (next() == JsonToken.END_OBJECT) {
            return null;
        }
        long start = parser.currentTokenLocation().getByteOffset();
        for (long i = start + 1; i < content.length && content[(int) i] != '"'; i++) {
            if (content[(int) i] == '\\') {
                throw wrong("a member's name has an escape in it");
            }
        }
        return text();
    }

    @Override
    public void beginArray() throws InvalidModelException {
        expect(JsonToken.START_ARRAY, "an array");
    }

    @Override
    public boolean hasNext() throws InvalidModelException {
        JsonToken token = next();
        if (token == JsonToken.END_ARRAY) {
            return false;
        }
        ahead = token;
        return true;
    }

    @Override
    public String readString() throws InvalidModelException {
        expect(JsonToken.VALUE_STRING, "a string");
        return text();
    }

    @Override
    public @Nullable String readStringOrSkip() throws InvalidModelException {
        JsonToken token = next();
        ahead = token;
        if (token == JsonToken.VALUE_STRING) {
            return readString();
        }
        skip();
        return null;
    }

    @Override
    public int readInt() throws InvalidModelException {
        expect(JsonToken.VALUE_NUMBER_INT, "an integer");
        try {
            return parser.getIntValue();
        } catch (IOException e) {
            throw wrong("the integer " + text() + " is out of range");
        }
    }

    @Override
    public int[] readInts() throws InvalidModelException {
        beginArray();
        IntList values = new IntList();
        while (hasNext()) {
            values.add(readInt());
        }
        return values.toArray();
    }

    @Override
    public int readLength() throws InvalidModelException {
        beginArray();
        int length = 0;
        while (hasNext()) {
            JsonToken token = next();
            if (!token.isNumeric() && !token.isBoolean()) {
                throw wrong("a number was to come, not " + named(token));
            }
            length++;
        }
        return length;
    }

    @Override
    public void skip() throws InvalidModelException {
        int depth = 0;
        do {
            JsonToken token = next();
            if (token.isStructStart()) {
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
            }
        } while (depth > 0);
    }

    @Override
    public void end() throws InvalidModelException {
        try {
            if (parser.nextToken() != null) {
                throw wrong("more comes behind the end of the model");
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private void expect(JsonToken expected, String what) throws InvalidModelException {
        JsonToken token = next();
        if (token != expected) {
            throw wrong(what + " was to come, not " + named(token));
        }
    }

    private JsonToken next() throws InvalidModelException {
        JsonToken token = ahead;
        if (token != null) {
            ahead = null;
            return token;
        }
        try {
            token = parser.nextToken();
        } catch (IOException e) {
            throw unreadable(e);
        }
        if (token == null) {
            throw wrong("the file ends in the middle of the model");
        }
        return token;
    }

    private String text() throws InvalidModelException {
        try {
            return parser.getText();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private InvalidModelException unreadable(IOException cause) {
        String reason = cause instanceof JsonProcessingException json ? json.getOriginalMessage() : cause.getMessage();
        return damage.found("it cannot be read as JSON: " + reason + where(), cause);
    }

    private InvalidModelException wrong(String detail) {
        return damage.found(detail + where());
    }

    private String where() {
        JsonLocation location = parser.currentLocation();
        return " (at byte " + location.getByteOffset() + ")";
    }

    private static String named(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case END_OBJECT, END_ARRAY -> "the end";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT -> "an integer";
            case VALUE_NUMBER_FLOAT -> "a number with a fraction";
            case VALUE_TRUE, VALUE_FALSE -> "a truth value";
            case VALUE_NULL -> "null";
            case FIELD_NAME -> "a member";
            case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> "something else";
        };
    }
}
