package io.modelyard.runtime.xgboost;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelyard.runtime.InvalidModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;

/** What is said of files that are no sound UBJSON or JSON. */
final class DamagedBytesTest {
    @Test
    void memberNamesThatTheLibraryWouldReadOtherwiseAreRefused() {
        assertBytesRefused("{\"learner\":{\"\\u006eame\":1}}", "escape");
        assertBytesRefused("{\"learner\":{\"name\":1,\"name\":1}}", "Duplicate field 'name'");
    }

    @Test
    void nestingWithoutEndIsRefused() {
        assertBytesRefused("{\"learner\":{\"x\":" + "[".repeat(100_000), "nest");
        assertBytesRefused(ubjson("learner") + "{" + key("x") + "[".repeat(100_000), "nested deeper than 64");
        assertBytesRefused(ubjson("learner") + "{" + (key("x") + "{").repeat(100), "nested deeper than 64");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE, 1L << 32, 1L << 61})
    void lengthsThatCannotBeAreRefused(long length) {
        String start = ubjson("learner") + "{" + key("x");
        assertBytesRefused(start + "[$l#L" + big(length) + "12345678", "elements cannot be");
        assertBytesRefused(start + "[$L#L" + big(length) + "12345678", "elements cannot be");
        assertBytesRefused(start + "[#L" + big(length) + "i1i2", "elements cannot be");
        assertBytesRefused(start + "SL" + big(length) + "text", "bytes cannot be");
        assertBytesRefused(ubjson("learner") + "{L" + big(length) + "name", "bytes cannot be");
    }

    @Test
    void whatXgboostDoesNotReadOfUbjsonIsRefused() {
        String start = ubjson("learner") + "{" + key("x");
        assertBytesRefused(start + "[$S#L" + big(1) + "L" + big(1) + "a}}", "a number was to come, not 'S'");
        assertBytesRefused(start + "Hi1}}", "not 'H'");
        assertBytesRefused(start + "[#i1}}", "a 64-bit length was to come");
        assertBytesRefused(start + "Z" + key("x") + "Z}}", "the member 'x' is there twice");
    }

    @Test
    void bytesBehindTheModelAreRefused() throws Exception {
        assertBytesRefused(new String(KnownModels.TREES.bytes("json"), ISO_8859_1) + "{}", "more comes behind the end");
        assertBytesRefused(new String(KnownModels.TREES.bytes("ubj"), ISO_8859_1) + "x", "1 bytes come behind the end");
    }

    private static void assertBytesRefused(String bytes, String message) {
        assertThatThrownBy(() -> XgboostRuntime.check("model.ubj", bytes.getBytes(ISO_8859_1)))
                .isInstanceOf(InvalidModelException.class).hasMessageContaining(message);
    }

    private static String ubjson(String member) {
        return "{" + key(member);
    }

    private static String key(String name) {
        return "L" + big(name.length()) + name;
    }

    private static String big(long value) {
        return new String(ByteBuffer.allocate(8).putLong(value).array(), ISO_8859_1);
    }
}
