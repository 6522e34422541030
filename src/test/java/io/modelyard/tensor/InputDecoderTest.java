package io.modelyard.tensor;

import static io.modelyard.tensor.Signatures.decode;
import static io.modelyard.tensor.Signatures.show;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/** The forms in which inputs may be written, by kind of signature. */
final class InputDecoderTest {
    private static final String TABLE = "x float32 [-1,2] a b";
    private static final String IMAGE = "image uint8 [-1,2,1,3]";
    private static final String PAIR = "n int64 [-1]; v float64 [-1,2]";
    private static final String COLUMNS = "age float32 [-1,1]; name string [-1]; xy float64 [-1,2] px py";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "[[1,2],[3,4]]                                | [2, 2] 1.0 2.0 3.0 4.0",
            "[[1.5,-2]]                                   | [1, 2] 1.5 -2.0",
            "[1,2]                                        | [1, 2] 1.0 2.0",
            "{\"a\":1,\"b\":2}                            | [1, 2] 1.0 2.0",
            "{\"b\":2,\"a\":1}                            | [1, 2] 1.0 2.0",
            "[{\"a\":1,\"b\":2},{\"b\":4,\"a\":3}]        | [2, 2] 1.0 2.0 3.0 4.0",
            "[[1,2],{\"b\":4,\"a\":3}]                    | [2, 2] 1.0 2.0 3.0 4.0",
            "{\"x\":[[1,2],[3,4]]}                        | [2, 2] 1.0 2.0 3.0 4.0",
            "{\"x\":[1,2]}                                | [1, 2] 1.0 2.0",
            "[{\"x\":[1,2]},[3,4]]                        | [2, 2] 1.0 2.0 3.0 4.0",
            " [ [ 1 , 2 ] , { \"a\" : 3 , \"b\" : 4 } ] | [2, 2] 1.0 2.0 3.0 4.0"})
    void rowsOfATable(String text, String tensor) {
        assertThat(show(decode(TABLE, text))).isEqualTo(tensor);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "x float32 [-1,2]  | {\"x\":[1,2]}          | [1, 2] 1.0 2.0",
            "x float32 [-1,2]  | [[1,2],{\"x\":[3,4]}]  | [2, 2] 1.0 2.0 3.0 4.0",
            "x float32 [-1,1]  | [[1],[2]]              | [2, 1] 1.0 2.0",
            "x float32 [-1,1]  | [1]                    | [1, 1] 1.0",
            "x float32 [-1,1]  | {\"x\":1}              | [1, 1] 1.0",
            "x float32 [-1,1]  | {\"x\":[1]}            | [1, 1] 1.0",
            "x float32 [-1,1]  | {\"x\":[[1],[2]]}      | [2, 1] 1.0 2.0",
            "x float32 [-1,1] a| [{\"a\":1},{\"x\":[2]}]| [2, 1] 1.0 2.0",
            "x float32 [-1,2] x y | {\"x\":1,\"y\":2}    | [1, 2] 1.0 2.0",
            "x float32 [-1,2] x y | {\"x\":[[1,2]]}      | [1, 2] 1.0 2.0",
            "x float32 [-1,0]  | [[],[]]                | [2, 0]"})
    void rowsOfATableByOtherNames(String signature, String text, String tensor) {
        assertThat(show(decode(signature, text))).isEqualTo(tensor);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "[1,2,3]                 | [3] 1 2 3",
            "[1]                     | [1] 1",
            "[[1],[2]]               | [2] 1 2",
            "[1,[2],{\"n\":3}]       | [3] 1 2 3",
            "{\"n\":1}               | [1] 1",
            "[{\"n\":1},{\"n\":2}]   | [2] 1 2",
            "{\"n\":[1,2]}           | [2] 1 2"})
    void bareValues(String text, String tensor) {
        assertThat(show(decode("n int32 [-1]", text))).isEqualTo(tensor);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "[[[[1,2,3]],[[4,5,6]]]]                          | [1, 2, 1, 3] 1 2 3 4 5 6",
            "[[[1,2,3]],[[4,5,6]]]                            | [1, 2, 1, 3] 1 2 3 4 5 6",
            "[{\"image\":[[[1,2,3]],[[4,5,6]]]}]              | [1, 2, 1, 3] 1 2 3 4 5 6",
            "{\"image\":[[[1,2,3]],[[4,5,6]]]}                | [1, 2, 1, 3] 1 2 3 4 5 6",
            "{\"image\":[[[[1,2,3]],[[4,5,6]]]]}              | [1, 2, 1, 3] 1 2 3 4 5 6",
            "[[[[1,2,3]],[[4,5,6]]],[[[7,8,9]],[[0,0,255]]]]  | [2, 2, 1, 3] 1 2 3 4 5 6 7 8 9 0 0 255"})
    void images(String text, String tensor) {
        assertThat(show(decode(IMAGE, text))).isEqualTo(tensor);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"n\":7,\"v\":[1,2]}                          | [1] 7; [1, 2] 1.0 2.0",
            "[{\"v\":[1,2],\"n\":7},{\"n\":8,\"v\":[3,4]}]  | [2] 7 8; [2, 2] 1.0 2.0 3.0 4.0",
            "{\"v\":[[1,2],[3,4]],\"n\":[7,8]}              | [2] 7 8; [2, 2] 1.0 2.0 3.0 4.0",
            "[[7,1,2],[8,3,4]]                              | [2] 7 8; [2, 2] 1.0 2.0 3.0 4.0",
            "[7,1,2]                                        | [1] 7; [1, 2] 1.0 2.0"})
    void severalInputs(String text, String tensors) {
        assertThat(show(decode(PAIR, text))).isEqualTo(tensors);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"age\":39,\"name\":\"Jo\",\"px\":1,\"py\":2}          | [1, 1] 39.0; [1] Jo; [1, 2] 1.0 2.0",
            "{\"py\":2,\"age\":[39],\"px\":1,\"name\":\"Jo\"}        | [1, 1] 39.0; [1] Jo; [1, 2] 1.0 2.0",
            "{\"age\":39,\"name\":\"Jo\",\"xy\":[1,2]}               | [1, 1] 39.0; [1] Jo; [1, 2] 1.0 2.0",
            "[39,\"Jo\",1,2]                                         | [1, 1] 39.0; [1] Jo; [1, 2] 1.0 2.0",
            "{\"age\":[[39]],\"name\":[\"Jo\"],\"xy\":[[1,2]]}       | [1, 1] 39.0; [1] Jo; [1, 2] 1.0 2.0"})
    void columnsOfSeveralInputs(String text, String tensors) {
        assertThat(show(decode(COLUMNS, text))).isEqualTo(tensors);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "image float32 [-1,1,2]; n int32 [-1] | [{\"image\":[[1,2]],\"n\":3}]    | [1, 1, 2] 1.0 2.0; [1] 3",
            "image float32 [-1,1,2]; n int32 [-1] | {\"image\":[[[1,2]]],\"n\":[3]}  | [1, 1, 2] 1.0 2.0; [1] 3",
            "x float32 [1,4]                      | [1,2,3,4]                        | [1, 4] 1.0 2.0 3.0 4.0",
            "x float32 [1,4]                      | [[1,2,3,4],[5,6,7,8]]            | [2, 4] 1.0 2.0 3.0 4.0 5.0 6.0 7.0 8.0",
            "x float32 [1,4]                      | {\"x\":[[1,2,3,4]]}              | [1, 4] 1.0 2.0 3.0 4.0",
            "x float32 [4]                        | [1,2,3,4]                        | [1, 4] 1.0 2.0 3.0 4.0",
            "x float32 [4]                        | [[1,2,3,4]]                      | [1, 4] 1.0 2.0 3.0 4.0",
            "x float32 [4]                        | {\"x\":[1,2,3,4]}                | [1, 4] 1.0 2.0 3.0 4.0",
            "x float32 [1]                        | [[5],[6]]                        | [2, 1] 5.0 6.0",
            "x float32 []                         | [5,6]                            | [2] 5.0 6.0",
            "x float32 []                         | {\"x\":5}                        | [1] 5.0",
            "x float32 [-1,2]; t float32 []       | {\"x\":[[1,2],[3,4]],\"t\":0.5}  | [1, 2, 2] 1.0 2.0 3.0 4.0; [1] 0.5",
            "x float32 [-1,2]; t float32 []       | {\"x\":[[[1,2]],[[3,4]]],\"t\":[5,6]} | [2, 1, 2] 1.0 2.0 3.0 4.0; [2] 5.0 6.0"})
    void modelsThatTakeOneRowACall(String signature, String text, String tensors) {
        assertThat(show(decode(signature, text))).isEqualTo(tensors);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "x int64 [-1,-1]   | [[1,2,3],[4,5,6]]          | [2, 3] 1 2 3 4 5 6",
            "x int64 [-1,-1]   | [1,2,3]                    | [1, 3] 1 2 3",
            "x int64 [-1,-1]   | {\"x\":[1,2]}              | [1, 2] 1 2",
            "x int64 [-1,-1]   | {\"x\":[[1],[2]]}          | [2, 1] 1 2",
            "x int64 [-1,-1,2] | [[[1,2],[3,4]]]            | [1, 2, 2] 1 2 3 4",
            "x int64 [-1,-1,2] | [[1,2],[3,4]]              | [1, 2, 2] 1 2 3 4",
            "x int64 [-1,-1,-1]| [[[1],[2]],[[3],[4]]]      | [2, 2, 1] 1 2 3 4",
            "a int64 [-1,-1]; b int64 [-1,-1] | [{\"a\":[1,2],\"b\":[3]},{\"b\":[4],\"a\":[5,6]}] | [2, 2] 1 2 5 6; [2, 1] 3 4"})
    void axesWhoseLengthTheFirstRowTells(String signature, String text, String tensors) {
        assertThat(show(decode(signature, text))).isEqualTo(tensors);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "s string [-1,2] | [[\"[\",\"{\"]]         | [1, 2] [ {",
            "f bool [-1,2]   | [[true,false]]          | [1, 2] true false",
            "n int8 [-1]     | [-128,127,-0,1.0,2e1]   | [5] -128 127 0 1 20",
            "n int16 [-1]    | [-32768,32767]          | [2] -32768 32767",
            "n int32 [-1]    | [-2147483648,2147483647]| [2] -2147483648 2147483647",
            "n uint8 [-1]    | [0,255]                 | [2] 0 255",
            "n int64 [-1]    | [9007199254740993,-9223372036854775808,9223372036854775807,9007199254740993.0,1e18] | [5] 9007199254740993 -9223372036854775808 9223372036854775807 9007199254740993 1000000000000000000",
            "x float64 [-1]  | [1e308,4.9e-324,-0,0.1] | [4] 1.0E308 4.9E-324 -0.0 0.1",
            "x float32 [-1]  | [3.4028234e38,1e-45,1e-50,16777217] | [4] 3.4028235E38 1.4E-45 0.0 1.6777216E7"})
    void valuesOfEveryType(String signature, String text, String tensor) {
        assertThat(show(decode(signature, text))).isEqualTo(tensor);
    }

    @Test
    void stringsMeanWhatTheyAreEscapedFor() {
        assertThat(decode("s string [-1]", "[\"a\",\"é\\n\\ud83d\\ude00\",\"\"]").tensors().getFirst().array())
                .isEqualTo(new String[]{"a", "é\n😀", ""});
    }

    @Test
    void missingValuesAreNaN() {
        assertThat(show(decode("x float32 [-1,2] a b; missing", "[[null,1],{\"a\":2,\"b\":null}]")))
                .isEqualTo("[2, 2] NaN 1.0 2.0 NaN");
        assertThat(show(decode("x float64 [-1]; missing", "[null]"))).isEqualTo("[1] NaN");
    }

    @Test
    void namesMayBeEscapedAndNeedNotBeInOrder() {
        assertThat(show(decode("x float32 [-1,3] a/b ü~ \"q\"",
                "{\"\\u00fc~\":2,\"\\\"q\\\"\":3,\"a\\/b\":1}"))).isEqualTo("[1, 3] 1.0 2.0 3.0");
    }

    @Test
    void aModelWithoutInputsTakesEmptyRows() {
        Signature none = new Signature(List.of(), List.of(), false);
        assertThat(decode(none, "[{},[]]", 10).rows()).isEqualTo(2);
        assertThat(decode(none, "{}", 10).rows()).isEqualTo(1);
    }

    /** No text has more values for its length. */
    @Test
    void everyDigitOfADenseTextIsRead() {
        String digits = "1,2,3,4,5,6,7,8,9" + ",1,2,3,4,5,6,7,8,9".repeat(99);
        assertThat(show(decode(Signatures.of("n int8 [-1]"), "[" + digits + "]", 900)))
                .isEqualTo("[900] " + digits.replace(',', ' '));
        assertThat(show(decode("n int8 [-1,900]", "[" + digits + "]")))
                .isEqualTo("[1, 900] " + digits.replace(',', ' '));
    }

    @Test
    void asManyRowsAsAllowedAreRead() {
        assertThat(decode(Signatures.of("n int32 [-1]"), "[1,2,3]", 3).rows()).isEqualTo(3);
        assertThat(decode(Signatures.of("n int32 [-1]"), "{\"n\":[1,2,3]}", 3).rows()).isEqualTo(3);
    }

    @Test
    void leavesTheReaderBehindTheInputs() {
        JsonReader reader = new JsonReader(
                "{\"inputs\":[1,2],\"x\":1}".getBytes(UTF_8));
        reader.openObject();
        reader.name();
        new InputDecoder(Signatures.of("n int32 [-1]")).decode(reader, "/inputs", 10);
        assertThat(reader.nextInObject()).isTrue();
        assertThat(reader.name()).isEqualTo("x");
    }

    @Test
    void saysWhatARowHoldsOfAnInput() {
        assertThat(new InputDecoder(Signatures.of(IMAGE)).rowShape(0)).isEqualTo(Shape.of(2, 1, 3));
        assertThat(new InputDecoder(Signatures.of("x float32 [4]")).rowShape(0)).isEqualTo(Shape.of(4));
    }
}
