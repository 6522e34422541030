package io.modelyard.runtime.tensorflow;

import io.modelyard.background.BackgroundThreads;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.LoadedModel;
import io.modelyard.runtime.ModelFiles;
import io.modelyard.runtime.ModelRuntime;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.MetaGraphDef;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Serves SavedModels by TensorFlow. A manifest's {@code runtime_options} may have
 * <ul>
 * <li>{@code signature}: the signature to serve, {@code serving_default} where none is named;
 * <li>{@code tags}: those of the graph to load, {@code serve} where none are named;
 * <li>{@code path}: the folder of the SavedModel, where the artifact has several at the same depth;
 * <li>{@code shapes}: shapes of inputs and outputs by name, needed where the model does not even say their rank;
 * <li>{@code base64}: names of string inputs and outputs that hold bytes and stand as base64 in requests and answers.
 * </ul>
 */
@Singleton
final class TensorflowRuntime implements ModelRuntime {
    /** What the library calls it: no hop to another thread and back for each call, and none that would wait for a core. */
    private static final int IN_CALLERS_THREAD = -1;

    private final OperationPolicy policy;
    private final ConfigProto session;
    private final NativeThreads threads;

    @Inject
    TensorflowRuntime(TensorflowConfiguration configuration, BackgroundThreads background) {
        this(configuration, background.ordinary());
    }

    /** @param ordinary starts the threads of the library, which keep its priority */
    TensorflowRuntime(TensorflowConfiguration configuration, Executor ordinary) {
        policy = new OperationPolicy(configuration.allowOperations());
        session = ConfigProto.newBuilder().setIntraOpParallelismThreads(configuration.intraOpThreads())
                .setInterOpParallelismThreads(
                        configuration.interOpThreads() == 0 ? IN_CALLERS_THREAD : configuration.interOpThreads())
                .build();
        threads = new NativeThreads(session, ordinary);
    }

    @Override
    public String name() {
        return "tensorflow";
    }

    @Override
    public String library() {
        return "tensorflow " + NativeLibrary.VERSION;
    }

    @Override
    public void initialise() {
        NativeLibrary.operations();
    }

    @Override
    public boolean recognises(ModelFiles files) {
        return SavedModelFolder.isIn(files);
    }

    @Override
    public boolean namesTensors() {
        return true;
    }

    @Override
    public LoadedModel load(ModelFiles files) throws InvalidModelException {
        LoadOptions options = LoadOptions.of(files.options());
        SavedModelFolder model = SavedModelFolder.open(files, options);
        GraphAudit audit = new GraphAudit(model.metaGraph(), policy, NativeLibrary.operations());
        audit.checkLoading(model.assets());
        threads.start();
        NativeSession loaded = NativeSession.load(model.folder(), options.tags(), session);
        boolean served = false;
        try {
            LoadedModel serving = serve(loaded, model, audit, options);
            served = true;
            return serving;
        } finally {
            if (!served) {
                loaded.close();
            }
        }
    }

    private static LoadedModel serve(NativeSession loaded, SavedModelFolder model, GraphAudit audit,
            LoadOptions options)
            throws InvalidModelException {
        MetaGraphDef metaGraph = model.metaGraph();
        SignatureChoice choice = SignatureChoice.of(metaGraph.getSignatureDefMap(), options,
                new SignatureBinder(loaded, options));
        audit.checkServing(choice.name(), choice.definition());
        if (!model.hasVariables() && !metaGraph.getSaverDef().getRestoreOpName().isEmpty()
                && audit.usesVariables(choice.definition())) {
            throw new InvalidModelException("the model has variables, but there is no variables/variables.index beside "
                    + "saved_model.pb: push the whole folder");
        }
        List<String> warnings = new ArrayList<>(choice.warnings());
        options.unknown().forEach(option -> warnings.add("runtime_options." + option + " means nothing to TensorFlow"));
        return new TensorflowModel(loaded, choice.bound(), warnings);
    }
}
