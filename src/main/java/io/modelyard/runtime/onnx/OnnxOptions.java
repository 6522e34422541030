package io.modelyard.runtime.onnx;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * How ONNX models are run.
 *
 * @param intraOpThreads threads that one operator may use. With 1 a prediction runs in its caller's thread alone, and its
 *        last bits do not depend on the number of cores. More shorten large single predictions; each loaded model then
 *        has threads of its own
 * @param interOpThreads operators of one prediction that may run at once; with 1 one after the other
 */
@ConfigurationProperties("modelyard.runtime.onnx")
record OnnxOptions(@Bindable(defaultValue = "1") int intraOpThreads, @Bindable(defaultValue = "1") int interOpThreads) {
    private static final int MOST = 1024;

    OnnxOptions {
        check("intra-op-threads", intraOpThreads);
        check("inter-op-threads", interOpThreads);
    }

    private static void check(String property, int threads) {
        if (threads < 1 || threads > MOST) {
            throw new IllegalArgumentException(
                    "modelyard.runtime.onnx." + property + " is to be 1 to " + MOST + " threads, not " + threads);
        }
    }
}
