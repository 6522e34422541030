package io.modelyard.serving;

import io.modelyard.model.Model;
import io.modelyard.runtime.DescribedModel;

/** The right to use a model that is ready: it stays in memory until the lease is closed. Closed once, by any thread. */
public final class Lease implements AutoCloseable {
    private final Model model;
    private final DescribedModel described;
    private final Batching batching;
    private final Runnable release;

    Lease(Model model, DescribedModel described, Batching batching, Runnable release) {
        this.model = model;
        this.described = described;
        this.batching = batching;
        this.release = release;
    }

    public Model model() {
        return model;
    }

    public DescribedModel described() {
        return described;
    }

    /** Whether and how requests for it are joined. */
    public Batching batching() {
        return batching;
    }

    @Override
    public void close() {
        release.run();
    }
}
