package io.modelyard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.model.ArtifactFile;
import io.modelyard.model.Manifest;
import io.modelyard.model.Model;
import io.modelyard.registry.DocumentFormat;
import io.modelyard.tensor.Feature;
import io.modelyard.tensor.TensorSpec;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Shows one version. */
@Command(name = "show", sortOptions = false, description = "Shows one version: its files, inputs, outputs, and how it stands. With --json the manifest is part of it.")
final class Show extends StoreCommand {
    @Parameters(paramLabel = "TYPE/VERSION", description = "A version, or an alias: penguins/2, penguins/@champion, penguins/@latest.")
    private String name = "";

    @Override
    ExitCode run(Workbench workbench, Console console) {
        VersionName asked = VersionName.parse(name);
        Standing standing = Standing.of(workbench.snapshot(), asked.type());
        Model model = standing.version(asked.version());
        ObjectNode document = document(standing, model);
        document.set("manifest", workbench.bean(DocumentFormat.class).members(model.manifest()));
        console.result(text(standing, model), document);
        return ExitCode.DONE;
    }

    /** The facts of one version, and how it stands. */
    static ObjectNode document(Standing standing, Model model) {
        Manifest manifest = model.manifest();
        ObjectNode document = Draft.facts(manifest).put("digest", model.digest())
                .put("active", standing.isActive(model)).put("created_at", manifest.createdAt().toString())
                .put("created_by", manifest.createdBy());
        standing.aliases(model).forEach(document.putArray("aliases")::add);
        standing.retirement(model).ifPresent(retired -> document.putObject("deleted").put("at", retired.at().toString())
                .put("by", retired.by()).put("reason", retired.reason()));
        return document;
    }

    private static String text(Standing standing, Model model) {
        Manifest manifest = model.manifest();
        Table table = new Table(model.id().toString(), standing.words(model));
        table.row("runtime", manifest.runtime());
        table.row("created", manifest.createdAt() + (manifest.createdBy() == null ? ""
                : " by "
                        + manifest.createdBy()));
        standing.retirement(model).ifPresent(retired -> table.row("deleted", retired.at()
                + (retired.by() == null ? "" : " by " + retired.by())
                + (retired.reason() == null ? "" : ": " + retired.reason())));
        table.row("digest", model.digest());
        manifest.files().stream().sorted(Comparator.comparing(ArtifactFile::path)).forEach(
                file -> table.row("file", file.path() + " (" + Console.size(file.size()) + ", SHA-256 "
                        + file.sha256() + ")"));
        tensors(table, "input", manifest.inputs());
        tensors(table, "output", manifest.outputs());
        table.row("examples", String.valueOf(manifest.examples().size()));
        manifest.runtimeOptions().forEach((option, value) -> table.row("option", option + " = " + value));
        more(table, "preprocessing", manifest.preprocessing());
        more(table, "postprocessing", manifest.postprocessing());
        more(table, "training", manifest.training());
        Map<String, String> labels = new TreeMap<>(manifest.labels());
        labels.forEach((label, value) -> table.row("label", label + " = " + value));
        return table.toString();
    }

    private static void tensors(Table table, String what, List<TensorSpec> tensors) {
        for (TensorSpec tensor : tensors) {
            List<String> names = tensor.labels().isEmpty()
                    ? tensor.features().stream().map(Feature::name).toList()
                    : tensor.labels();
            table.row(what, tensor.name() + " " + tensor.dtype().jsonName() + " " + tensor.shape()
                    + (names.isEmpty() ? "" : ": " + String.join(", ", names)));
        }
    }

    private static void more(Table table, String what, @Nullable JsonNode value) {
        if (value != null && !value.isEmpty()) {
            table.row(what, value.toString());
        }
    }
}
