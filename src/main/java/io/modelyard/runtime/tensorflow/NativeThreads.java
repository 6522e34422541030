package io.modelyard.runtime.tensorflow;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_CloseSession;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteGraph;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteSession;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteSessionOptions;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteStatus;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewGraph;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewSession;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewSessionOptions;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewStatus;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_SetConfig;

import org.bytedeco.javacpp.BytePointer;
import org.tensorflow.internal.c_api.TF_Graph;
import org.tensorflow.internal.c_api.TF_Session;
import org.tensorflow.internal.c_api.TF_SessionOptions;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.proto.ConfigProto;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * The threads that TensorFlow starts with its first session and keeps for all that come after. They have the priority of
 * whoever opens that session. So the first one is of an empty graph, and is not opened by a thread that loads models.
 */
final class NativeThreads {
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final ConfigProto config;
    private final Executor ordinary;
    private boolean asked;

    NativeThreads(ConfigProto config, Executor ordinary) {
        this.config = config;
        this.ordinary = ordinary;
    }

    /** Returns when the threads are there. Safe for many threads. */
    void start() {
        synchronized (this) {
            if (!asked) {
                asked = true;
                started.completeAsync(() -> {
                    openAndClose(config.toByteArray());
                    return null;
                }, ordinary);
            }
        }
        started.join();
    }

    private static void openAndClose(byte[] config) {
        TF_Status status = TF_NewStatus();
        TF_SessionOptions options = TF_NewSessionOptions();
        TF_Graph graph = TF_NewGraph();
        try (BytePointer configPointer = new BytePointer(config)) {
            TF_SetConfig(options, configPointer, config.length, status);
            TF_Session session = TF_NewSession(graph, options, status);
            // Where that fails, the session of the model fails too, and says why.
            if (session != null && !session.isNull()) {
                TF_CloseSession(session, status);
                TF_DeleteSession(session, status);
            }
        } finally {
            TF_DeleteGraph(graph);
            TF_DeleteSessionOptions(options);
            TF_DeleteStatus(status);
        }
    }
}
