package io.modelyard.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.micronaut.context.ApplicationContext;
import io.modelyard.SampleModels;
import io.modelyard.model.ArtifactFile;
import io.modelyard.model.Manifest;
import io.modelyard.model.Model;
import io.modelyard.registry.Registry;
import io.modelyard.runtime.DescribedModel;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.LoadedModel;
import io.modelyard.runtime.ModelFiles;
import io.modelyard.runtime.ModelRuntime;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.TensorSpec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One of the sample models, loaded as the server loads it from a copy of their store, without the server. */
final class SampleModel implements AutoCloseable {
    private final Path folder;
    private final ApplicationContext context;
    private final ModelRuntime runtime;
    private final ModelFiles files;
    private final Manifest manifest;
    private final DescribedModel described;

    /** @param id type/version */
    SampleModel(String id) throws IOException, InvalidModelException {
        folder = Files.createTempDirectory("modelyard-benchmark");
        SampleModels.copyTo(folder.resolve("store"));
        context = ApplicationContext.run(Map.of("modelyard.store.uri", folder.resolve("store").toString(),
                "modelyard.data-dir", folder.resolve("data").toString(), "modelyard.publish.drop", "off"));
        Registry registry = context.getBean(Registry.class);
        registry.sync();
        manifest = registry.current().versions(id.substring(0, id.indexOf('/'))).stream()
                .filter(model -> model.id().toString().equals(id)).findFirst().map(Model::manifest)
                .orElseThrow(() -> new IllegalStateException("there is no " + id + " in models-local"));
        runtime = context.getBeansOfType(ModelRuntime.class).stream()
                .filter(each -> each.name().equals(manifest.runtime())).findFirst().orElseThrow();
        files = new ModelFiles(folder.resolve("store/models").resolve(id),
                manifest.files().stream().map(ArtifactFile::path).toList(), manifest.runtimeOptions());
        described = DescribedModel.load(runtime, files, manifest);
    }

    DescribedModel described() {
        return described;
    }

    /** The same model once more, without its manifest. */
    LoadedModel bare() throws InvalidModelException {
        return runtime.load(files);
    }

    /** What the bare model calls the outputs that the manifest describes. */
    List<String> bareOutputs(Signature bare) {
        List<TensorSpec> told = described.signature().defaultOutputs();
        return runtime.namesTensors()
                ? told.stream().map(TensorSpec::name).toList()
                : bare.outputs().stream().limit(told.size()).map(TensorSpec::name).toList();
    }

    /** So many rows as JSON: those of the manifest's first example, again and again. */
    String rows(int count) {
        JsonNode inputs = manifest.examples().getFirst().inputs();
        return IntStream.range(0, count).mapToObj(row -> inputs.get(row % inputs.size()).toString())
                .collect(Collectors.joining(",", "[", "]"));
    }

    @Override
    public void close() {
        described.close();
        context.close();
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
