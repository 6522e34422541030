package io.modelyard.serving;

import io.modelyard.model.Model;
import io.modelyard.runtime.DescribedModel;

/** The right to use a model that is ready: it stays in memory until the lease is closed. Closed once, by any thread. */
public final class Lease implements AutoCloseable {
    private final Model model;
    private final DescribedModel described;
    private final Runnable release;

    Lease(Model model, DescribedModel described, Runnable release) {
        this.model = model;
        this.described = described;
        this.release = release;
    }

    public Model model() {
        return model;
    }

    public DescribedModel described() {
        return described;
    }

    @Override
    public void close() {
        release.run();
    }
}
