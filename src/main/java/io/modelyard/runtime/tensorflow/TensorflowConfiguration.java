package io.modelyard.runtime.tensorflow;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

import java.util.List;

/**
 * How TensorFlow runs here.
 *
 * @param allowOperations names of operations that graphs may use although they reach out of the model, {@code ReadFile}
 *        for example; whoever can publish a model can then use them on this server
 * @param intraOpThreads threads that one operation may spread over; requests are the unit of parallelism, so 1, and more
 *        only where single requests are large. The first model that is loaded settles it for the process
 * @param interOpThreads threads on which operations run, shared by all models, so that independent operations of one
 *        request may run at once; with 0 each request runs in the thread that asks. The first model that is loaded settles
 *        it for the process
 */
@ConfigurationProperties("modelyard.runtime.tensorflow")
record TensorflowConfiguration(@Bindable(defaultValue = "") List<String> allowOperations,
        @Bindable(defaultValue = "1") int intraOpThreads, @Bindable(defaultValue = "0") int interOpThreads) {
    TensorflowConfiguration {
        // A property that is empty arrives as one empty name.
        allowOperations = allowOperations.stream().map(String::strip).filter(name -> !name.isEmpty()).toList();
        if (intraOpThreads < 1) {
            throw new IllegalArgumentException(
                    "modelyard.runtime.tensorflow.intra-op-threads must be 1 or more, not " + intraOpThreads);
        }
        if (interOpThreads < 0) {
            throw new IllegalArgumentException("modelyard.runtime.tensorflow.inter-op-threads must be 1 or more, or 0 "
                    + "for the thread of the request, not " + interOpThreads);
        }
    }
}
