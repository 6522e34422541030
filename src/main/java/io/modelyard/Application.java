package io.modelyard;

import io.modelyard.cli.Modelyard;

/** Where the process starts. */
public final class Application {
    private Application() {}

    public static void main(String[] arguments) {
        System.exit(Modelyard.run(arguments));
    }
}
