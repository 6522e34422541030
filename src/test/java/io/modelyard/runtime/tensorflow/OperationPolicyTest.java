package io.modelyard.runtime.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

final class OperationPolicyTest {
    private static final OperationPolicy STRICT = new OperationPolicy(List.of());

    /** Refused by name although this build of TensorFlow does not have them. */
    private static final Set<String> OF_OTHER_BUILDS = Set.of("TRTEngineOp", "CreateTRTResourceHandle",
            "InitializeTRTResource", "GcsConfigureBlockCache", "GcsConfigureCredentials");

    /** Attributes and inputs with such a name are how an operation is told what to reach. */
    private static final Pattern REACHES_OUT = Pattern.compile(
            "file|path|dir$|directory|ur[il]|address|prefix|pattern|module|protocol|token$|graph_def|subgraph|memory_region");
    /** Kinds of operations that reach out by what they are. */
    private static final Pattern REACHING_KINDS = Pattern.compile(
            "Reader(V2)?$|^Write|File|PyFunc|Rpc|^Remote|Summary(File|Db)|^Collective|^Nccl|DataService|^Debug|^Dump|"
                    + "^(Send|Recv)$|CustomCall|HostCompute|Abort|Heartbeat|TFRecord|LMDB|Sql|Snapshot");

    /**
     * What the patterns above find and was looked at: {@code pattern} of these is a regular expression, {@code token} a
     * number, an identity reader hands on what it is given, and so do the others.
     */
    private static final Set<String> HARMLESS = Set.of("RegexReplace", "RegexFullMatch", "StaticRegexReplace",
            "StaticRegexFullMatch", "ExperimentalSetStatsAggregatorDataset", "SetStatsAggregatorDataset",
            "BoostedTreesCreateEnsemble", "BoostedTreesDeserializeEnsemble", "DebugGradientIdentity",
            "DebugGradientRefIdentity", "DebugNumericSummaryV2", "Snapshot", "IdentityReader", "IdentityReaderV2");
    /** Judged by what their node says, or by where it stands. */
    private static final Set<String> JUDGED_BY_NODE = Set.of("FixedUnigramCandidateSampler",
            "InitializeTableFromTextFile",
            "InitializeTableFromTextFileV2", "Restore", "RestoreSlice", "RestoreV2", "Save", "SaveSlices", "SaveV2",
            "MergeV2Checkpoints", "ShardedFilename", "ShardedFilespec");

    @Test
    void namesOnlyOperationsThatThereAre() {
        Set<String> unknown = new HashSet<>(OperationPolicy.refused());
        unknown.removeAll(NativeLibrary.operations().keySet());
        assertThat(unknown).isEqualTo(OF_OTHER_BUILDS);
        assertThat(NativeLibrary.operations().keySet()).containsAll(OperationPolicy.SAVES)
                .containsAll(OperationPolicy.RESTORES)
                .containsAll(OperationPolicy.TEXT_TABLES);
    }

    /** Fails when a new version of TensorFlow brings operations that somebody has to look at. */
    @Test
    void leavesNoOperationThatLooksAsIfItReachedOut() {
        Set<String> open = new TreeSet<>();
        for (OpDef operation : TensorFlow.registeredOpList().getOpList()) {
            if (reachesOut(operation) && STRICT.objection(node(operation.getName())).isEmpty()) {
                open.add(operation.getName());
            }
        }
        open.removeAll(HARMLESS);
        open.removeAll(JUDGED_BY_NODE);
        assertThat(open).isEmpty();
    }

    @Test
    void refusesWhatIsInternalToTensorFlow() {
        assertThat(STRICT.objection(node("_HostSend"))).isPresent();
    }

    @Test
    void looksAtWhereAnOperationPrints() {
        assertThat(STRICT.objection(with("PrintV2", "output_stream", "stderr"))).isEmpty();
        assertThat(STRICT.objection(with("PrintV2", "output_stream", "file:///tmp/out"))).isPresent();
        assertThat(STRICT.objection(with("DecodeProtoV2", "descriptor_source", "local://"))).isEmpty();
        assertThat(STRICT.objection(with("DecodeProtoV2", "descriptor_source", "/etc/descriptor"))).isPresent();
        assertThat(STRICT.objection(with("FixedUnigramCandidateSampler", "vocab_file", ""))).isEmpty();
        assertThat(STRICT.objection(with("FixedUnigramCandidateSampler", "vocab_file", "/etc/passwd"))).isPresent();
    }

    @Test
    void allowsWhatTheConfigurationNames() {
        OperationPolicy lenient = new OperationPolicy(List.of("ReadFile", "_HostSend"));
        assertThat(lenient.objection(node("ReadFile"))).isEmpty();
        assertThat(lenient.objection(node("_HostSend"))).isEmpty();
        assertThat(lenient.objection(node("WriteFile"))).isPresent();
    }

    private static boolean reachesOut(OpDef operation) {
        return REACHING_KINDS.matcher(operation.getName()).find()
                || operation.getInputArgList().stream().anyMatch(input -> REACHES_OUT.matcher(input.getName()).find())
                || operation.getAttrList().stream().filter(attribute -> attribute.getType().equals("string"))
                        .anyMatch(attribute -> REACHES_OUT.matcher(attribute.getName()).find());
    }

    private static NodeDef node(String operation) {
        return TestSavedModels.nodeOf("node", operation, Map.of());
    }

    private static NodeDef with(String operation, String attribute, String value) {
        return TestSavedModels.nodeOf("node", operation, Map.of(attribute, TestSavedModels.text(value)));
    }
}
