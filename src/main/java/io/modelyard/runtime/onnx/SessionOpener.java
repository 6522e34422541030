package io.modelyard.runtime.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.modelyard.runtime.InvalidModelException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** Opens sessions of the library, all in the same way. No library of custom operators is ever registered. */
final class SessionOpener {
    private final OnnxOptions options;
    private final Executor ordinary;

    /** @param ordinary opens sessions that have threads of their own, which keep its priority */
    SessionOpener(OnnxOptions options, Executor ordinary) {
        this.options = options;
        this.ordinary = ordinary;
    }

    /**
     * @param file the model's file by its name, for messages
     * @param path the same on disk
     * @param bytes its content
     * @throws InvalidModelException if the library refuses it
     */
    OrtSession open(String file, Path path, MemorySegment bytes, OnnxOutline outline) throws InvalidModelException {
        try (OrtSession.SessionOptions session = sessionOptions()) {
            if (outline.classes().isEmpty()) {
                // By its path, so that the library finds the files beside it and need not be given a copy.
                return opened(() -> Library.environment().createSession(path.toString(), session));
            }
            Path folder = path.toAbsolutePath().getParent();
            session.addConfigEntry("session.model_external_initializers_file_folder_path", String.valueOf(folder));
            try (Arena memory = Arena.ofConfined()) {
                MemorySegment rewritten = ZipMapRemoval.apply(bytes, outline, memory);
                return opened(() -> Library.environment().createSession(rewritten.asByteBuffer(), session));
            }
        } catch (OrtException e) {
            // The library names files by their place on this host.
            String problem = LibraryMessage.readable(e).replace(path.toString(), file)
                    .replace(String.valueOf(path.getParent()), "the folder of the model");
            throw new InvalidModelException(
                    file + ": " + Library.version() + " refuses it: " + problem + hint(problem, outline), e);
        }
    }

    private interface Opening {
        OrtSession open() throws OrtException;
    }

    /** Threads of a session have the priority of the thread that opens it, and this one may be one that gives way. */
    private OrtSession opened(Opening opening) throws OrtException {
        if (options.intraOpThreads() == 1 && options.interOpThreads() == 1) {
            return opening.open();
        }
        CompletableFuture<OrtSession> opened = new CompletableFuture<>();
        ordinary.execute(() -> {
            try {
                opened.complete(opening.open());
            } catch (OrtException | RuntimeException | Error e) {
                opened.completeExceptionally(e);
            }
        });
        try {
            return opened.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof OrtException refused) {
                throw refused;
            }
            throw e;
        }
    }

    private OrtSession.SessionOptions sessionOptions() throws OrtException {
        OrtSession.SessionOptions session = new OrtSession.SessionOptions();
        session.setIntraOpNumThreads(options.intraOpThreads());
        if (options.interOpThreads() > 1) {
            session.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.PARALLEL);
            session.setInterOpNumThreads(options.interOpThreads());
        }
        // A thread that spins while it waits takes a core from the requests of other models.
        session.addConfigEntry("session.intra_op.allow_spinning", "0");
        session.addConfigEntry("session.inter_op.allow_spinning", "0");
        // An arena keeps the most that a session ever needed, and a pattern is kept for every number of rows that was
        // ever asked for. Neither made the models that were measured faster, and there may be many of them.
        session.setCPUArenaAllocator(false);
        session.setMemoryPatternOptimization(false);
        session.addConfigEntry("session.load_model_format", "ONNX");
        return session;
    }

    private static String hint(String problem, OnnxOutline outline) {
        if (problem.contains("opset") || problem.contains("IR version")) {
            return " -- the file has IR version " + outline.irVersion() + " and uses " + outline.operators()
                    + "; export it with a lower target opset, or update the server";
        }
        if (problem.contains("is not a registered function/op") || problem.contains("No Op registered for")) {
            return " -- only the operators of ONNX and of the library itself are served, custom ones are not";
        }
        return "";
    }
}
