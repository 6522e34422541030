package io.modelyard.tensor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

final class JsonReaderTest {
    private static final JsonMapper JACKSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    // ---- Beside Jackson ----

    @Property(seed = "2611", tries = 1000)
    void readsWhatJacksonReads(@ForAll("values") String text) throws JsonProcessingException {
        assertThat(read(text.getBytes(UTF_8))).isEqualTo(Optional.of(plain(JACKSON.readTree(text))));
    }

    @Property(seed = "2611", tries = 2000)
    void acceptsWhatJacksonAcceptsOfBrokenText(@ForAll("broken") byte[] text) {
        assertThat(read(text)).as(() -> new String(text, UTF_8)).isEqualTo(byJackson(text));
    }

    @Property(seed = "2611", tries = 1000)
    void passesAValueExactlyWhereItWouldReadOne(@ForAll("broken") byte[] text) {
        assertThat(course(text, JsonReader::skip)).isEqualTo(course(text, JsonReaderTest::value));
    }

    @Property(seed = "2611", tries = 1000)
    void passesAnUncheckedValueToWhereACheckedOneEnds(@ForAll("values") String text) {
        byte[] bytes = ("  " + text + " , 1").getBytes(UTF_8);
        JsonReader checked = new JsonReader(bytes);
        JsonReader unchecked = new JsonReader(bytes);
        checked.skip();
        unchecked.skipUnchecked();
        assertThat(unchecked.position()).isEqualTo(checked.position());
    }

    /** What stands before the offset could go on to be JSON, so reading just that gets to its end. */
    @Property(seed = "2611", tries = 2000)
    void namesTheFirstByteThatCannotStandThere(@ForAll("broken") byte[] text) {
        int offset = errorIn(text);
        if (offset >= 0) {
            assertThat(errorIn(Arrays.copyOf(text, offset))).isIn(-1, offset);
            assertThat(offset).isLessThanOrEqualTo(text.length);
        }
    }

    @Provide
    Arbitrary<String> values() {
        return JsonTexts.values(3);
    }

    @Provide
    Arbitrary<byte[]> broken() {
        return JsonTexts.broken();
    }

    // ---- Structure ----

