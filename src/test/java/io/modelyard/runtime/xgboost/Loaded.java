package io.modelyard.runtime.xgboost;

import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.LoadedModel;
import io.modelyard.runtime.ModelFiles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A model that passed the check and is in the native library. */
record Loaded(LoadedModel model) implements AutoCloseable {
    Loaded(byte[] content, Path folder) throws IOException, InvalidModelException {
        this(load(content, folder));
    }

    private static LoadedModel load(byte[] content, Path folder) throws IOException, InvalidModelException {
        Files.write(folder.resolve("some.model"), content);
        return new XgboostRuntime().load(new ModelFiles(folder, List.of("some.model"), Map.of()));
    }

    /** The main output. */
    float[] predict(float[] rows) {
        String main = model.signature().outputs().getFirst().name();
        return (float[]) model.run(List.of(Trained.input(rows)), List.of(main)).getFirst().array();
    }

    @Override
    public void close() {
        model.close();
    }
}
