package io.modelyard.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.model.Manifest;
import io.modelyard.model.Model;
import io.modelyard.model.ModelId;
import io.modelyard.publish.ModelFinder;
import io.modelyard.publish.Publisher;
import io.modelyard.publish.PushJournal;
import io.modelyard.registry.Publication;
import io.modelyard.registry.Registry;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;

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

    @Option(names = "--dry-run", description = "Does everything but publish.")
    private boolean dryRun;

    @Override
    void checkArguments() throws Exception {
        id();
        ModelFinder.checkFormat(model);
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
                Progress.on(console));
        report(publication, workbench.bean(Registry.class).location(), console);
        return ExitCode.DONE;
    }

    private void report(Publication publication, String store, Console console) {
        Model published = publication.model();
        Manifest manifest = published.manifest();
        String state = switch (publication) {
            case Publication.Created _ -> published.id() + " is published in " + store;
            case Publication.AlreadyPublished _ -> published.id() + " was already published in " + store + " at "
                    + manifest.createdAt() + (manifest.createdBy() == null ? "" : " by " + manifest.createdBy());
        };
        ObjectNode facts = Draft.facts(manifest)
                .put("status", publication instanceof Publication.Created ? "published" : "already_published")
                .put("digest", published.digest()).put("store", store)
                .put("created_at", manifest.createdAt().toString()).put("created_by", manifest.createdBy());
        console.result(state + ": " + Draft.summary(manifest) + ", digest " + published.digest(), with(facts));
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
