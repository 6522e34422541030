package io.modelyard.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelyard.registry.RegistrySnapshot;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The whole API as it stands: the fixed part, and a path for every type that the caller sees, as far as the budget goes. Made
 * anew only when another version answers, is published or known better. Safe for use by many threads.
 */
@Singleton
final class LiveDescription {
    /** Documents are kept for so many different sets of visible types, which keys have. */
    private static final int KEPT = 8;
    private static final String TEMPLATE = "/paths/~1predict~1{type}/post";

    private final FixedDescription fixed;
    private final ServedTypes types;
    private final OpenApiConfiguration budget;
    /** By the types that a caller may see. */
    private final KeptDocuments<Set<String>, Selection> kept = new KeptDocuments<>(KEPT);

    /**
     * What a document is about.
     *
     * @param known of each type with a path, the digest of the version that answers, and whether its signature is known
     * @param visible how many types there are to be seen
     */
    private record Selection(List<String> known, int visible) {}

    LiveDescription(FixedDescription fixed, ServedTypes types, OpenApiConfiguration budget) {
        this.fixed = fixed;
        this.types = types;
        this.budget = budget;
    }

    /** @param visible the types that the caller may see; empty means all */
    ApiDocument of(Set<String> visible) {
        RegistrySnapshot snapshot = types.snapshot();
        Collection<String> seen = seen(snapshot.types(), visible);
        List<ServedType> served = first(snapshot.defaultType().orElse(null), seen)
                .flatMap(type -> types.answering(snapshot, type).stream()).limit(budget.maxTypes()).toList();
        Selection selection = new Selection(served.stream()
                .map(each -> each.model().digest() + (each.signature() == null ? "?" : "")).toList(), seen.size());
        return kept.get(visible, selection, () -> made(served, seen.size()));
    }

    private static Collection<String> seen(Set<String> all, Set<String> visible) {
        return visible.isEmpty() ? all : visible.stream().filter(all::contains).sorted().toList();
    }

    /** The default type, which most callers are after, stands first. */
    private static Stream<String> first(@Nullable String type, Collection<String> seen) {
        return type == null || !seen.contains(type)
                ? seen.stream()
                : Stream.concat(Stream.of(type), seen.stream().filter(other -> !other.equals(type)));
    }

    private ApiDocument made(List<ServedType> served, int visible) {
        ObjectNode tree = fixed.copy();
        ObjectNode template = (ObjectNode) tree.at(TEMPLATE);
        ObjectNode paths = (ObjectNode) tree.get("paths");
        ObjectNode schemas = (ObjectNode) tree.at("/components/schemas");
        ModelNames names = new ModelNames(names(tree));
        List<String> told = new ArrayList<>();
        ObjectNode own = tree.objectNode();
        int bytes = 0;
        for (ServedType each : served) {
            String name = names.of(each.type());
            ObjectNode mine = tree.objectNode();
            mine.set("PredictionAnswer", schemas.get("PredictionAnswer"));
            new ModelSchemas(each, name, mine).put();
            ObjectNode path = tree.objectNode();
            path.set("post", new ModelOperation(each, name).ofVersion(template));
            bytes += ApiDocument.size(mine) + ApiDocument.size(path);
            if (bytes > budget.maxBytes()) {
                break;
            }
            schemas.setAll(mine);
            own.set("/predict/" + each.type(), path);
            told.add(each.type());
        }
        // Paths of models come first: they are what people look for.
        own.setAll(paths);
        tree.set("paths", own);
        if (told.size() < visible) {
            ObjectNode info = (ObjectNode) tree.get("info");
            info.put("description", info.path("description").asText() + "\n\n" + told.size() + " of " + visible
                    + " types are described here; `GET /models` lists all, and `GET /openapi/{type}.json` describes each.");
        }
        ApiDocument.prune(tree);
        return ApiDocument.of(tree);
    }

    static List<String> names(ObjectNode tree) {
        List<String> names = new ArrayList<>();
        tree.at("/components/schemas").fieldNames().forEachRemaining(names::add);
        for (JsonNode path : tree.get("paths")) {
            path.forEach(operation -> names.add(operation.path("operationId").asText()));
        }
        return names;
    }
}
