package io.modelyard.runtime.onnx;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * ONNX Runtime's reports to its makers. From 1.29 on, the library starts an uploader when it starts, on Linux and macOS
 * too: it sends what the process is and which models it loads to a host on the internet, keeps an identifier of the
 * machine on disk, and ends the whole process where it meets a command line of 4 KiB or an image without a shell
 * (<a href="https://github.com/microsoft/onnxruntime/issues/32173">issue 32173</a>; 1.29.0). The switch of its API comes
 * too late for that. What it does heed is an environment variable, read when it starts
 * (<a href="https://github.com/microsoft/onnxruntime/blob/main/docs/Privacy.md">Privacy.md</a>), so this process gives
 * itself that variable.
 */
final class Telemetry {
    private static final String SWITCH = "ORT_DISABLE_TELEMETRY";

    private Telemetry() {}

    /** Sees to it that the library reports nothing; to be called before it is loaded. */
    // A native call is what this is about.
    @SuppressWarnings("restricted")
    static void disable() {
        Linker linker = Linker.nativeLinker();
        SymbolLookup libc = linker.defaultLookup();
        Optional<MemorySegment> setenv = libc.find("setenv");
        if (setenv.isEmpty()) {
            // Windows: no uploader there, and the API turns off what there is.
            return;
        }
        MethodHandle call = linker.downcallHandle(setenv.get(), FunctionDescriptor.of(ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        try (Arena memory = Arena.ofConfined()) {
            int failed = (int) call.invokeExact(memory.allocateFrom(SWITCH), memory.allocateFrom("1"), 1);
            if (failed != 0) {
                throw new IllegalStateException("the environment variable " + SWITCH + " could not be set to 1");
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("the environment variable " + SWITCH + " could not be set to 1", e);
        }
    }
}
