package io.modelyard.runtime.tensorflow;

import org.tensorflow.TensorFlow;
import org.tensorflow.proto.OpDef;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * TensorFlow's native library, loaded at the first model and not at start: it takes most of a second and some 200 MB.
 */
final class NativeLibrary {
    /** What the library that the build names (by the version of tensorflow-core) reports; a test compares them. */
    static final String VERSION = "2.18.0";

    private static final Map<String, OpDef> OPERATIONS;

    static {
        logOnlyErrors();
        TensorFlow.version();
        OPERATIONS = TensorFlow.registeredOpList().getOpList().stream()
                .collect(Collectors.toUnmodifiableMap(OpDef::getName, Function.identity()));
    }

    private NativeLibrary() {}

    /** Makes sure that the library is loaded, and gives the operations that are compiled into it, by name. */
    static Map<String, OpDef> operations() {
        return OPERATIONS;
    }

    /**
     * TensorFlow writes several lines to the standard error stream at each load, unless an environment variable says
     * otherwise before it starts. Java cannot set one for its own process; the C library can. A value that the operator
     * has set is kept. Two lines remain at the first load, from a logger that heeds no variable.
     */
    @SuppressWarnings("restricted") // Native access is what this package is about, and is granted to it.
    private static void logOnlyErrors() {
        Linker linker = Linker.nativeLinker();
        try (Arena arena = Arena.ofConfined()) {
            int ignored = (int) linker
                    .downcallHandle(linker.defaultLookup().findOrThrow("setenv"),
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_INT))
                    .invokeExact(arena.allocateFrom("TF_CPP_MIN_LOG_LEVEL"), arena.allocateFrom("2"), 0);
        } catch (Throwable e) {
            // Only the quiet is lost: where there is no setenv, TensorFlow talks.
            System.getLogger(NativeLibrary.class.getName()).log(System.Logger.Level.DEBUG,
                    "TensorFlow's own log cannot be silenced", e);
        }
    }
}
