package io.modelyard.runtime.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import io.modelyard.background.BackgroundThreads;
import io.modelyard.runtime.InvalidModelException;
import io.modelyard.runtime.LoadedModel;
import io.modelyard.runtime.ModelFiles;
import io.modelyard.runtime.ModelRuntime;
import io.modelyard.tensor.Signature;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;

/**
 * Serves ONNX models: one {@code .onnx} file, with its external data beside it where it has some. Where there are
 * several such files, {@code runtime_options.file} names the one.
 */
@Singleton
final class OnnxRuntime implements ModelRuntime {
    private static final String FILE = "file";
    private static final long LARGEST = Integer.MAX_VALUE - 1024;

    private final SessionOpener sessions;

    @Inject
    OnnxRuntime(OnnxOptions options, BackgroundThreads background) {
        this(options, background.ordinary());
    }

    OnnxRuntime(OnnxOptions options, Executor ordinary) {
        this.sessions = new SessionOpener(options, ordinary);
    }

    @Override
    public String name() {
        return "onnx";
    }

    @Override
    public String library() {
        return Library.version();
    }

    @Override
    public void initialise() {
        Library.environment();
    }

    @Override
    public boolean namesTensors() {
        return true;
    }

    @Override
    public boolean recognises(ModelFiles files) {
        return candidates(files).size() == 1;
    }

    @Override
    public LoadedModel load(ModelFiles files) throws InvalidModelException {
        String file = modelFile(files);
        Path path = files.resolve(file);
        try (Arena memory = Arena.ofConfined(); FileChannel channel = FileChannel.open(path)) {
            if (channel.size() == 0) {
                throw new InvalidModelException(file + " is empty; push it again");
            }
            if (channel.size() > LARGEST) {
                throw new InvalidModelException(file + " has " + channel.size() + " bytes, more than a protobuf file "
                        + "can have; save the model with external data");
            }
            MemorySegment bytes = channel.map(MapMode.READ_ONLY, 0, channel.size(), memory);
            OnnxOutline outline = outline(file, bytes);
            ExternalFiles.check(files, file, outline.external());
            return model(file, outline, sessions.open(file, path, bytes, outline));
        } catch (NoSuchFileException e) {
            throw new InvalidModelException(file + " is not there", e);
        } catch (IOException e) {
            throw new InvalidModelException(file + " could not be read (" + e.getClass().getSimpleName() + ")", e);
        }
    }

    private static List<String> candidates(ModelFiles files) {
        JsonNode named = files.options().get(FILE);
        return files.paths().stream()
                .filter(path -> path.toLowerCase(Locale.ROOT).endsWith(".onnx"))
                .filter(path -> named == null || named.asText().equals(path)).toList();
    }

    private static String modelFile(ModelFiles files) throws InvalidModelException {
        List<String> candidates = candidates(files);
        if (candidates.size() == 1) {
            return candidates.getFirst();
        }
        JsonNode named = files.options().get(FILE);
        if (named != null) {
            throw new InvalidModelException("runtime_options.file names " + named + ", and there is no such .onnx file "
                    + "among " + files.paths());
        }
        throw new InvalidModelException(candidates.isEmpty()
                ? "there is no .onnx file among " + files.paths()
                : "there are several .onnx files, " + candidates + "; name one in runtime_options.file");
    }

    private static OnnxOutline outline(String file, MemorySegment bytes) throws InvalidModelException {
        try {
            return OutlineReader.read(bytes);
        } catch (MalformedProtobufException e) {
            throw new InvalidModelException(file + " is no ONNX model, or not the whole of one: " + e.getMessage(), e);
        }
    }

    private static LoadedModel model(String file, OnnxOutline outline, OrtSession session)
            throws InvalidModelException {
        boolean loaded = false;
        try {
            LoadedModel model = describe(file, outline, session);
            loaded = true;
            return model;
        } catch (OrtException e) {
            throw new InvalidModelException(file + ": " + LibraryMessage.readable(e), e);
        } finally {
            if (!loaded) {
                close(session);
            }
        }
    }

    private static LoadedModel describe(String file, OnnxOutline outline, OrtSession session)
            throws InvalidModelException, OrtException {
        List<String> warnings = new ArrayList<>();
        Signature declared = new SignatureReader(file, outline).read(session);
        OnnxModel model = new OnnxModel(Library.environment(), session, declared, warnings);
        Signature learned = new OutputShapes(file, outline.shapeless(), warnings).learn(model);
        return new OnnxModel(Library.environment(), session, learned, warnings);
    }

    private static void close(OrtSession session) {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("the session could not be freed: " + LibraryMessage.readable(e), e);
        }
    }
}
