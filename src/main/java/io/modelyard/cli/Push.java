package io.modelyard.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.cli.RoutingCommand.Changed;
import io.modelyard.model.Manifest;
import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.model.ServingFailure;
import io.modelyard.publish.ModelFinder;
import io.modelyard.publish.Publisher;
import io.modelyard.publish.PushJournal;
import io.modelyard.registry.Publication;
import io.modelyard.registry.Registry;
import io.modelyard.registry.RoutingChanges;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Publishes a model of this machine. */
@Command(name = "push", sortOptions = false, description = "Publishes a model: describes it, proves it by running its examples, uploads the files, and then the manifest. Pushing the same again is no failure; other content under a published version is.")
final class Push extends StoreCommand {
    @Parameters(paramLabel = "MODEL", description = "A model file (.ubj, .json, .onnx), a folder of a SavedModel, or a folder that MLflow saved.")
    private Path model = Path.of("");

    @Option(names = "--type", paramLabel = "<type>", required = true, description = "The type that it becomes a version of.")
    private String type = "";

    @Option(names = "--version", paramLabel = "<version>", description = "The version that it becomes; never one that is there.")
    private @Nullable String version;

    @Mixin
    private DescriptionOptions description = new DescriptionOptions();

    @Option(names = "--activate", description = "Makes it the active version of its type.")
    private boolean activate;

    @Option(names = "--wait", paramLabel = "<url>", description = "Waits until the server there serves it; may be repeated. The key comes from MODELYARD_API_KEY; with the role operate the server is asked to load the version, without it that it is listed is enough.")
    private List<URI> servers = new ArrayList<>();

    @Option(names = "--timeout", paramLabel = "<duration>", description = "How long --wait waits for all servers; ${DEFAULT-VALUE} by default.", defaultValue = "5m")
    private Duration timeout = Duration.ofMinutes(5);

    @Option(names = "--dry-run", description = "Does everything but publish.")
    private boolean dryRun;

    @Override
    void checkArguments() throws Exception {
        id();
        ModelFinder.checkFormat(model);
        for (URI server : servers) {
            new ServerClient(server, null).close();
        }
    }

    @Override
    ExitCode run(Workbench workbench, Console console) throws Exception {
        ModelId id = id();
        Draft draft = Draft.of(workbench, id, model, description.fields());
        Publisher publisher = workbench.bean(Publisher.class);
        if (dryRun) {
            publisher.check(draft.manifest(), draft.source());
            console.result(id + " could be published: " + Draft.summary(draft.manifest()),
                    with(Draft.facts(draft.manifest()).put("status", "valid")).set("manifest",
                            draft.document(workbench)));
            return ExitCode.DONE;
        }
        Publication publication = publisher.push(draft.manifest(), draft.source(), workbench.bean(PushJournal.class),
                Progress.on(console, workbench));
        follow(workbench, publication, console);
        return ExitCode.DONE;
    }

    /** What comes after the version is there: nothing of it takes the version back. */
    private void follow(Workbench workbench, Publication publication, Console console) throws InterruptedException {
        Model published = publication.model();
        String store = workbench.bean(Registry.class).location();
        ObjectNode document = document(publication, store);
        StringBuilder text = new StringBuilder(sentence(publication, store));
        try {
            if (activate) {
                Changed changed = activate(workbench, published);
                text.append('\n').append(Activate.sentence(changed, false));
                document.set("activation", RoutingCommand.document(changed));
            }
            ArrayNode served = document.putArray("served");
            long start = System.nanoTime();
            for (URI server : servers) {
                Waiting.Served there = await(server, workbench, published,
                        timeout.minusNanos(System.nanoTime() - start), console);
                text.append('\n').append(published.id()).append(there.state().equals("READY")
                        ? " is served at "
                        : " is listed, and loaded by the first request, at ").append(there.server());
                served.addObject().put("server", there.server().toString()).put("state", there.state());
            }
        } catch (ServingFailure | NotServedException | DeniedException e) {
            console.note(text.toString());
            throw e;
        }
        console.result(text.toString(), with(document));
    }

    private static Changed activate(Workbench workbench, Model published) {
        Standing standing = Standing.of(workbench.snapshot(), published.id().type());
        Model model = standing.served(published.id().version());
        standing.demandContract(model);
        return RoutingCommand.change(workbench, new RoutingChanges(model.id().type(), Author.name(), null), null,
                (changes, newest) -> changes.activate(newest, model, standing.followed()));
    }

    private Waiting.Served await(URI server, Workbench workbench, Model published, Duration patience, Console console)
            throws InterruptedException {
        try (ServerClient client = new ServerClient(server, workbench.apiKey())) {
            return new Waiting(client, published, activate, patience, console, System::nanoTime).await();
        }
    }

    private static String sentence(Publication publication, String store) {
        Manifest manifest = publication.model().manifest();
        String state = switch (publication) {
            case Publication.Created _ -> manifest.id() + " is published in " + store;
            case Publication.AlreadyPublished _ -> manifest.id() + " was already published in " + store + " at "
                    + manifest.createdAt() + (manifest.createdBy() == null ? "" : " by " + manifest.createdBy());
        };
        return state + ": " + Draft.summary(manifest) + ", digest " + publication.model().digest();
    }

    private static ObjectNode document(Publication publication, String store) {
        Manifest manifest = publication.model().manifest();
        return Draft.facts(manifest)
                .put("status", publication instanceof Publication.Created ? "published" : "already_published")
                .put("digest", publication.model().digest()).put("store", store)
                .put("created_at", manifest.createdAt().toString()).put("created_by", manifest.createdBy());
    }

    private ObjectNode with(ObjectNode result) {
        warnings().forEach(result.putArray("warnings")::add);
        return result;
    }

    private ModelId id() {
        if (version == null) {
            throw new BadArgumentException("say which version this is: --version 2, or --version \"$(git describe "
                    + "--tags --always)\" for example; a version is never overwritten");
        }
        return StoreCommand.id(type, version);
    }
}
