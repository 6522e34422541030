package io.modelyard.runtime.tensorflow;

import org.tensorflow.proto.NodeDef;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which operations a graph may not use. A SavedModel is a program that runs with the rights of this server, and whoever
 * may push a model need not be trusted with those. So operations are refused that reach out of the model: to files,
 * to other processes, to code that the graph does not show. What only computes may stay, and what a SavedModel needs to
 * keep its own variables and vocabularies is judged by where it stands: see {@link GraphAudit}.
 *
 * <p>The list was made by going through all operations of TensorFlow 2.18. An operation that is not compiled into the
 * library (of a custom operation library) cannot be loaded at all.
 */
final class OperationPolicy {
    /** Write the values of variables into files. */
    static final Set<String> SAVES = Set.of("Save", "SaveV2", "SaveSlices", "MergeV2Checkpoints");
    /** Read the values of variables from files; input 0 is the name of the file. */
    static final Set<String> RESTORES = Set.of("Restore", "RestoreSlice", "RestoreV2");
    /** Fill a table from a text file; input 1 is the name of the file. */
    static final Set<String> TEXT_TABLES = Set.of("InitializeTableFromTextFile", "InitializeTableFromTextFileV2");

    private static final Map<String, Set<String>> REFUSED = Map.of( //
            "reads files of the server",
            Set.of("ReadFile", "WholeFileReader", "WholeFileReaderV2", "TextLineReader", "TextLineReaderV2",
                    "FixedLengthRecordReader", "FixedLengthRecordReaderV2", "TFRecordReader", "TFRecordReaderV2",
                    "LMDBReader", "RecordInput", "Skipgram", "ImmutableConst", "MatchingFiles", "MatchingFilesDataset",
                    "ExperimentalMatchingFilesDataset", "TextLineDataset", "FixedLengthRecordDataset",
                    "FixedLengthRecordDatasetV2", "TFRecordDataset", "TFRecordDatasetV2", "CSVDataset", "CSVDatasetV2",
                    "ExperimentalCSVDataset", "LMDBDataset", "ExperimentalLMDBDataset", "LoadDataset",
                    "ListSnapshotChunksDataset", "SnapshotChunkDataset", "SnapshotDatasetReader",
                    "SnapshotNestedDatasetReader", "LoadAndRemapMatrix", "GenerateVocabRemapping", "DTensorRestoreV2"),
            "writes files on the server",
            Set.of("WriteFile", "DumpTensor", "CacheDataset", "CacheDatasetV2", "SnapshotDataset", "SnapshotDatasetV2",
                    "SaveDataset", "SaveDatasetV2", "DistributedSave", "DatasetToTFRecord",
                    "ExperimentalDatasetToTFRecord", "CalibrationStatisticsSaver", "SummaryWriter",
                    "CreateSummaryFileWriter", "CreateSummaryDbWriter", "FlushSummaryWriter", "CloseSummaryWriter",
                    "WriteSummary", "WriteAudioSummary", "WriteGraphSummary", "WriteHistogramSummary",
                    "WriteImageSummary", "WriteRawProtoSummary", "WriteScalarSummary", "ImportEvent",
                    "StatsAggregatorSetSummaryWriter"),
            "sends what passes through it to files or to other hosts",
            Set.of("DebugIdentity", "DebugIdentityV2", "DebugIdentityV3", "DebugNanCount", "DebugNumericSummary"),
            "reads and writes a database",
            Set.of("SqlDataset", "ExperimentalSqlDataset"),
            "runs code that is not in the graph",
            Set.of("PyFunc", "PyFuncStateless", "EagerPyFunc", "XlaLaunch", "XlaLaunchV2", "XlaCustomCall",
                    "XlaCustomCallV2", "XlaHostCompute", "XlaSendToHost", "XlaRecvFromHost", "TRTEngineOp",
                    "CreateTRTResourceHandle", "InitializeTRTResource"),
            "runs a program that is hidden in its data",
            Set.of("DatasetFromGraph", "XlaCallModule", "MlirPassthroughOp", "TfLiteSubgraphExecute"),
            "talks to other processes",
            Set.of("RemoteCall", "RpcCall", "RpcCheckStatus", "RpcClient", "RpcGetValue", "RpcServer",
                    "RpcServerRegister", "RpcServerStart", "DeleteRpcFutureResource", "DataServiceDataset",
                    "DataServiceDatasetV2", "DataServiceDatasetV3", "DataServiceDatasetV4", "RegisterDataset",
                    "RegisterDatasetV2", "Send", "Recv", "CollectiveAllToAllV2", "CollectiveAllToAllV3",
                    "CollectiveAssignGroupV2", "CollectiveBcastRecv", "CollectiveBcastRecvV2", "CollectiveBcastSend",
                    "CollectiveBcastSendV2", "CollectiveGather", "CollectiveGatherV2",
                    "CollectiveInitializeCommunicator", "CollectivePermute", "CollectiveReduce", "CollectiveReduceV2",
                    "CollectiveReduceV3", "CollectiveReduceScatterV2", "NcclAllReduce", "NcclBroadcast", "NcclReduce"),
            "changes how the server reaches file systems",
            Set.of("FileSystemSetConfiguration", "GcsConfigureBlockCache", "GcsConfigureCredentials"),
            "can end the process", Set.of("Abort", "WorkerHeartbeat"));

    private static final Map<String, String> WHY = why();

    private final Set<String> allowed;

    OperationPolicy(Collection<String> allowed) {
        this.allowed = Set.copyOf(allowed);
    }

    /** Every operation that is refused by its name. */
    static Set<String> refused() {
        return WHY.keySet();
    }

    boolean allows(String operation) {
        return allowed.contains(operation);
    }

    /** What a node may not do, if it may not: a half sentence. */
    Optional<String> objection(NodeDef node) {
        String operation = node.getOp();
        if (allows(operation)) {
            return Optional.empty();
        }
        String why = WHY.get(operation);
        if (why != null) {
            return Optional.of(why);
        }
        return switch (operation) {
            case "PrintV2" -> text(node, "output_stream").startsWith("file:")
                    ? Optional.of("writes files on the server")
                    : Optional.empty();
            case "FixedUnigramCandidateSampler" -> text(node, "vocab_file").isEmpty()
                    ? Optional.empty()
                    : Optional.of("reads files of the server");
            case "EncodeProto", "DecodeProtoV2" -> readsDescriptor(text(node, "descriptor_source"))
                    ? Optional.of("reads files of the server")
                    : Optional.empty();
            // TensorFlow's own names for what it makes of a graph while it runs it; no exporter writes them.
            default -> operation.startsWith("_")
                    ? Optional.of("is internal to TensorFlow and was not checked")
                    : Optional.empty();
        };
    }

    private static boolean readsDescriptor(String source) {
        return !source.isEmpty() && !source.startsWith("local://") && !source.startsWith("bytes://");
    }

    private static String text(NodeDef node, String attribute) {
        return node.containsAttr(attribute) ? node.getAttrOrThrow(attribute).getS().toStringUtf8() : "";
    }

    private static Map<String, String> why() {
        Map<String, String> why = new HashMap<>();
        REFUSED.forEach((reason, operations) -> operations.forEach(operation -> why.put(operation, reason)));
        return Map.copyOf(why);
    }
}
