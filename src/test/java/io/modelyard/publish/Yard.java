package io.modelyard.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.modelyard.model.ArtifactFile;
import io.modelyard.model.Manifest;
import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.registry.DocumentFormat;
import io.modelyard.registry.Registry;
import io.modelyard.runtime.LoadedModel;
import io.modelyard.runtime.ModelFiles;
import io.modelyard.runtime.ModelRuntime;
import io.modelyard.store.ObjectStore;
import io.modelyard.store.ObjectStore.Content;
import io.modelyard.tensor.DataType;
import io.modelyard.tensor.Shape;
import io.modelyard.tensor.Signature;
import io.modelyard.tensor.Tensor;
import io.modelyard.tensor.TensorSpec;
import jakarta.inject.Singleton;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One process that publishes to a store, or reads what others published there, without its web server. */
final class Yard implements AutoCloseable {
    private static final String SPEC = "yard";

    private final ApplicationContext context;

    /** Every store of a yard is one whose user may die. */
    @Singleton
    @Requires(property = "spec.name", value = SPEC)
    static final class Mortality implements BeanCreatedEventListener<ObjectStore> {
        @Override
        public ObjectStore onCreated(BeanCreatedEvent<ObjectStore> event) {
            return new MortalStore(event.getBean());
        }
    }

    /** A model that is anything and answers what it is asked, so that no native library is needed. */
    private static final class Echo implements ModelRuntime, LoadedModel {
        @Override
        public String name() {
            return "xgboost";
        }

        @Override
        public String library() {
            return "echo 1";
        }

        @Override
        public boolean recognises(ModelFiles files) {
            return true;
        }

        @Override
        public boolean namesTensors() {
            return false;
        }

        @Override
        public LoadedModel load(ModelFiles files) {
            return this;
        }

        @Override
        public Signature signature() {
            TensorSpec column = TensorSpec.of("x", DataType.FLOAT32, Shape.of(Shape.ANY, 1));
            return new Signature(List.of(column), List.of(column), false);
        }

        @Override
        public List<String> warnings() {
            return List.of();
        }

        @Override
        public List<Tensor> run(List<Tensor> inputs, List<String> outputs) {
            return inputs;
        }

        @Override
        public void close() {}
    }

    /** @param store what says which store it is, as the configuration does */
    Yard(Path home, Map<String, Object> store) {
        Map<String, Object> properties = new HashMap<>(store);
        properties.put("spec.name", SPEC);
        properties.put("modelyard.data-dir", home.resolve("data").toString());
        properties.put("modelyard.publish.drop", "off");
        properties.put("modelyard.trial.enabled", "false");
        properties.put("modelyard.registry.watch", "false");
        context = ApplicationContext.run(properties);
    }

    MortalStore store() {
        return (MortalStore) context.getBean(ObjectStore.class);
    }

    Publisher publisher() {
        return context.getBean(Publisher.class);
    }

    static PushJournal journal(Path folder) {
        return new PushJournal(folder, Duration.ofHours(20), Clock.systemUTC());
    }

    /** A model of small files whose content is told by the seed. */
    static ModelSource source(Path folder, int files, String seed) {
        try {
            Files.createDirectories(folder.resolve("parts"));
            for (int i = 0; i < files; i++) {
                Files.writeString(folder.resolve("parts/" + i), seed + " ".repeat(i * 100) + i);
            }
            return new ModelSource(new Echo(),
                    new ModelFiles(folder, FolderListing.of(folder), Map.of()), Provenance.unknown());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Manifest manifest(ModelId id, ModelSource source) {
        try {
            List<ArtifactFile> files = FileDigest.of(source.files().root(), source.files().paths());
            return new Manifest(1, id.type(), id.version(), "xgboost", null, files, List.of(), List.of(), List.of(),
                    null,
                    null, true, Map.of(), null, null, null, null, Instant.now().minusSeconds(1), "test", Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The version as a server lists it now; every file of a listed one must be in the store, and be the right one. */
    Optional<Model> look(ModelId id) {
        context.getBean(Registry.class).sync();
        Optional<Model> listed = context.getBean(Registry.class).current().model(id);
        listed.ifPresent(model -> {
            for (ArtifactFile file : model.manifest().files()) {
                String key = model.manifest().filesPrefix() + file.path();
                Content content = context.getBean(ObjectStore.class).get(key)
                        .orElseThrow(() -> new AssertionError(id + " is listed, and " + key + " is not there"));
                if (content.bytes().length != file.size()
                        || !DocumentFormat.digest(content.bytes()).equals(file.sha256())) {
                    throw new AssertionError(id + " is listed, and " + key + " is '"
                            + new String(content.bytes(), UTF_8) + "'");
                }
            }
        });
        return listed;
    }

    /** What lies in the store of a version. */
    List<String> files(ModelId id) {
        return context.getBean(ObjectStore.class).list("models/" + id + "/").stream().map(ObjectStore.Entry::key)
                .toList();
    }

    @Override
    public void close() {
        context.close();
    }
}
