package io.modelyard;

import io.micronaut.runtime.Micronaut;

/** Starts Modelyard. */
public final class Application {
    private Application() {}

    public static void main(String[] args) {
        Micronaut.run(Application.class, args);
    }
}
