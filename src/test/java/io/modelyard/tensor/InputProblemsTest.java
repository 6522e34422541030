package io.modelyard.tensor;

import static io.modelyard.tensor.Signatures.decode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What callers are told of inputs that do not fit: every place, and what would be right there. */
final class InputProblemsTest {
    private static final String TABLE = "x float32 [-1,2] alpha beta";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "[[1,2],[3]]          | /inputs/1 this row has 1 value, the model takes 2",
            "[[1,2,3]]            | /inputs/0 this row has 3 values, the model takes 2",
            "[1,2,3]              | /inputs this row has 3 values, the model takes 2",
            "[1]                  | /inputs this row has 1 value, the model takes 2",
            "[[1,2],[]]           | /inputs/1 this row has 0 values, the model takes 2",
            "[[]]                 | /inputs/0 this row has 0 values, the model takes 2",
            "[]                   | /inputs there are no rows",
            "{\"x\":[]}           | /inputs/x this row has 0 values, the model takes 2",
            "5                    | /inputs expected rows as an array, one row as an object, or an object of tensors by name",
            "null                 | /inputs expected rows as an array, one row as an object, or an object of tensors by name",
            "\"1,2\"              | /inputs expected rows as an array, one row as an object, or an object of tensors by name",
            "[[1,2],3]            | /inputs/1 expected a row: an array of 2 or an object by name",
            "[[1,2],\"3,4\"]      | /inputs/1 expected a row: an array of 2 or an object by name",
            "[[1,2],null]         | /inputs/1 expected a row: an array of 2 or an object by name",
            "[[[1,2]]]            | /inputs/0/0 expected a number, found an array; /inputs/0 this row has 1 value, the model takes 2",
            "[[\"1\",2]]          | /inputs/0/0 expected a number, found a string",
            "[1,true]             | /inputs/1 expected a number, found a boolean",
            "[[1,null]]           | /inputs/0/1 expected a number, found null; this model knows no missing values",
            "[[1,{}]]             | /inputs/0/1 expected a number, found an object",
            "[[1,1e39]]           | /inputs/0/1 the number is out of the range of float32",
            "[[-1e400,1]]         | /inputs/0/0 the number is out of the range of float32",
            "[[3.4028236e38,1]]   | /inputs/0/0 the number is out of the range of float32"})
    void inATable(String text, String problems) {
        assertThat(problems(TABLE, text)).isEqualTo(problems);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"alpha\":1}                          | /inputs/beta this feature is missing",
            "[{\"alpha\":1,\"beta\":2},{}]          | /inputs/1/alpha this feature is missing, /inputs/1/beta this feature is missing",
            "{\"alpha\":1,\"beta\":2,\"gamma\":3}   | /inputs/gamma there is no feature of this name; the model takes alpha, beta",
            "{\"alpha\":1,\"beat\":2}               | /inputs/beat there is no feature of this name; did you mean 'beta'?, /inputs/beta this feature is missing",
            "[{\"alpha\":1,\"beta\":2,\"alpha\":1}] | /inputs/0/alpha this feature is there twice",
            "[{\"alpha\":1,\"alpha\":1}]            | /inputs/0/alpha this feature is there twice, /inputs/0/beta this feature is missing",
            "{\"alpha\":\"1\",\"beta\":[2]}         | /inputs/alpha expected a number, found a string, /inputs/beta expected a number, found an array",
            "{\"x\":[1,2],\"beta\":3}               | /inputs/beta this feature is there twice",
            "{\"beta\":3,\"x\":[1,2]}               | /inputs/x this input is there twice",
            "{\"x\":[1,2],\"x\":[1,2]}              | /inputs/x this input is there twice",
            "{\"x\":[1]}                            | /inputs/x this row has 1 value, the model takes 2",
            "{\"x\":1}                              | /inputs/x expected an array of 2",
            "{\"x\":[[1,2],[3]]}                    | /inputs/x/1 this row has 1 value, the model takes 2",
            "{\"x\":[[1,2]],\"x\":[[1,2]]}          | /inputs/x this input is there twice",
            "{\"x\":[[1,2]],\"y\":[[1,2]]}          | /inputs/y there is no feature of this name; the model takes alpha, beta",
            "{\"y\":[[1,2]],\"x\":[[1,2]]}          | /inputs/y there is no feature of this name; the model takes alpha, beta",
            "{\"alpha\":1,\"x\":[[1,2]]}            | /inputs/x this input is there twice",
            "{\"alpha\":{\"x\":1},\"beta\":2}       | /inputs/alpha expected a number, found an object"})
    void inNamesOfATable(String text, String problems) {
        assertThat(problems(TABLE, text)).isEqualTo(problems.replace(", /inputs", "; /inputs"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "x float32 [-1,2]        | {\"a\":1}                    | /inputs/a there is no input of this name; did you mean 'x'?; /inputs/x this input is missing",
            "x float32 [-1,1]        | [1,2,3]                      | /inputs this row has 3 values, the model takes 1; many rows are written [[…], […]]",
            "x float32 [-1,1]        | [[1],2]                      | /inputs/1 expected a row: an array of 1 or an object by name",
            "n int32 [-1]            | [1,null]                     | /inputs/1 expected an integer, found null",
            "n int32 [-1]            | [1,[2,3]]                    | /inputs/1 this row has 2 values, the model takes 1; many rows are written [[…], […]]",
            "n int32 [-1]            | {\"n\":[]}                   | /inputs there are no rows",
            "n int32 [-1]            | {\"n\":[[1]]}                | /inputs/n/0 expected an integer, found an array",
            "n int32 [-1]            | [1.5,1e-1,2147483648,1e10,1e400] | /inputs/0 expected an integer, found a fraction; /inputs/1 expected an integer, found a fraction; /inputs/2 the number is out of the range of int32; /inputs/3 the number is out of the range of int32; /inputs/4 the number is out of the range of int32",
            "n int8 [-1]             | [-129,128]                   | /inputs/0 the number is out of the range of int8; /inputs/1 the number is out of the range of int8",
            "n uint8 [-1]            | [-1,256]                     | /inputs/0 the number is out of the range of uint8; /inputs/1 the number is out of the range of uint8",
            "n int64 [-1]            | [9223372036854775808,1e19,0.99999999999999999999] | /inputs/0 the number is out of the range of int64; /inputs/1 the number is out of the range of int64; /inputs/2 expected an integer, found a fraction",
            "x float64 [-1]          | [1e309]                      | /inputs/0 the number is out of the range of float64",
            "x float64 [-1]; missing | [\"NaN\"]                    | /inputs/0 expected a number or null, found a string",
            "n int32 [-1]; missing   | [null]                       | /inputs/0 expected an integer, found null",
            "s string [-1]           | [1]                          | /inputs/0 expected a string, found a number",
            "s string [-1]; missing  | [null]                       | /inputs/0 expected a string, found null",
            "f bool [-1]             | [1,\"true\"]                 | /inputs/0 expected true or false, found a number; /inputs/1 expected true or false, found a string"})
    void inValues(String signature, String text, String problems) {
        assertThat(problems(signature, text)).isEqualTo(problems);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "[[1,2,3]]                       | /inputs this array has 1 element, expected 2",
            "[1,2]                           | /inputs/0 expected a row: an array or an object by name; /inputs/1 expected a row: an array or an object by name",
            "[[[1,2,3],[4,5,6]],[[1,2,3]]]   | /inputs/1 this array has 1 element, expected 2",
            "[[[1,2],[4,5,6]]]               | /inputs/0/0 this array has 2 elements, expected 3",
            "[[[1,2,3],4]]                   | /inputs/0/1 expected an array of 3",
            "[[[1,2,3],[4,\"\",6]]]          | /inputs/0/1/1 expected an integer, found a string",
            "[[[[1,2,3],[4,5,6]]]]           | /inputs/0/0/0 expected an integer, found an array; /inputs/0/0/1 expected an integer, found an array; /inputs/0/0 this array has 2 elements, expected 3; /inputs/0 this array has 1 element, expected 2",
            "{\"image\":[[1,2,3]]}           | /inputs/image this array has 1 element, expected 2",
            "{\"image\":[[[1,2,3],[]]]}      | /inputs/image/0/1 this array has 0 elements, expected 3",
            "{\"image\":7}                   | /inputs/image expected an array of 2",
            "{\"image\":null}                | /inputs/image expected an array of 2"})
    void inImages(String text, String problems) {
        assertThat(problems("image uint8 [-1,2,3]", text)).isEqualTo(problems);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"n\":[1,2],\"v\":[[1,2]]}       | /inputs/v this input has 1 row, but n has 2",
            "{\"n\":[1,2]}                     | /inputs/v this input is missing",
            "{\"v\":[[1,2]]}                   | /inputs/n this input is missing",
            "{\"n\":[1],\"v\":5}               | /inputs/v expected an array of rows; /inputs/v this input has 0 rows, but n has 1",
            "{\"n\":1,\"v\":[[1,2]]}           | /inputs/v/0 expected a number, found an array; /inputs/v this row has 1 value, the model takes 2",
            "{\"n\":1,\"v\":[1,2],\"w\":3}     | /inputs/w there is no input of this name; did you mean 'n'?",
            "{\"n\":1}                         | /inputs/v this input is missing",
            "[{\"n\":1,\"v\":[1,2]},{\"n\":1}] | /inputs/1/v this input is missing",
            "[[1,2]]                           | /inputs/0 this row has 2 values, the model takes 3",
            "[[1,2,3,4]]                       | /inputs/0 this row has 4 values, the model takes 3",
            "[[\"a\",2,[]]]                    | /inputs/0/0 expected an integer, found a string; /inputs/0/2 expected a number, found an array",
            "[1,2]                             | /inputs this row has 2 values, the model takes 3"})
    void inSeveralInputs(String text, String problems) {
        assertThat(problems("n int64 [-1]; v float64 [-1,2]", text)).isEqualTo(problems);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "x int64 [-1,-1]   | [[1,2],[3]]               | /inputs/1 this array has 1 element, expected 2 like the first: all must have one shape",
            "x int64 [-1,-1]   | [[1,2],[3,4,5]]           | /inputs/1 this array has 3 elements, expected 2 like the first: all must have one shape",
            "x int64 [-1,-1]   | [[],[1]]                  | /inputs/0 this array is empty",
            "x int64 [-1,-1]   | []                        | /inputs there are no rows",
            "x int64 [-1,-1]   | [1,[2]]                   | /inputs/1 expected an integer, found an array",
            "x int64 [-1,-1,2] | [[[1,2],[3]]]             | /inputs/0/1 this array has 1 element, expected 2",
            "x int64 [-1,-1,-1]| [[[1],[2,3]]]             | /inputs/0/1 this array has 2 elements, expected 1 like the first: all must have one shape",
            "x int64 [-1,-1,2] | [[[1,2]],[[1,2],[3,4]]]   | /inputs/1 this array has 2 elements, expected 1 like the first: all must have one shape",
            "image float32 [-1,1,1]; n int32 [-1] | [[1,2]] | /inputs/0 this model has several inputs: write a row as an object by input name: image, n",
            "image float32 [-1,1,1]; n int32 [-1] | [1]     | /inputs this model has several inputs: write a row as an object by input name: image, n"})
    void inRaggedRows(String signature, String text, String problems) {
        assertThat(problems(signature, text)).isEqualTo(problems);
    }

    @Test
    void pointersEscapeSlashesAndTildes() {
        assertThat(problems("x float32 [-1,1] a/b~c", "[{\"a/b~c\":\"\"},{\"d~/\":1}]"))
                .isEqualTo("/inputs/0/a~1b~0c expected a number, found a string; "
                        + "/inputs/1/d~0~1 there is no feature of this name; the model takes a/b~c; "
                        + "/inputs/1/a~1b~0c this feature is missing");
    }

    @Test
    void tellsTenProblemsAtMostInTheOrderOfTheText() {
        String rows = IntStream.range(0, 20).mapToObj(i -> i == 3 ? "[1,2]" : "[1]")
                .collect(Collectors.joining(",", "[", "]"));
        InvalidInputException failure = failure(Signatures.of(TABLE), rows);
        assertThat(failure.problems()).extracting(InputProblem::pointer).containsExactly("/inputs/0", "/inputs/1",
                "/inputs/2",
                "/inputs/4", "/inputs/5", "/inputs/6", "/inputs/7", "/inputs/8", "/inputs/9", "/inputs/10");
        assertThat(failure).hasMessage("/inputs/0: this row has 1 value, the model takes 2");
    }

    @Test
    void listsTheNamesOnlyWhereTheyAreFew() {
        assertThat(problems(wide(40), "{\"nothing like it\":1}")).contains("the model takes f0, f1");
        assertThat(problems(wide(41), "{\"nothing like it\":1}"))
                .contains("there is no feature of this name; /inputs/f0")
                .doesNotContain("the model takes");
    }

    @Test
    void stopsReadingBeyondTheMostRows() {
        for (String text : List.of("[1,2,3,4,5", "{\"n\":[1,2,3,4,5", "[{\"n\":1},{\"n\":1},{\"n\":1},{\"n\"")) {
            assertThatThrownBy(() -> decode(Signatures.of("n int32 [-1]"), text, 2))
                    .isInstanceOf(TooManyRowsException.class)
                    .hasMessageContaining("at most 2 rows");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[", "[[1,2]", "[[1,2],]", "{\"alpha\":1,}", "[[1,02]]", "{\"alpha\" 1}", "{\"x\":",
            "[[1,nul]]",
            "[[1,2]}", "[NaN,1]", "[[1,2],'a']"})
    void leavesToTheReaderWhatIsNoJson(String text) {
        assertThatThrownBy(() -> decode(TABLE, text)).isInstanceOf(JsonSyntaxException.class);
    }

    private static String wide(int width) {
        return "x float32 [-1,%d] ".formatted(width)
                + IntStream.range(0, width).mapToObj(i -> "f" + i).collect(Collectors.joining(" "));
    }

    private static String problems(String signature, String text) {
        return failure(Signatures.of(signature), text).problems().stream()
                .map(problem -> problem.pointer() + " " + problem.detail()).collect(Collectors.joining("; "));
    }

    private static InvalidInputException failure(Signature signature, String text) {
        return catchThrowableOfType(InvalidInputException.class, () -> decode(signature, text, 1000));
    }
}
