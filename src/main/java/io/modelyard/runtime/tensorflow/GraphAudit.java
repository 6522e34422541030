package io.modelyard.runtime.tensorflow;

import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.tensorflow.GraphProgram.Place;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.AssetFileDef;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Judges a graph as a program before anything of it runs.
 *
 * <ul>
 * <li>An operation that {@link OperationPolicy} refuses may stand nowhere in it, used or not.
 * <li>Reading variables from a file happens in the graph too. It may be reached only from the operation that the loader
 * runs to restore the variables, and only with the file name that the loader gives.
 * <li>Writing variables to a file is in nearly every SavedModel. Nothing that runs here may reach it.
 * <li>A table may be filled from a text file where the name of the file can only be that of an asset of the model, and
 * not by a request.
 * </ul>
 */
final class GraphAudit {
    private static final String INIT_SIGNATURE = "__saved_model_init_op";
    private static final List<String> INIT_COLLECTIONS = List.of("saved_model_main_op", "legacy_init_op");

    private final MetaGraphDef metaGraph;
    private final GraphProgram program;
    private final OperationPolicy policy;
    private final Map<String, OpDef> operations;

    /** @param operations all that are compiled into TensorFlow */
    GraphAudit(MetaGraphDef metaGraph, OperationPolicy policy, Map<String, OpDef> operations) {
        this.metaGraph = metaGraph;
        this.program = new GraphProgram(metaGraph.getGraphDef());
        this.policy = policy;
        this.operations = operations;
    }

    /** Refuses what may not even be loaded. */
    void checkLoading(List<AssetFileDef> assets) throws InvalidModelException {
        Set<String> assetTensors = new HashSet<>();
        assets.forEach(asset -> assetTensors.add(asset.getTensorInfo().getName()));
        TensorOrigin assetNames = new TensorOrigin(program, assetTensors);
        for (Place place : program.places()) {
            String operation = place.node().getOp();
            String objection = policy.objection(place.node()).orElse(null);
            if (objection != null) {
                throw refusal(place, objection);
            }
            if (place.function() == null) {
                refuseUnknown(place);
            }
            if (OperationPolicy.TEXT_TABLES.contains(operation) && !policy.allows(operation)
                    && !assetNames.isKnown(place, 1)) {
                throw refusal(place, "reads a file that is not for certain one of the model's assets");
            }
        }
        new GraphStructure(program, operations).check();
        refuseVariableFiles(initialisers(), "when the model is initialised", null);
        refuseVariableFiles(List.of(metaGraph.getSaverDef().getRestoreOpName()), "when the variables are restored",
                new TensorOrigin(program, Set.of(metaGraph.getSaverDef().getFilenameTensorName())));
    }

    /** Refuses a signature whose outputs need what only the loader may run. */
    void checkServing(String name, SignatureDef signature) throws InvalidModelException {
        List<String> fetched = signature.getOutputsMap().values().stream().map(TensorInfo::getName).toList();
        String when = "when signature '" + name + "' is served";
        refuseVariableFiles(fetched, when, null);
        for (Place place : program.runsFor(fetched)) {
            refuseUnknown(place);
            String operation = place.node().getOp();
            if (OperationPolicy.TEXT_TABLES.contains(operation) && !policy.allows(operation)) {
                throw refusal(place, "would read a file " + when);
            }
        }
    }

    /** Whether outputs of the signature depend on variables. */
    boolean usesVariables(SignatureDef signature) {
        List<String> fetched = signature.getOutputsMap().values().stream().map(TensorInfo::getName).toList();
        return program.runsFor(fetched).stream()
                .anyMatch(place -> Set.of("VarHandleOp", "VariableV2", "Variable").contains(place.node().getOp()));
    }

    /** @param restoredName origin of the one file name that may be read, or null where none may */
    private void refuseVariableFiles(List<String> roots, String when, @Nullable TensorOrigin restoredName)
            throws InvalidModelException {
        for (Place place : program.runsFor(roots)) {
            String operation = place.node().getOp();
            if (policy.allows(operation)) {
                continue;
            }
            if (OperationPolicy.SAVES.contains(operation)) {
                throw refusal(place, "would write a file " + when);
            }
            if (OperationPolicy.RESTORES.contains(operation)
                    && (restoredName == null || !restoredName.isKnown(place, 0))) {
                throw refusal(place, "would read a file " + when + " that is not the model's variables");
            }
        }
    }

    private void refuseUnknown(Place place) throws InvalidModelException {
        String operation = place.node().getOp();
        if (!operations.containsKey(operation) && program.function(operation) == null) {
            throw new InvalidModelException("operation '" + operation + "' (" + place + ") is not part of TensorFlow: "
                    + "it comes from a custom operation library such as TensorFlow Text, and those are not served. "
                    + "Export the model without it");
        }
    }

    /** What the loader runs once the variables are restored. */
    private List<String> initialisers() {
        List<String> roots = new ArrayList<>();
        metaGraph.getSignatureDefOrDefault(INIT_SIGNATURE, SignatureDef.getDefaultInstance()).getOutputsMap().values()
                .forEach(output -> roots.add(output.getName()));
        for (String collection : INIT_COLLECTIONS) {
            roots.addAll(
                    metaGraph.getCollectionDefOrDefault(collection, CollectionDef.getDefaultInstance()).getNodeList()
                            .getValueList());
        }
        return roots;
    }

    private static InvalidModelException refusal(Place place, String objection) {
        String operation = place.node().getOp();
        return new InvalidModelException("operation '" + operation + "' (" + place + ") " + objection
                + ", and a graph runs with the rights of the server. Export the model without it, or, where all who can "
                + "publish models are trusted, add " + operation
                + " to modelyard.runtime.tensorflow.allow-operations");
    }
}
