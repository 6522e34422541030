package io.modelyard.publish;

import io.micronaut.context.ApplicationContext;
import io.modelyard.Shared;
import io.modelyard.model.Manifest;
import io.modelyard.model.ModelId;
import io.modelyard.registry.DocumentFormat;
import io.modelyard.registry.PurgeConfiguration;
import io.modelyard.registry.Registry;
import io.modelyard.runtime.ModelFiles;
import io.modelyard.runtime.ModelRuntime;
import io.modelyard.store.ObjectStore;
import io.modelyard.trial.Trials;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The application without its web server, over a folder; what is dropped is looked at when a test says so. */
final class PublishHouse implements AutoCloseable {
    private final Path folder;
    private final ApplicationContext context;

    PublishHouse(Path folder) {
        this.folder = folder;
        this.context = ApplicationContext.run(Map.of("modelyard.store.uri", store().toString(), "modelyard.data-dir",
                folder.resolve("data").toString(), "modelyard.publish.drop", "off", "modelyard.trial.enabled",
                "false"));
    }

    /** The folder that is the store. */
    Path store() {
        return folder.resolve("store");
    }

    ModelFinder finder() {
        return context.getBean(ModelFinder.class);
    }

    ManifestInference inference() {
        return context.getBean(ManifestInference.class);
    }

    Publisher publisher() {
        return context.getBean(Publisher.class);
    }

    DroppedModels dropped(Clock clock, Duration settle) {
        return new DroppedModels(context.getBean(ObjectStore.class), finder(),
                new ManifestInference(clock, context.getBean(DocumentFormat.class), context.getBean(Trials.class)),
                publisher(),
                new PublishConfiguration(PublishConfiguration.Drop.ON, settle, Duration.ofSeconds(2),
                        folder.resolve("work")),
                clock);
    }

    AbandonedPushes abandonedPushes(Clock clock) {
        return new AbandonedPushes(context.getBean(ObjectStore.class), registry(),
                context.getBean(DocumentFormat.class),
                new PurgeConfiguration(Duration.ofDays(7), Duration.ofDays(1), Duration.ofHours(1)), clock);
    }

    Registry registry() {
        return context.getBean(Registry.class);
    }

    Manifest published(String id) {
        return context.getBean(Registry.class).current().model(id(id)).orElseThrow().manifest();
    }

    boolean hasPublished(String id) {
        return context.getBean(Registry.class).current().model(id(id)).isPresent();
    }

    ModelRuntime runtime(String name) {
        return context.getBeansOfType(ModelRuntime.class).stream().filter(runtime -> runtime.name().equals(name))
                .findFirst().orElseThrow();
    }

    /** As a server would read them from the store. */
    ModelFiles filesOf(Manifest manifest) {
        return new ModelFiles(store().resolve(manifest.filesPrefix()),
                manifest.files().stream().map(file -> file.path()).toList(), manifest.runtimeOptions());
    }

    /** All files of the store below a folder, relative to the store. */
    List<String> files(String below) {
        if (!Files.exists(store().resolve(below))) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(store().resolve(below))) {
            return files.filter(Files::isRegularFile).map(file -> store().relativize(file).toString()).sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ModelId id(String text) {
        String[] names = text.split("/", 2);
        return new ModelId(names[0], names[1]);
    }

    /** A model of the shared fixtures; the test is skipped where they are not. */
    static Path fixture(String path) {
        return Shared.path("fixtures/" + path);
    }

    /** Copies a file, or a folder with all in it. */
    static void copy(Path from, Path to) {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = file.equals(from) ? to : to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.resolveSibling(""));
                Files.write(target, Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(Path file, String text) {
        try {
            Files.createDirectories(file.resolveSibling(""));
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
