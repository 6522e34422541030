package io.modelyard.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.model.Manifest;
import io.modelyard.model.Model;
import io.modelyard.registry.RegistrySnapshot;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.Objects;

/** Lists what is published. */
@Command(name = "list", sortOptions = false, description = "Lists the published versions of all types, or of one, the latest first.")
final class ListVersions extends StoreCommand {
    @Parameters(arity = "0..1", paramLabel = "TYPE", description = "Only this type.")
    private @Nullable String type;

    @Override
    ExitCode run(Workbench workbench, Console console) {
        RegistrySnapshot snapshot = workbench.snapshot();
        List<Standing> types = (type == null ? List.copyOf(snapshot.types()) : List.of(type)).stream()
                .map(each -> Standing.of(snapshot, each)).toList();
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        types.stream().map(ListVersions::document).forEach(document.putArray("types")::add);
        ArrayNode quarantine = document.putArray("quarantine");
        snapshot.quarantine().forEach(entry -> quarantine.addObject().put("key", entry.key()).put("reason",
                entry.reason()));
        console.result(text(types), document);
        snapshot.quarantine()
                .forEach(entry -> console.note(entry.key() + " is in quarantine: " + entry.reason()));
        return ExitCode.DONE;
    }

    private static String text(List<Standing> types) {
        if (types.isEmpty()) {
            return "nothing is published";
        }
        Table table = new Table("TYPE", "VERSION", "STATE", "RUNTIME", "SIZE", "CREATED", "BY");
        for (Standing standing : types) {
            for (Model model : standing.view().versions()) {
                Manifest manifest = model.manifest();
                table.row(manifest.type(), manifest.version(), standing.words(model), manifest.runtime(),
                        Console.size(manifest.totalSize()), manifest.createdAt().toString(),
                        Objects.requireNonNullElse(manifest.createdBy(), ""));
            }
        }
        return table.toString();
    }

    private static ObjectNode document(Standing standing) {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("type", standing.view().type())
                .put("active_version", standing.active().map(model -> model.id().version()).orElse(null))
                .put("follows_latest", standing.followsLatest())
                .put("revision", standing.view().routing().map(routing -> routing.revision()).orElse(0L));
        ArrayNode versions = document.putArray("versions");
        standing.view().versions().forEach(model -> versions.add(Show.document(standing, model)));
        return document;
    }
}
