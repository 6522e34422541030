package io.modelyard.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.model.Manifest;
import io.modelyard.model.ServingFailure;
import io.modelyard.publish.ManifestFile;
import io.modelyard.publish.ModelSource;
import io.modelyard.publish.Publisher;
import io.modelyard.runtime.InvalidModelException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says whether models and manifests could be published. */
@Command(name = "validate", sortOptions = false, description = "Says whether models and manifests could be published, and asks the store nothing. A manifest's files are tried where they lie beside it, or as in a store.")
final class Validate extends StoreCommand {
    @Parameters(arity = "1..*", paramLabel = "MODEL", description = "What push takes, or a manifest (.json).")
    private List<Path> models = new ArrayList<>();

    @Option(names = "--type", paramLabel = "<type>", description = "The type that a model would become a version of; by default after its file.")
    private @Nullable String type;

    @Option(names = "--version", paramLabel = "<version>", description = "The version that it would become; ${DEFAULT-VALUE} by default.", defaultValue = "1")
    private String version = "1";

    @Mixin
    private DescriptionOptions description = new DescriptionOptions();

    /** What became of one of them. */
    private record Verdict(String text, ObjectNode document, boolean isValid) {}

    @Override
    ExitCode run(Workbench workbench, Console console) throws Exception {
        List<Verdict> verdicts = new ArrayList<>();
        for (Path model : models) {
            verdicts.add(verdict(workbench, model));
        }
        boolean valid = verdicts.stream().allMatch(Verdict::isValid);
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("status", valid ? "valid" : "invalid");
        ArrayNode all = document.putArray("models");
        verdicts.forEach(verdict -> all.add(verdict.document()));
        console.result(String.join("\n", verdicts.stream().map(Verdict::text).toList()), document);
        return valid ? ExitCode.DONE : ExitCode.REFUSED;
    }

    private Verdict verdict(Workbench workbench, Path model) throws IOException {
        try {
            return ManifestFile.isManifest(model) ? ofManifest(workbench, model) : ofModel(workbench, model);
        } catch (InvalidModelException e) {
            return invalid(model, e.reason());
        } catch (ServingFailure.InvalidManifest e) {
            return invalid(model, e.detail());
        }
    }

    private Verdict ofModel(Workbench workbench, Path model) throws InvalidModelException {
        Draft draft = Draft.of(workbench, StoreCommand.id(type == null ? TypeName.of(model) : type, version), model,
                description.fields());
        workbench.bean(Publisher.class).check(draft.manifest(), draft.source());
        ObjectNode document = facts(model, draft.manifest());
        document.set("manifest", draft.document(workbench));
        return new Verdict(model + " can be published: " + Draft.summary(draft.manifest()), document, true);
    }

    private static Verdict ofManifest(Workbench workbench, Path file) throws InvalidModelException, IOException {
        ManifestFile manifests = workbench.bean(ManifestFile.class);
        Manifest manifest = manifests.read(file);
        Optional<ModelSource> model = manifests.model(file, manifest);
        if (model.isPresent()) {
            workbench.bean(Publisher.class).check(manifest, model.get());
        }
        return new Verdict(file + " is a valid manifest of " + manifest.id() + ": " + Draft.summary(manifest)
                + (model.isPresent() ? "; its model does what it says" : "; its files are not beside it and not tried"),
                facts(file, manifest).put("model_tried", model.isPresent()), true);
    }

    private static ObjectNode facts(Path model, Manifest manifest) {
        ObjectNode facts = JsonNodeFactory.instance.objectNode().put("path", model.toString()).put("status", "valid");
        return facts.setAll(Draft.facts(manifest));
    }

    private static Verdict invalid(Path model, String reason) {
        return new Verdict(model + " cannot be published: " + reason, JsonNodeFactory.instance.objectNode()
                .put("path", model.toString()).put("status", "invalid").put("detail", reason), false);
    }
}
