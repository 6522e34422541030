package io.modelyard.tensor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** What holds for all inputs, good and bad. */
final class InputDecoderLawsTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** What a run takes whatever the text: a few objects, and what the machine allots at once. */
    private static final long FEW_BYTES = 256 * 1024;

    /** A short string is the dearest value: some fifty bytes for four of text. */
    private static final long BYTES_PER_BYTE = 40;

    @Property(seed = "2611", tries = 2000)
    void theSameRowsInAnyFormAreTheSameTensors(@ForAll Random random) {
        Sample sample = Sample.of(random);
        for (String form : sample.forms(random)) {
            assertSame(sample, form, sample.tensors());
        }
        for (String form : sample.rowForms(random)) {
            assertSame(sample, form, sample.tensors().stream().map(tensor -> Rows.slice(tensor, 0, 1)).toList());
        }
    }

    private static void assertSame(Sample sample, String form, List<Tensor> expected) {
        InputRows decoded = Signatures.decode(sample.signature(), form, sample.rows());
        assertThat(decoded.rows()).isEqualTo((int) expected.getFirst().shape().dim(0));
        for (int i = 0; i < expected.size(); i++) {
            Tensor wanted = expected.get(i);
            Tensor actual = decoded.tensors().get(i);
            assertThat(actual.dataType()).isEqualTo(wanted.dataType());
            assertThat(actual.shape()).isEqualTo(wanted.shape());
            assertThat(Arrays.deepEquals(new Object[]{actual.array()}, new Object[]{wanted.array()}))
                    .as("%s as %s", form, sample.signature()).isTrue();
        }
    }

    @Property(seed = "2611", tries = 2000)
    void badInputIsToldByOneOfThreeExceptionsAndTakesLittleMemory(@ForAll Random random) {
        Sample sample = Sample.of(random);
        List<String> forms = sample.forms(random);
        byte[] text = forms.get(random.nextInt(forms.size())).getBytes(UTF_8);
        InputDecoder decoder = new InputDecoder(
                random.nextInt(4) == 0 ? Sample.of(random).signature() : sample.signature());
        for (int edits = 0; edits < 4; edits++) {
            decodeWithinBounds(decoder, text, 3);
            text = JsonTexts.edit(text, random);
        }
    }

    @Property(seed = "2611", tries = 500)
    void anyJsonAtAllIsToldByOneOfThreeExceptions(@ForAll Random random) {
        InputDecoder decoder = new InputDecoder(Sample.of(random).signature());
        byte[] text = JsonTexts.values(4).generator(1000).next(random).value().getBytes(UTF_8);
        decodeWithinBounds(decoder, text, 100);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "x float64 [-1,150000]                 | [[],[],[],[],[],[],[],[]]",
            "x float64 [-1,150000]                 | [[1],[2],[3],[4],[5]]",
            "x float64 [-1,150000]                 | {\"x\":[[],[]]}",
            "x float64 [-1,150000]                 | {\"x\":[]}",
            "x float64 [-1,150000]                 | {}",
            "x float64 [-1,2147483647]             | [[1],[2],[3],[4],[5]]",
            "x float64 [-1,9223372036854775807,4]  | [[[1,2,3,4]]]",
            "x float64 [-1,1000,1000,1000,1000]    | [[[[[1]]]],[[[[1]]]]]",
            "x float64 [-1,2000000000]; y int8 [-1]| [[1,2],[3,4]]",
            "x float64 [-1,2000000000]; y int8 [-1]| {\"y\":[1,2,3],\"x\":[[]]}",
            "x float64 [2000000000]                | [1,2,3]",
            "x float64 [-1,-1,2000000000]          | [[[1]],[[1]]]"})
    void wideModelsTakeNoMoreMemoryThanTheTextFills(String signature, String text) {
        decodeWithinBounds(new InputDecoder(Signatures.of(signature)), text.getBytes(UTF_8), 1000);
        assertThatThrownBy(() -> Signatures.decode(signature, text)).isInstanceOf(InvalidInputException.class);
    }

    /** The last of 100,000 names in each row: what would take a row of 100,000 values for each. */
    @Test
    void farColumnsOfFewRowsTakeLittleMemory() {
        Signature wide = new Signature(List.of(TensorSpec.of("x", DataType.FLOAT64, Shape.of(-1, 100_000))
                .withFeatures(IntStream.range(0, 100_000).mapToObj(i -> Feature.named("f" + i)).toList())), List.of(),
                false);
        InputDecoder decoder = new InputDecoder(wide);
        // Which columns have been seen is kept by number: four bytes each, once.
        long bytes = allocated(() -> decode(decoder, "[{\"f99999\":1},{\"f99999\":1}]".getBytes(UTF_8), 1000));
        assertThat(bytes).isLessThan(4 * 100_000 + FEW_BYTES);
    }

    @Test
    void longTextsAreReadInOneGo() {
        InputDecoder decoder = new InputDecoder(Signatures.of("x float32 [-1,2] a b"));
        for (String text : List.of("[".repeat(3_000_000), " ".repeat(3_000_000), "[" + "[],".repeat(1_000_000),
                "{\"" + "a".repeat(3_000_000), "[[" + "9".repeat(3_000_000) + ",1]]",
                "[[1." + "0".repeat(3_000_000) + "1,1]]", "[" + "[1,2],".repeat(500_000) + "1",
                "{" + "\"a\":1,".repeat(500_000), "{" + "\"zzzzzz\":1,".repeat(300_000),
                "[[1" + " ".repeat(3_000_000) + ",2]]", "[{" + "\"a\":[[[[1]]]],".repeat(200_000))) {
            decodeWithinBounds(decoder, text.getBytes(UTF_8), 1_000_000);
        }
    }

    private static void decodeWithinBounds(InputDecoder decoder, byte[] text, int maxRows) {
        long bytes = allocated(() -> decode(decoder, text, maxRows));
        assertThat(bytes).as(() -> new String(text, 0, Math.min(text.length, 1000), UTF_8))
                .isLessThan(FEW_BYTES + BYTES_PER_BYTE * text.length);
    }

    private static void decode(InputDecoder decoder, byte[] text, int maxRows) {
        try {
            InputRows rows = decoder.decode(new JsonReader(text), "/inputs", maxRows);
            assertThat(rows.rows()).isBetween(1, maxRows);
        } catch (InvalidInputException e) {
            assertThat(e.problems()).hasSizeBetween(1, 10);
            assertThat(e.problems()).allMatch(problem -> problem.pointer().startsWith("/inputs"));
        } catch (JsonSyntaxException e) {
            assertThat(e.offset()).isBetween(0, text.length);
        } catch (TooManyRowsException e) {
            assertThat(e).hasMessageContaining(Integer.toString(maxRows));
        } catch (RuntimeException | StackOverflowError e) {
            fail("an undocumented exception for " + new String(text, UTF_8), e);
        }
    }

    /** Bytes that the second run takes; the first one loads classes. */
    private static long allocated(Runnable run) {
        run.run();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        run.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