    @Test
    void walksArraysAndObjects() {
        JsonReader reader = reader(" {\"a\" : [1, [ ], {}],\n\"b\":true , \"c\": null}");
        assertThat(reader.openObject()).isTrue();
        assertThat(reader.name()).isEqualTo("a");
        assertThat(reader.peekDepth()).isEqualTo(1);
        assertThat(reader.openArray()).isTrue();
        assertThat(reader.number()).isEqualTo(1);
        assertThat(reader.nextInArray()).isTrue();
        assertThat(reader.openArray()).isFalse();
        assertThat(reader.nextInArray()).isTrue();
        assertThat(reader.openObject()).isFalse();
        assertThat(reader.nextInArray()).isFalse();
        assertThat(reader.nextInObject()).isTrue();
        assertThat(reader.name()).isEqualTo("b");
        assertThat(reader.bool()).isTrue();
        assertThat(reader.nextInObject()).isTrue();
        assertThat(reader.name()).isEqualTo("c");
        assertThat(reader.peek()).isEqualTo('n');
        reader.nullValue();
        assertThat(reader.nextInObject()).isFalse();
        reader.end();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"1|0", "[1]|1", "[ [ [|3", "[[1],[[2]]]|2", "[[]]|2",
            "{\"a\":[[1]]}|0", "\"[[\"|0"})
    void countsTheBracketsAhead(String text, int depth) {
        JsonReader reader = reader(text);
        assertThat(reader.peekDepth()).isEqualTo(depth);
        assertThat(reader.position()).isZero();
    }

    @Test
    void readsAPartOfAText() {
        byte[] text = "xx[1,2]yy".getBytes(UTF_8);
        JsonReader reader = new JsonReader(text, 2, 7);
        reader.skip();
        reader.end();
        assertThat(reader.position()).isEqualTo(7);
        assertThatThrownBy(() -> new JsonReader(text, 2, 6).skip()).isInstanceOfSatisfying(JsonSyntaxException.class,
                e -> assertThat(e.offset()).isEqualTo(6));
    }

    @Test
    void refusesMoreThan64LevelsWithoutFillingTheStack() {
        String deepest = "[".repeat(64) + "]".repeat(64);
        assertThat(read(deepest.getBytes(UTF_8))).isPresent();
        assertThat(read(("{\"a\":".repeat(64) + "1" + "}".repeat(64)).getBytes(UTF_8))).isPresent();
        assertThat(errorIn(("[" + deepest + "]").getBytes(UTF_8))).isEqualTo(64);
        assertThat(errorIn("[".repeat(1_000_000).getBytes(UTF_8))).isEqualTo(64);
    }

    @Test
    void goesDeepAgainAfterClosing() {
        String deepest = "[".repeat(63) + "]".repeat(63);
        assertThat(read(("[" + deepest + "," + deepest + "]").getBytes(UTF_8))).isPresent();
    }

    @Test
    void takesAByteOf255ForNoEnd() {
        assertThat(errorIn(new byte[]{'1', (byte) 0xff})).isEqualTo(1);
        assertThat(reader(new byte[]{(byte) 0xff}).peek()).isEqualTo(0xff);
        assertThat(reader(" ").peek()).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"`[1,\n 2,\n  x]`|line 3, column 3",
            "[1 2]|line 1, column 4",
            "[01]|line 1, column 3", "[1.]|line 1, column 4", "[-]|line 1, column 3", "[1e+]|line 1, column 5",
            "[tru]|line 1, column 5", "{\"a\" 1}|line 1, column 6", "{a:1}|line 1, column 2", "[1,]|line 1, column 4",
            "[\"\\q\"]|line 1, column 4", "[\"\\u12x4\"]|line 1, column 7", "`[`|line 1, column 2",
            "1 2|line 1, column 3", "\"é\"x|line 1, column 5"})
    void saysWhereItGoesWrong(String text, String place) {
        byte[] bytes = text.getBytes(UTF_8);
        assertThatThrownBy(() -> whole(new JsonReader(bytes))).isInstanceOfSatisfying(JsonSyntaxException.class,
                e -> assertThat(e.describe(bytes)).endsWith(" at " + place));
    }

    @Test
    void saysThatTheTextEnds() {
        assertThatThrownBy(() -> reader("").skip()).hasMessage("the text ends too early: expected a value");
        assertThatThrownBy(() -> reader("[1").skip()).hasMessageStartingWith("the text ends too early: expected ','");
        assertThatThrownBy(() -> reader("\"ab").skip()).hasMessage("the text ends inside a string");
    }

    // ---- Strings ----

    @ParameterizedTest
    @CsvSource({"'\"\"',''", "'\"a\\u00e9\\\"\\\\\\/\"','aé\"\\/'", "'\"\\ud83d\\uDE00\"',😀", "'\"😀é€\"',😀é€"})
    void readsStrings(String text, String content) {
        assertThat(reader(text).string()).isEqualTo(content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud800", "\\udc00", "\\ud800x", "\\ud800\\n", "\\ud800\\u0041", "\\ud800\\ud800",
            "\\udc00\\udc00",
            "\\uDFFF\\uD800"})
    void refusesHalfASurrogatePair(String content) {
        assertThatThrownBy(() -> reader('"' + content + '"').skip()).isInstanceOf(JsonSyntaxException.class)
                .hasMessageContaining("half of a surrogate pair");
    }

    /** Bytes that are never UTF-8, too long forms, surrogates, and beyond the last character (RFC 3629). */
    @ParameterizedTest
    @ValueSource(strings = {"ff", "80", "c0 80", "c1 bf", "c3", "c3 28", "e0 80 80", "e0 9f bf", "ed a0 80", "ed bf bf",
            "e2 82", "f0 80 80 80", "f0 8f bf bf", "f4 90 80 80", "f5 80 80 80", "e2 28 a1"})
    void refusesWhatIsNotUtf8(String hex) {
        byte[] bytes = HexFormat.of().parseHex("22" + hex.replace(" ", "") + "22");
        assertThatThrownBy(() -> reader(bytes).string()).isInstanceOf(JsonSyntaxException.class)
                .hasMessage("a string is not UTF-8");
        assertThatThrownBy(() -> reader(bytes).skip()).hasMessage("a string is not UTF-8");
    }

    @Property(seed = "2611", tries = 200)
    void refusesControlCharacters(@ForAll @IntRange(max = 0x1f) int c) {
        byte[] text = {'"', 'a', (byte) c, '"'};
        assertThat(errorIn(text)).isEqualTo(2);
        assertThatThrownBy(() -> reader(text).string()).hasMessageContaining("control character");
    }

    // ---- Names of a table ----

    @Test
    void findsNamesHoweverTheyAreWritten() {
        NameTable names = new NameTable(List.of("a", "é\"\n", "a\\u0062"));
        assertThat(place("{\"a\":1}", names, 0)).isZero();
        assertThat(place("{\"\\u0061\":1}", names, 2)).isZero();
        assertThat(place("{ \"a\" : 1}", names, 1)).isZero();
        assertThat(place("{\"é\\\"\\n\":1}", names, -1)).isEqualTo(1);
        assertThat(place("{\"a\\\\u0062\":1}", names, 0)).isEqualTo(2);
        assertThat(place("{\"a\\u0062\":1}", names, 2)).isEqualTo(-1);
    }

    @Test
    void consumesNothingOfAnUnknownName() {
        JsonReader reader = reader("{\"b\":1}");
        reader.openObject();
        assertThat(reader.name(new NameTable(List.of("a", "bb", "")), 1)).isEqualTo(-1);
        assertThat(reader.name()).isEqualTo("b");
    }

    @Test
    void refusesAControlCharacterInANameThatHasOne() {
        JsonReader reader = reader("{\"a\nb\":1}");
        reader.openObject();
        assertThatThrownBy(() -> reader.name(new NameTable(List.of("a\nb")), 0))
                .isInstanceOf(JsonSyntaxException.class);
    }

    private static int place(String text, NameTable names, int likely) {
        JsonReader reader = reader(text);
        reader.openObject();
        int place = reader.name(names, likely);
        if (place >= 0) {
            assertThat(reader.number()).isEqualTo(1);
        }
        return place;
    }

    // ---- Reading into trees ----

    private static JsonReader reader(String text) {
        return reader(text.getBytes(UTF_8));
    }

    private static JsonReader reader(byte[] text) {
        return new JsonReader(text);
    }

    private static Optional<Object> read(byte[] text) {
        try {
            return Optional.of(whole(new JsonReader(text)));
        } catch (JsonSyntaxException e) {
            return Optional.empty();
        }
    }

    private static Object whole(JsonReader reader) {
        Object value = value(reader);
        reader.end();
        return value;
    }

    private static Object value(JsonReader reader) {
        return switch (reader.peek()) {
            case '[' -> {
                List<Object> list = new ArrayList<>();
                for (boolean more = reader.openArray(); more; more = reader.nextInArray()) {
                    list.add(value(reader));
                }
                yield list;
            }
            case '{' -> {
                Map<String, Object> map = new LinkedHashMap<>();
                for (boolean more = reader.openObject(); more; more = reader.nextInObject()) {
                    map.put(reader.name(), value(reader));
                }
                yield map;
            }
            case '"' -> reader.string();
            case 't', 'f' -> reader.bool();
            case 'n' -> {
                reader.nullValue();
                yield Optional.empty();
            }
            // 0.0 makes -0.0 and 0.0 one, which Jackson's integers are.
            default -> reader.number() + 0.0;
        };
    }

    /** Offset of the error, or -1. */
    private static int errorIn(byte[] text) {
        try {
            whole(new JsonReader(text));
            return -1;
        } catch (JsonSyntaxException e) {
            return e.offset();
        }
    }

    /** Where a reader stands after a value, or what goes wrong. */
    private static String course(byte[] text, Consumer<JsonReader> step) {
        JsonReader reader = new JsonReader(text);
        try {
            step.accept(reader);
            return "at " + reader.position();
        } catch (JsonSyntaxException e) {
            return e.describe(text);
        }
    }

    private static Optional<Object> byJackson(byte[] text) {
        try {
            // Jackson itself takes bytes for other encodings, and some for UTF-8 that are not.
            String decoded = UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
            JsonNode tree = JACKSON.readTree(decoded);
            return tree.isMissingNode() || !isSound(decoded) ? Optional.empty() : Optional.of(plain(tree));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Whether all names and strings can be written as UTF-8, which Jackson does not ask. */
    private static boolean isSound(String text) throws IOException {
        try (JsonParser parser = JACKSON.createParser(text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (!UTF_8.newEncoder().canEncode(parser.getText())) {
                    return false;
                }
            }
            return true;
        }
    }

    private static Object plain(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> node.valueStream().map(JsonReaderTest::plain).toList();
            case OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                node.properties().forEach(member -> map.put(member.getKey(), plain(member.getValue())));
                yield map;
            }
            case STRING -> node.textValue();
            case BOOLEAN -> node.booleanValue();
            case NUMBER -> node.doubleValue() + 0.0;
            case NULL -> Optional.empty();
            default -> throw new IllegalStateException(node.toString());
        };
    }
}
