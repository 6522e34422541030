package io.modelyard.publish;

import io.modelyard.model.ArtifactFile;
import io.modelyard.model.Manifest;
import io.modelyard.model.ServingFailure;
import io.modelyard.registry.Publication;
import io.modelyard.registry.RegistryWriter;
import io.modelyard.runtime.DescribedModel;
import io.modelyard.runtime.ExampleCheck;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.ModelFiles;
import io.modelyard.store.ObjectStore;
import io.modelyard.store.StoreException;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Publishes a version: proves that the files do what the manifest says, uploads them, and then creates the manifest. Until
 * that last step nobody can see anything of it, and of two publishers of one version neither touches the other's files.
 * Safe for use by many threads; all methods block, and load the model in this process.
 */
@Singleton
public final class Publisher {
    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);

    private final ObjectStore store;
    private final RegistryWriter registry;

    public Publisher(ObjectStore store, RegistryWriter registry) {
        this.store = store;
        this.registry = registry;
    }

    /**
     * Publishes files of the local disk under a push of their own. Where nothing comes of it, what was uploaded is removed.
     *
     * @param manifest whose push does not count
     * @param source whose files must be those of the manifest
     * @throws InvalidModelException if the files cannot be served or are not what the manifest says
     * @throws ServingFailure.InvalidManifest if a server would not read the manifest
     * @throws ServingFailure.Conflict if the version is there with other content
     * @throws ServingFailure.Unavailable if the store fails
     */
    public Publication push(Manifest manifest, ModelSource source) throws InvalidModelException {
        prove(manifest, source);
        Manifest pushed = manifest.withPush(PushId.fresh());
        List<String> uploaded = new ArrayList<>();
        boolean kept = false;
        try {
            upload(pushed, source.files(), uploaded);
            demandFiles(pushed, source.files());
            Publication publication = registry.publish(pushed);
            kept = publication instanceof Publication.Created;
            return publication;
        } catch (StoreException e) {
            throw ServingFailure.Unavailable.storeUnavailable(String.valueOf(e.getMessage()), e);
        } finally {
            if (!kept) {
                remove(uploaded);
            }
        }
    }

    /**
     * Publishes files that lie in the store already.
     *
     * @param manifest whose push says under which key the files lie
     * @param source a local copy of them
     * @throws InvalidModelException as {@link #push} does, and the other failures too
     */
    public Publication publishWhereTheyLie(Manifest manifest, ModelSource source) throws InvalidModelException {
        prove(manifest, source);
        return registry.publish(manifest);
    }

    private static void prove(Manifest manifest, ModelSource source) throws InvalidModelException {
        demandFiles(manifest, source.files());
        ModelFiles files = new ModelFiles(source.files().root(), source.files().paths(), manifest.runtimeOptions());
        try (DescribedModel model = DescribedModel.load(source.runtime(), files, manifest)) {
            ExampleCheck.check(model, manifest);
        }
    }

    /** Somebody may write to the files while they are read here. */
    private static void demandFiles(Manifest manifest, ModelFiles files) throws InvalidModelException {
        try {
            for (ArtifactFile found : FileDigest.of(files.root(), files.paths())) {
                if (!manifest.files().contains(found)) {
                    throw new InvalidModelException(files.resolve(found.path()) + " is not, or not any more, the file "
                            + "that the manifest names: publish it when nobody writes to it");
                }
            }
        } catch (IOException e) {
            throw new InvalidModelException("a file of " + manifest.id() + " cannot be read: " + e, e);
        }
        if (manifest.files().size() != files.paths().size()) {
            throw new InvalidModelException("the manifest names " + manifest.files().size() + " files, and there are "
                    + files.paths().size());
        }
    }

    private void upload(Manifest manifest, ModelFiles files, List<String> uploaded) {
        for (String path : files.paths()) {
            String key = manifest.filesPrefix() + path;
            uploaded.add(key);
            // Nobody else writes under a fresh push, so a key that is taken was taken by a retry of this very upload.
            store.create(key, files.resolve(path));
        }
    }

    private void remove(List<String> uploaded) {
        for (String key : uploaded) {
            try {
                store.delete(key);
            } catch (StoreException e) {
                LOG.warn("{} belongs to no version and could not be removed: {}", key, e.getMessage());
            }
        }
    }
}
