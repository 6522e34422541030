package io.modelyard.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Singleton;

import java.util.concurrent.CompletionStage;

/**
 * One type alone, by what its callers rely on: nothing of it changes when a version follows another that keeps the contract, or
 * from replica to replica. For clients that are made from it and checked against it.
 */
@Singleton
final class ContractDescription {
    private static final int KEPT = 64;

    private final FixedDescription fixed;
    private final ServedTypes types;
    /** By type, made from the version with that digest, whose signature never changes. */
    private final KeptDocuments<String, String> kept = new KeptDocuments<>(KEPT);

    ContractDescription(FixedDescription fixed, ServedTypes types) {
        this.fixed = fixed;
        this.types = types;
    }

    CompletionStage<ApiDocument> of(String type) {
        return types.contract(type).thenApply(
                served -> kept.get(type, served.model().digest(), () -> made(served.contract())));
    }

    private ApiDocument made(ServedType served) {
        ObjectNode tree = fixed.copy();
        ModelNames names = new ModelNames(LiveDescription.names(tree));
        String name = names.of(served.type());
        ObjectNode schemas = (ObjectNode) tree.at("/components/schemas");
        new ModelSchemas(served, name, schemas).put();
        ObjectNode paths = tree.objectNode();
        String path = "/predict/" + served.type();
        ModelOperation operation = new ModelOperation(served, name);
        paths.putObject(path).set("post", operation.ofContract((ObjectNode) tree.at("/paths/~1predict~1{type}/post")));
        paths.putObject(path + "/{version}").set("post", operation.ofOneVersion(
                (ObjectNode) tree.at("/paths/~1predict~1{type}~1{version}/post")));
        tree.set("paths", paths);
        tree.remove("tags");
        ((ObjectNode) tree.get("info")).put("title", "Modelyard: " + served.type()).put("description",
                "Predictions with `" + served.type() + "`. This document changes only when their contract does.");
        ApiDocument.prune(tree);
        return ApiDocument.of(tree);
    }
}
