package io.modelyard.cli;

import io.modelyard.model.Manifest;
import io.modelyard.model.ModelId;
import io.modelyard.publish.ManifestInference;
import io.modelyard.publish.ModelFinder;
import io.modelyard.publish.ModelSource;
import io.modelyard.publish.Publisher;
import io.modelyard.runtime.InvalidModelException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

/** Starts the server over the configured store, or over one model that is named. */
@Command(name = "serve", description = "Starts the server: over the configured store, or over one model.")
final class Serve implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "MODEL", description = "A model file (.ubj, .json, .onnx), a folder of a SavedModel, or a folder that MLflow saved. It is served at once from a store of its own, which is gone when the server ends.")
    private @Nullable Path model;

    @Option(names = "--type", description = "What the model is called; by default after its file or folder.")
    private @Nullable String type;

    @Option(names = "--version", description = "The model's version; ${DEFAULT-VALUE} by default.", defaultValue = "1")
    private String version = "1";

    @Option(names = "--port", description = "The port, 0 for any that is free (PORT; 8080).")
    private @Nullable Integer port;

    @Option(names = "--host", description = "The address to listen at (HOST; loopback only).")
    private @Nullable String host;

    @Option(names = "-D", paramLabel = "<property>=<value>", description = "Sets a configuration property, -Dmodelyard.store.uri=s3://bucket/prefix for example.")
    private Map<String, String> properties = new LinkedHashMap<>();

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this.")
    @SuppressWarnings("unused") // picocli acts on it.
    private boolean help;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        @Nullable
        ModelId id = model == null ? null : id(model);
        if (model != null) {
            ModelFinder.checkFormat(model);
        }
        Server server = Server.configured(configuration());
        ProcessFolder folder = ProcessFolder.open(Path.of(server.property("modelyard.data-dir")));
        NativeLibraries.extractTo(folder.path());
        server.prepare(ownProperties(folder), folder);
        if (model == null || id == null) {
            server.open();
        } else {
            Manifest manifest = publish(server, id, model);
            welcome(manifest, server.open(), server, folder);
        }
        server.await();
        return 0;
    }

    private ModelId id(Path model) {
        try {
            return new ModelId(type == null ? TypeName.of(model) : type, version);
        } catch (IllegalArgumentException e) {
            throw new BadArgumentException(String.valueOf(e.getMessage()));
        }
    }

    private Map<String, Object> configuration() {
        Map<String, Object> configuration = new LinkedHashMap<>(properties);
        if (port != null) {
            configuration.put("micronaut.server.port", port == 0 ? -1 : port);
        }
        if (host != null) {
            configuration.put("micronaut.server.host", host);
        }
        return configuration;
    }

    private Map<String, Object> ownProperties(ProcessFolder folder) {
        Map<String, Object> own = new LinkedHashMap<>();
        own.put("modelyard.publish.work-directory", folder.resolve("publish").toString());
        own.put("modelyard.trial.work-directory", folder.resolve("trial").toString());
        if (model != null) {
            // All that the server writes is the model's own: its keys and log are no others' business.
            own.put("modelyard.store.uri", folder.resolve("store").toString());
            own.put("modelyard.data-dir", folder.resolve("data").toString());
            own.put("modelyard.publish.drop", "off");
        }
        return own;
    }

    private static Manifest publish(Server server, ModelId id, Path model) throws InvalidModelException {
        ModelSource source = server.bean(ModelFinder.class).find(model);
        Manifest manifest = server.bean(ManifestInference.class).infer(id, source, "serve");
        server.bean(Publisher.class).push(manifest, source);
        return manifest;
    }

    private void welcome(Manifest manifest, String url, Server server, ProcessFolder folder) throws IOException {
        Path keyFile = Path.of(server.property("modelyard.access.admin-key-file")).toAbsolutePath();
        StringBuilder text = new StringBuilder("\n").append(manifest.id()).append(" (").append(manifest.runtime())
                .append(") is served at ").append(url).append("/predict/").append(manifest.type())
                .append("\nThe key is in ").append(keyFile).append('\n');
        FirstRequest.of(manifest, url, keyFile, folder.path())
                .ifPresent(command -> text.append("\nTry:\n\n").append(command).append('\n'));
        PrintWriter out = Objects.requireNonNull(spec, "picocli sets it").commandLine().getOut();
        out.println(text);
        out.flush();
    }
}
