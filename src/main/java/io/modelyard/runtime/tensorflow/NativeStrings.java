package io.modelyard.runtime.tensorflow;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewTensor;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_TString_Dealloc;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_TString_GetDataPointer;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_TString_GetSize;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_TString_Init;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_TString_ResizeUninitialized;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_TensorData;

import io.modelyard.runtime.InferenceException;
import io.modelyard.tensor.DataType;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Tensor;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.tensorflow.internal.c_api.Deallocator_Pointer_long_Pointer;
import org.tensorflow.internal.c_api.TF_TString;
import org.tensorflow.internal.c_api.TF_Tensor;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Tensors of text ⇄ tensors of strings in TensorFlow, where a string is any bytes. Text is UTF-8; where a model takes or
 * gives other bytes, a picture or a serialized message for example, the text stands for them as base64.
 */
final class NativeStrings {
    private static final long SIZE = Pointer.sizeof(TF_TString.class);

    /**
     * Frees the strings when the last that needs them is done, which can be later than the call they were made for: a
     * graph may keep an input in a variable.
     */
    private static final Deallocator_Pointer_long_Pointer FREE = new Deallocator_Pointer_long_Pointer() {
        @Override
        public void call(Pointer data, long bytes, Pointer argument) {
            release(data, bytes / SIZE);
        }
    };

    private NativeStrings() {}

    /** @param input its name, for messages */
    static TF_Tensor copyIn(Tensor.Strings tensor, boolean base64, String input) {
        byte[][] values = new byte[tensor.length()][];
        for (int i = 0; i < values.length; i++) {
            values[i] = bytes(tensor.values()[i], base64, input);
        }
        // TensorFlow takes no memory of zero bytes.
        Pointer memory = Pointer.malloc(Math.max(1, values.length) * SIZE);
        TF_TString string = new TF_TString(memory);
        for (int i = 0; i < values.length; i++) {
            string.position(i);
            TF_TString_Init(string);
            BytePointer place = TF_TString_ResizeUninitialized(string, values[i].length);
            place.put(values[i], 0, values[i].length);
        }
        long[] dims = tensor.shape().toArray();
        return TF_NewTensor(NativeTensors.number(DataType.STRING), dims, dims.length, memory, values.length * SIZE,
                FREE,
                null);
    }

    /** @param output its name, for messages */
    static Tensor copyOut(TF_Tensor handle, boolean base64, String output) {
        Shape shape = NativeTensors.shape(handle);
        String[] values = new String[Math.toIntExact(shape.elements())];
        if (values.length > 0) {
            TF_TString string = new TF_TString(TF_TensorData(handle));
            for (int i = 0; i < values.length; i++) {
                string.position(i);
                byte[] bytes = new byte[Math.toIntExact(TF_TString_GetSize(string))];
                TF_TString_GetDataPointer(string).get(bytes);
                values[i] = text(bytes, base64, output);
            }
        }
        return new Tensor.Strings(shape, values);
    }

    private static byte[] bytes(String text, boolean base64, String input) {
        if (base64) {
            try {
                return Base64.getDecoder().decode(text);
            } catch (IllegalArgumentException e) {
                throw new InferenceException("input '" + input + "' must be base64: " + e.getMessage(), e);
            }
        }
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            return copy;
        } catch (CharacterCodingException e) {
            throw new InferenceException("input '" + input + "' holds half a character (an unpaired surrogate)", e);
        }
    }

    private static String text(byte[] bytes, boolean base64, String output) {
        if (base64) {
            return Base64.getEncoder().encodeToString(bytes);
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new InferenceException("output '" + output + "' holds bytes that are no UTF-8 text: name it in "
                    + "runtime_options.base64 to have them as base64", e);
        }
    }

    private static void release(Pointer data, long count) {
        TF_TString string = new TF_TString(data);
        for (long i = 0; i < count; i++) {
            TF_TString_Dealloc(string.position(i));
        }
        Pointer.free(data);
    }
}
