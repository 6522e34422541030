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
import io.modelyard.trial.Trials;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.OptionalLong;

/**
 * Publishes a version: proves that the files do what the manifest says, uploads them, and then creates the manifest. Until
 * that last step nobody can see anything of it, and of two publishers of one version neither touches the other's files. The
 * store is only written to, unless the version is there already. Safe for use by many threads; all methods block, and have
 * the model loaded by a child process, where trials are on.
 */
@Singleton
public final class Publisher {
    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);

    private final ObjectStore store;
    private final RegistryWriter registry;
    private final Trials trials;

    public Publisher(ObjectStore store, RegistryWriter registry, Trials trials) {
        this.store = store;
        this.registry = registry;
        this.trials = trials;
    }

    /**
     * Proves that the version could be published, without the store.
     *
     * @throws InvalidModelException if the files cannot be served or are not what the manifest says
     * @throws ServingFailure.InvalidManifest if a server would not read the manifest
     */
    public void check(Manifest manifest, ModelSource source) throws InvalidModelException {
        registry.check(manifest);
        demandFiles(manifest, source.files());
        ModelFiles files = new ModelFiles(source.files().root(), source.files().paths(), manifest.runtimeOptions());
        if (trials.areOn()) {
            trials.demand(manifest, files, OptionalLong.empty());
            return;
        }
        try (DescribedModel model = DescribedModel.load(source.runtime(), files, manifest)) {
            ExampleCheck.check(model, manifest);
        }
    }

    /**
     * Publishes files of the local disk under a push of their own. Where it is certain that nothing comes of it, what was
     * uploaded is removed.
     *
     * @param manifest whose push does not count
     * @param source whose files must be those of the manifest
     * @throws InvalidModelException as {@link #check} does
     * @throws ServingFailure.InvalidManifest as {@link #check} does
     * @throws ServingFailure.Conflict if the version is there with other content
     * @throws ServingFailure.Unavailable if the store fails
     */
    public Publication push(Manifest manifest, ModelSource source) throws InvalidModelException {
        check(manifest, source);
        return push(manifest, source, OpenPush.unremembered(), UploadProgress.NONE);
    }

    /** As {@link #push(Manifest, ModelSource)}, going on with a push that broke off; what is uploaded is remembered. */
    public Publication push(Manifest manifest, ModelSource source, PushJournal journal, UploadProgress progress)
            throws InvalidModelException {
        check(manifest, source);
        return push(manifest, source, journal.open(store.location(), manifest), progress);
    }

    /**
     * Publishes files that lie in the store already.
     *
     * @param manifest whose push says under which key the files lie
     * @param source a local copy of them
     * @throws InvalidModelException as {@link #push} does, and the other failures too
     */
    public Publication publishWhereTheyLie(Manifest manifest, ModelSource source) throws InvalidModelException {
        check(manifest, source);
        return registry.publish(manifest);
    }

    private Publication push(Manifest manifest, ModelSource source, OpenPush push, UploadProgress progress)
            throws InvalidModelException {
        Manifest pushed = manifest.withPush(push.id());
        try {
            new Upload(store, pushed, push, progress).run(source.files());
            demandFiles(pushed, source.files());
        } catch (StoreException e) {
            removeUnlessRemembered(push, pushed);
            throw ServingFailure.Unavailable.storeUnavailable(String.valueOf(e.getMessage()), e);
        } catch (InvalidModelException changed) {
            push.forget();
            removeUnlessRemembered(push, pushed);
            throw changed;
        }
        try {
            // Where this fails otherwise, nothing is removed: the version may be there, and need its files.
            Publication publication = registry.publish(pushed);
            push.forget();
            if (!push.id().equals(publication.model().manifest().push())) {
                remove(pushed);
            }
            return publication;
        } catch (ServingFailure.Conflict e) {
            push.forget();
            removeUnlessRemembered(push, pushed);
            throw e;
        }
    }

    /** Another process may go on with a push that is remembered, or have published these files with other words. */
    private void removeUnlessRemembered(OpenPush push, Manifest pushed) {
        if (!push.isRemembered()) {
            remove(pushed);
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

    /** Whoever may not delete leaves the files: those that belong to no version are removed by a server, after a day. */
    private void remove(Manifest pushed) {
        try {
            pushed.files().forEach(file -> store.delete(pushed.filesPrefix() + file.path()));
        } catch (StoreException e) {
            LOG.debug("The files of push {} belong to no version and stay for a while", pushed.push(), e);
        }
    }
}
