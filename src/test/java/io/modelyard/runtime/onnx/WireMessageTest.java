package io.modelyard.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.CodedOutputStream;
import io.modelyard.runtime.onnx.OnnxModelBuilder.Message;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The reader of protobuf against protobuf's own writer, and against bytes that nobody wrote. */
final class WireMessageTest {
    private static final byte[] MODEL = TestOnnxModels.linearClassifier(TestOnnxModels.SPECIES).toByteArray();

    @Property(seed = "2611")
    void readsWhatProtobufWrites(@ForAll long integer, @ForAll String text, @ForAll List<Long> packed)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeFixed32(9, 1);
        out.writeInt64(1, integer);
        out.writeDouble(1000, 0.5);
        out.writeString(2, text);
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        CodedOutputStream listOut = CodedOutputStream.newInstance(list);
        for (long each : packed) {
            listOut.writeInt64NoTag(each);
        }
        listOut.flush();
        out.writeByteArray(3, list.toByteArray());
        out.flush();

        WireMessage message = message(bytes.toByteArray());
        assertThat(message.next()).isTrue();
        assertThat(message.tag()).isEqualTo(9 << 3 | 5);
        assertThat(message.next()).isTrue();
        assertThat(message.tag()).isEqualTo(1 << 3);
        assertThat(message.varint()).isEqualTo(integer);
        assertThat(message.next()).isTrue();
        assertThat(message.tag()).isEqualTo(1000 << 3 | 1);
        assertThat(message.next()).isTrue();
        assertThat(message.tag()).isEqualTo(2 << 3 | 2);
        assertThat(message.text()).isEqualTo(new String(text.getBytes(StandardCharsets.UTF_8),
                StandardCharsets.UTF_8));
        assertThat(message.next()).isTrue();
        List<Long> found = new ArrayList<>();
        message.packed(found::add);
        assertThat(found).isEqualTo(packed);
        assertThat(message.next()).isFalse();
    }

    @Property(seed = "2611")
    void whatIsWrittenIsReadAgain(@ForAll long integer, @ForAll List<Byte> bytes) {
        byte[] text = new byte[bytes.size()];
        for (int i = 0; i < text.length; i++) {
            text[i] = (byte) ('a' + (bytes.get(i) & 15));
        }
        WireWriter inner = new WireWriter().integer(1 << 3, integer).text(2 << 3 | 2, new String(text,
                StandardCharsets.US_ASCII));
        byte[] expected = new Message().message(7,
                new Message().integer(1, integer).bytes(2, text)).toByteArray();
        assertThat(new WireWriter().message(7 << 3 | 2, inner).toByteArray()).isEqualTo(expected);
    }

    @Property(seed = "2611")
    void anyBytesAreAModelOrSaidToBeNone(@ForAll("almostModels") byte[] bytes) {
        Throwable thrown = catchThrowable(() -> OutlineReader.read(MemorySegment.ofArray(bytes)));
        if (thrown != null) {
            assertThat(thrown).isInstanceOf(MalformedProtobufException.class);
        }
    }

    @Provide
    Arbitrary<byte[]> almostModels() {
        Arbitrary<byte[]> cut = Arbitraries.integers().between(0, MODEL.length)
                .map(length -> Arrays.copyOf(MODEL, length));
        Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(64);
        Arbitrary<byte[]> flipped = Arbitraries.integers().between(0, MODEL.length - 1).flatMap(
                place -> Arbitraries.bytes().map(value -> {
                    byte[] bytes = MODEL.clone();
                    bytes[place] = value;
                    return bytes;
                }));
        return Arbitraries.oneOf(cut, noise, flipped);
    }

    @Example
    void messagesWithinMessagesWithoutEndAreRefused() {
        Message graph = new Message().text(2, "innermost");
        for (int i = 0; i < 60; i++) {
            // A graph in an attribute of a node of a graph.
            graph = new Message().message(1, new Message().message(5, new Message().message(6, graph)));
        }
        MemorySegment model = MemorySegment.ofArray(new Message().message(7, graph).toByteArray());
        assertThatThrownBy(() -> OutlineReader.read(model)).isInstanceOf(MalformedProtobufException.class)
                .hasMessageContaining("nested");
    }

    private static WireMessage message(byte[] bytes) {
        return new WireMessage(MemorySegment.ofArray(bytes));
    }
}
