package io.modelyard.publish;

import io.modelyard.model.Manifest;
import io.modelyard.model.ModelId;
import io.modelyard.model.Routing;
import io.modelyard.model.ServingFailure;
import io.modelyard.publish.ModelReceiver.Received;
import io.modelyard.registry.Publication;
import io.modelyard.registry.Registry;
import io.modelyard.runtime.InvalidModelException;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/**
 * Publishes for those who can only send a request. What they send is on this disk as long as it is received and tried, a few
 * at a time, and never in memory as a whole. Safe for use by many threads; it blocks.
 */
@Singleton
final class SentModels {
    private static final Logger LOG = LoggerFactory.getLogger(SentModels.class);
    private static final Duration COME_BACK = Duration.ofSeconds(5);

    private final ModelReceiver receiver;
    private final ModelFinder finder;
    private final ManifestInference inference;
    private final Publisher publisher;
    private final Registry registry;
    private final PublishConfiguration configuration;
    private final ExecutorService threads;
    private final Semaphore places;

    SentModels(ModelReceiver receiver, ModelFinder finder, ManifestInference inference, Publisher publisher,
            Registry registry, PublishConfiguration configuration, ReceiveConfiguration limits,
            @Named(PublishThreads.NAME) ExecutorService threads) {
        this.receiver = receiver;
        this.finder = finder;
        this.inference = inference;
        this.publisher = publisher;
        this.registry = registry;
        this.configuration = configuration;
        this.threads = threads;
        this.places = new Semaphore(limits.maxUploads());
    }

    /**
     * A request to publish.
     *
     * @param by the name of the caller's key
     * @param length of the body in bytes; negative where it is not known
     * @param contentType empty where there is none
     * @param fileName null where it is told by the content
     */
    record Sending(ModelId id, String by, long length, String contentType, @Nullable String fileName) {}

    /**
     * Reads the body and publishes what is in it.
     *
     * @throws ServingFailure that says why it is not published; nothing is left of it then
     */
    Publication publish(Sending sending, InputStream body) {
        refuseDeleted(sending.id());
        if (!places.tryAcquire()) {
            throw ServingFailure.Overloaded
                    .queueFull("as many models are being sent to this server as it takes at a time"
                            + " (modelyard.publish.max-uploads)", COME_BACK);
        }
        try (WorkFolder folder = WorkFolder.create(configuration.workDirectory(), "put-")) {
            demandRoom(folder.path(), sending.length());
            Received received = receiver.receive(body, sending.contentType(), sending.fileName(), folder.path());
            return onFewThreads(sending, received, folder.path());
        } catch (IOException e) {
            throw ReceivedFiles.disk(e);
        } finally {
            places.release();
        }
    }

    private void refuseDeleted(ModelId id) {
        Routing.Retirement retired = registry.current().routing(id.type())
                .flatMap(routing -> routing.retirement(id.version())).orElse(null);
        if (retired != null) {
            throw new ServingFailure.VersionDeleted(id, retired);
        }
    }

    private static void demandRoom(Path folder, long length) throws IOException {
        long room = Files.getFileStore(folder).getUsableSpace();
        if (length > room) {
            throw new IOException("there is room for " + room + " bytes and the body has " + length);
        }
    }

    private Publication onFewThreads(Sending sending, Received received, Path folder) {
        Future<Publication> published;
        try {
            published = threads.submit(() -> publish(sending, received, folder));
        } catch (RejectedExecutionException closed) {
            throw ServingFailure.Unavailable.shuttingDown();
        }
        try {
            return published.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ServingFailure.Unavailable.shuttingDown();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof ServingFailure failure ? failure
                    : new IllegalStateException(sending.id() + " could not be published", e.getCause());
        }
    }

    private Publication publish(Sending sending, Received received, Path folder) {
        if (received.fields().says("created_by")) {
            throw new ServingFailure.InvalidManifest(
                    "/created_by: leave it out; it is the name of the key that publishes,"
                            + " '" + sending.by() + "'");
        }
        try {
            ModelSource source = finder.find(received.model());
            Manifest manifest = inference.infer(sending.id(), source, sending.by(), received.fields());
            Publication publication = publisher.push(manifest, source);
            LOG.info("{} was sent by {}: {}", sending.id(), sending.by(),
                    publication instanceof Publication.Created ? "published" : "it was published already");
            return publication;
        } catch (InvalidModelException e) {
            throw new ServingFailure.InvalidModel(withoutFolder(e.reason(), received.model(), folder), e);
        }
    }

    /** Where the files lie on this server is nothing that the caller knows. */
    private static String withoutFolder(String reason, Path model, Path folder) {
        return reason.replace(model + "/", "").replace(folder + "/", "").replace(model.getParent() + "/", "")
                .replace(model.toString(), "what was sent");
    }
}
