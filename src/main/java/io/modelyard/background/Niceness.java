package io.modelyard.background;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The priority of a thread of the operating system, from -20 (first) to 19 (last). Linux has one for each thread; what a
 * thread starts inherits it, and without a special right it can only go up. Elsewhere nothing of this works.
 */
final class Niceness {
    /** The lowest priority. */
    static final int MOST = 19;

    /** For {@code getpriority} and {@code setpriority}: a thread, and the calling one. */
    private static final int PRIO_PROCESS = 0;
    private static final int SELF = 0;

    private final MethodHandle get;
    private final MethodHandle set;

    private Niceness(MethodHandle get, MethodHandle set) {
        this.get = get;
        this.set = set;
    }

    /** Whether threads have priorities of their own here. */
    static boolean isOfThreads() {
        return System.getProperty("os.name", "").equals("Linux");
    }

    // A native call is what this is about.
    @SuppressWarnings("restricted")
    static Niceness ofThreads() {
        Linker linker = Linker.nativeLinker();
        return new Niceness(
                linker.downcallHandle(linker.defaultLookup().findOrThrow("getpriority"), FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT)),
                linker.downcallHandle(linker.defaultLookup().findOrThrow("setpriority"), FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT)));
    }

    /** Of the calling thread. */
    int current() {
        try {
            return (int) get.invokeExact(PRIO_PROCESS, SELF);
        } catch (Throwable e) {
            throw new IllegalStateException("getpriority cannot be called", e);
        }
    }

    /** Sets that of the calling thread; whether the system took it. */
    boolean set(int niceness) {
        try {
            return (int) set.invokeExact(PRIO_PROCESS, SELF, niceness) == 0;
        } catch (Throwable e) {
            throw new IllegalStateException("setpriority cannot be called", e);
        }
    }
}
