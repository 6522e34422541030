package io.modelyard.cli;

import io.modelyard.model.ModelId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

/** A command that works on the store itself, and needs no server. */
abstract class StoreCommand implements Callable<Integer> {
    @Option(names = "--store", paramLabel = "<uri>", description = "The store: s3://bucket/prefix, or a folder (MODELYARD_STORE_URI, MODEL_PATH; models-local).")
    private @Nullable String store;

    @Option(names = "-D", paramLabel = "<property>=<value>", description = "Sets a configuration property, -Dmodelyard.store.s3.endpoint=http://127.0.0.1:9000 for example.")
    private Map<String, String> properties = new LinkedHashMap<>();

    @Option(names = "--json", description = "Writes the result as one JSON document, a failure too, and no progress.")
    private boolean json;

    @Option(names = {"-q", "--quiet"}, description = "Writes the result and warnings only.")
    private boolean quiet;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this.")
    @SuppressWarnings("unused") // picocli acts on it.
    private boolean help;

    @Spec
    private @Nullable CommandSpec spec;

    private @Nullable CommandLog log;

    /** @return how it ended; a failure is thrown */
    abstract ExitCode run(Workbench workbench, Console console) throws Exception;

    /** Refuses arguments that make no sense together, before anything is opened. */
    void checkArguments() throws Exception {}

    @Override
    public final Integer call() throws Exception {
        checkArguments();
        Map<String, Object> configuration = new LinkedHashMap<>(properties);
        if (store != null) {
            configuration.put("modelyard.store.uri", store);
        }
        Console console = console();
        try (CommandLog opened = CommandLog.to(console.err())) {
            log = opened;
            try (Workbench workbench = Workbench.open(configuration)) {
                return run(workbench, console).number();
            }
        }
    }

    /** @throws BadArgumentException if one of the names is none */
    static ModelId id(String type, String version) {
        try {
            return new ModelId(type, version);
        } catch (IllegalArgumentException e) {
            throw new BadArgumentException(String.valueOf(e.getMessage()));
        }
    }

    final boolean isJson() {
        return json;
    }

    /** What was warned of so far. */
    final List<String> warnings() {
        return log == null ? List.of() : log.warnings();
    }

    private Console console() {
        var line = Objects.requireNonNull(spec, "picocli sets it").commandLine();
        return new Console(line.getOut(), line.getErr(), json, quiet);
    }
}
