package io.modelyard.serving;

import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The memory that C and C++ code of this process has from glibc's allocator, where the three runtimes keep their models. The
 * Java heap is not in it, and so neither are its moods, which would drown a model in the resident size of the process. Knows
 * nothing where the C library is another one. Safe for use by many threads.
 */
@Singleton
public class NativeHeap {
    private static final Logger LOG = LoggerFactory.getLogger(NativeHeap.class);
    /** {@code struct mallinfo2}: ten numbers, the fifth being the bytes of large blocks, the eighth those of all others. */
    private static final StructLayout MALLINFO2 = MemoryLayout
            .structLayout(MemoryLayout.sequenceLayout(10, ValueLayout.JAVA_LONG));
    private static final long MAPPED_BYTES = 4 * Long.BYTES;
    private static final long USED_BYTES = 7 * Long.BYTES;

    private final @Nullable MethodHandle mallinfo = find("mallinfo2", FunctionDescriptor.of(MALLINFO2));
    private final @Nullable MethodHandle trim = find("malloc_trim",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));

    /** The bytes that are allocated now, in all arenas. */
    public OptionalLong allocated() {
        MethodHandle handle = mallinfo;
        if (handle == null) {
            return OptionalLong.empty();
        }
        try (Arena memory = Arena.ofConfined()) {
            MemorySegment info = (MemorySegment) handle.invokeExact((SegmentAllocator) memory);
            return OptionalLong
                    .of(info.get(ValueLayout.JAVA_LONG, MAPPED_BYTES) + info.get(ValueLayout.JAVA_LONG, USED_BYTES));
        } catch (Throwable e) {
            throw new IllegalStateException("mallinfo2 cannot be called", e);
        }
    }

    /** Gives free pages in the middle of the arenas back to the system, which freeing alone does not. */
    void trim() {
        MethodHandle handle = trim;
        if (handle == null) {
            return;
        }
        try {
            int ignored = (int) handle.invokeExact(0L);
        } catch (Throwable e) {
            throw new IllegalStateException("malloc_trim cannot be called", e);
        }
    }

    @SuppressWarnings("restricted") // Native access is granted to the whole application: its runtimes are native.
    private static @Nullable MethodHandle find(String function, FunctionDescriptor signature) {
        Linker linker = Linker.nativeLinker();
        Optional<MethodHandle> found = linker.defaultLookup().find(function)
                .map(address -> linker.downcallHandle(address, signature));
        if (found.isEmpty()) {
            LOG.info("this C library has no {}: the memory of models is estimated and not measured", function);
        }
        return found.orElse(null);
    }
}
